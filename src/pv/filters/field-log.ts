import type { FieldType, PvValue } from '../../records/index.ts';

/** What one event, or one read, carries through a channel's filters: EPICS' db_field_log. */
export interface FieldLog {
  /** EventMask bits of the event; 0 for a read. */
  readonly mask: number;
  readonly type: FieldType;
  readonly value: PvValue;
  readonly status: number;
  readonly severity: number;
  /** EPICS time. */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** UTAG of the record. */
  readonly userTag: number;
}

/** What clients see of a channel before they read it. */
export interface Shape {
  readonly type: FieldType;
  readonly maxCount: number;
}

/** One filter of one channel; it may keep what it saw (facts/ca.md section 8). */
export interface Filter {
  /** `gate` filters decide over an event first; `view` filters then change what it shows. */
  readonly stage: 'gate' | 'view';
  /** The channel behind this filter; left out by filters that change no shape. */
  shape?(shape: Shape): Shape;
  /** The event as it goes on, an earlier one in its place, or nothing. */
  event(log: FieldLog): FieldLog | undefined;
  /** What a read shows; left out by filters that reads pass. */
  read?(log: FieldLog): FieldLog;
}

/** Whether the event says that a property changed, which passes the gates of dec, sync and utag. */
export function isProperty({ mask }: FieldLog): boolean {
  return (mask & 8) !== 0;
}
