import type { Place, Slot } from '../../model/index.ts';
import type { Moment } from '../links/link.ts';
import type { PutOutcome, PvValue } from '../put.ts';
import type { RecordTypeName } from '../record-type.ts';

/**
 * What a DTYP stands for: makes of `INP "@…"` or `OUT "@…"` where a record's value comes from or
 * goes. Rooms that know a protocol implement it, and `ioc.ts` plugs it in.
 */
export interface DeviceSupport {
  /** DTYP: one of the record type's choices. */
  readonly name: string;
  /**
   * Takes a record, when it is initialised and again when its link or SCAN was rewritten; `address`
   * is what follows the `@`. An IocError thrown says what is wrong with it: the record is then
   * LINK/INVALID, and processes nothing.
   */
  open(record: DeviceRecord, address: string): Device;
}

/** A record and its device support. What is fed between two processings: the newest counts. */
export interface Device extends Disposable {
  /**
   * An input record is processed otherwise than by I/O Intr and asks for a value, which may be
   * answered at once or later, exactly once. Without it, what was fed last counts.
   */
  read?(answer: (reading: Reading) => void): void;
  /** Takes an output's raw value; `settle` is to be called exactly once, at once or later. */
  write?(value: PvValue, settle: (outcome: PutOutcome) => void): void;
}

/** What a read gave. */
export type Reading =
  | {
      /** Raw: what the record type converts to VAL. */
      readonly kind: 'raw';
      readonly value: PvValue;
      readonly time?: Moment;
    }
  | {
      /** VAL itself. */
      readonly kind: 'value';
      readonly value: PvValue;
      readonly time?: Moment;
    }
  | { readonly kind: 'failed'; readonly status: number; readonly text: string };

/** A record, as its device support sees it. */
export interface DeviceRecord {
  readonly name: string;
  readonly slot: Slot;
  readonly type: RecordTypeName;
  readonly direction: 'input' | 'output';
  /** SCAN is I/O Intr: each `feed` processes it. */
  readonly isInterrupted: boolean;
  field(name: string): PvValue | undefined;
  info(tag: string): string | undefined;
  /**
   * A value came, raw or as VAL is. The record takes it in the next batch if it is I/O Intr (of an
   * output: as a read-back, nothing is written), else when it processes.
   */
  feed(value: PvValue, time: Moment, kind?: 'raw' | 'value'): void;
  /** The source is in trouble since a moment: INVALID with a status of `AlarmStatus`. */
  fail(status: number, text: string, time: Moment): void;
  /**
   * Its value lies in the process image from now on, which feeds it. `own`: its time is that of its
   * processing, instead of the source's.
   */
  place(place: Place, time?: 'source' | 'own'): void;
}
