import type { Observable } from 'rxjs';
import type { Slot } from '../model/index.ts';
import type { FieldEvent, FieldType, Metadata, PutOutcome, PvValue } from '../records/index.ts';
import type { AccessSecurity } from './access/security.ts';
import type { FieldLog } from './filters/field-log.ts';

/** Who asks for a put, for security and the put log. */
export interface PutOrigin {
  readonly user: string;
  readonly host: string;
  /**
   * Wants to hear when it is over (CA WRITE_NOTIFY): to a busy record such puts queue and run in
   * order. A put without it is stored at once, and the newest value is sent when the record is free.
   */
  readonly notify?: boolean;
}

/** What an encoder needs of a field. */
export interface ReadableField {
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
  /** The value now. A long-string view (`NAME$`) reads as bytes with their NUL. */
  read(): PvValue;
  metadata(): Metadata;
  /** Acknowledge fields of the record. */
  acknowledge(): { readonly ackt: number; readonly acks: number };
}

/**
 * The filters of a channel (facts/ca.md section 8). They decide which events its monitors hear of
 * and change what reads and events show; a server encodes what `show` returns with `columns`.
 */
export interface ChannelFilter {
  /** The field without its filters: where puts go. */
  readonly whole: PvField;
  /** Columns of one slot, for what `show` returns. */
  readonly columns: ValueColumns;
  /** What a read gets. */
  readLog(): FieldLog;
  /**
   * What an event of the field comes to: its log, an earlier one's, or nothing. To be asked once
   * per event and monitor whose mask matches; a new monitor's first update is an event, too.
   */
  eventLog(mask: number): FieldLog | undefined;
  /** A log as a field to encode; valid until the next call. */
  show(log: FieldLog): ReadableField;
}

/** What a name resolves to: one field of one record, seen by a protocol server. */
export interface PvField extends ReadableField {
  /** Undefined on channels without filters, which cost nothing then. */
  readonly filter: ChannelFilter | undefined;
  /** Whether clients may put to it at all; what one client may is its session's to say. */
  readonly writable: boolean;
  /** Access security group: the record's ASG now. */
  readonly accessGroup: string;
  /** Access security level: 0 for what operators change, 1 for what engineers do. */
  readonly accessLevel: 0 | 1;
  /** What DBR_PUT_ACKT and DBR_PUT_ACKS do, on whichever field of the record (facts/ca.md 6.1). */
  putAcknowledge(which: 'ackt' | 'acks', value: number): PutOutcome;
  /**
   * Asks for the events of this field until disposed of. VAL needs it not; every other field that
   * somebody monitors does: what nobody watches is not compared, so it costs nothing.
   */
  watch(): Disposable;
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

/**
 * Everything that one batch posted; borrowed, valid during the call only. A PROPERTY event reaches
 * VAL by its mask and every watched field of the record as a field event.
 */
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
  /** Who may read and write what; every server opens a session for each of its clients. */
  readonly security: AccessSecurity;
  /** Number of records. */
  readonly size: number;
  /**
   * The field that `RECORD`, `RECORD.FIELD`, `RECORD.FIELD$` names, behind the filters that may
   * follow: `[range]`, `{filters}`. An alias stands for its record.
   */
  find(name: string): PvField | undefined;
  /** Whether there are such a record and field, whatever follows: what searches ask. */
  has(name: string): boolean;
  /** As `find` and `has`, of a name that lies in bytes: what servers of many channels ask. */
  findBytes(bytes: Buffer, from: number, to: number): PvField | undefined;
  hasBytes(bytes: Buffer, from: number, to: number): boolean;
  /** Record names. */
  names(): Iterable<string>;
}
