import type { Observable } from 'rxjs';
import type { Slot } from '../model/index.ts';
import type { PutOutcome, PvValue } from '../records/index.ts';

/** Database field types of EPICS (facts/ca.md section 3, last lines). */
export type FieldType =
  | 'STRING'
  | 'CHAR'
  | 'UCHAR'
  | 'SHORT'
  | 'USHORT'
  | 'LONG'
  | 'ULONG'
  | 'INT64'
  | 'UINT64'
  | 'FLOAT'
  | 'DOUBLE'
  | 'ENUM'
  | 'MENU'
  | 'DEVICE'
  | 'INLINK'
  | 'OUTLINK'
  | 'FWDLINK';

/** Event classes of a posting and of a subscription, as mask bits. */
export const EventMask = { value: 1, log: 2, alarm: 4, property: 8 } as const;

/** What a field tells beside its value; limits that a record does not have are NaN (alarm) or 0. */
export interface Metadata {
  readonly units: string;
  /** Digits after the decimal point; only floating-point fields have it. */
  readonly precision: number;
  readonly display: { readonly low: number; readonly high: number };
  readonly control: { readonly low: number; readonly high: number };
  readonly alarm: {
    readonly lolo: number;
    readonly low: number;
    readonly high: number;
    readonly hihi: number;
  };
  /** State or menu names; empty for fields that have none. */
  readonly labels: readonly string[];
}

/** Who asks for a put, for security and the put log. */
export interface PutOrigin {
  readonly user: string;
  readonly host: string;
}

/** What a name resolves to: one field of one record, seen by a protocol server. */
export interface PvField {
  /** Record name, without field. */
  readonly record: string;
  /** Record type: what `.RTYP` and DBR_CLASS_NAME say. */
  readonly recordType: string;
  /** Field name: `VAL`, `EGU` …. */
  readonly field: string;
  readonly slot: Slot;
  readonly type: FieldType;
  /** Most elements the field can hold; 1 for scalars. */
  readonly maxCount: number;
  /** The field's value is `columns.number[slot]`: VAL of a record that holds a plain number. */
  readonly isColumn: boolean;
  readonly writable: boolean;
  /** The value now. A long-string view (`NAME$`) reads as bytes with their NUL. */
  read(): PvValue;
  metadata(): Metadata;
  /** Acknowledge fields of the record. */
  acknowledge(): { readonly ackt: number; readonly acks: number };
  /**
   * Converts, checks, stores and processes. A promise means that the plant was asked; when it
   * resolves the put and everything it started is over. Never rejects.
   */
  put(value: PvValue, origin: PutOrigin, signal: AbortSignal): PutOutcome | Promise<PutOutcome>;
}

/** Hot columns of all records, by slot. Arrays are replaced when records are added: do not keep them. */
export interface ValueColumns {
  /** VAL of records whose VAL is a number. */
  readonly number: Float64Array;
  readonly status: Uint8Array;
  readonly severity: Uint8Array;
  /** EPICS seconds and nanoseconds. */
  readonly seconds: Uint32Array;
  readonly nanoseconds: Uint32Array;
}

/** An event on a field other than VAL. */
export interface FieldEvent {
  readonly slot: Slot;
  readonly field: string;
  /** EventMask bits. */
  readonly mask: number;
}

/** Everything that one batch posted; borrowed, valid during the call only. */
export interface PostedBatch {
  /** VAL events: `count` slots, each once, with the EventMask bits at the same index. */
  readonly count: number;
  readonly slots: Uint32Array;
  readonly masks: Uint8Array;
  readonly fields: readonly FieldEvent[];
}

/** All process variables of this IOC, whatever protocol serves them. */
export interface PvDirectory {
  readonly columns: ValueColumns;
  readonly posted$: Observable<PostedBatch>;
  /** Number of records. */
  readonly size: number;
  /** The field that `RECORD`, `RECORD.FIELD` or `RECORD.FIELD$` names. */
  find(name: string): PvField | undefined;
  /** Whether `find` would find something, without making it: for searches. */
  has(name: string): boolean;
  /** Record names. */
  names(): Iterable<string>;
}
