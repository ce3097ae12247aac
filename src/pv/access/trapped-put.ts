import type { PutOutcome, PvValue } from '../../records/index.ts';
import { fieldText } from '../field-text.ts';
import type { PvField } from '../types.ts';

/** Most bytes of a value that a put log keeps (facts/epics-formats.md 3.3). */
const MOST_BYTES = 400;
const TEXT_BYTES = 40;

/** A value at one moment, as far as a put log tells it. */
export interface Snapshot {
  /** Menus and links as text; of arrays the first 400 bytes. */
  readonly value: PvValue;
  /** Elements that there were. */
  readonly size: number;
}

/** A put that a rule with TRAPWRITE granted, after its end. */
export interface TrappedPut {
  readonly user: string;
  readonly host: string;
  readonly field: PvField;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly outcome: PutOutcome;
}

/** A field's value now, kept: what a record reads as may be its own memory. */
export function snapshotOf(field: PvField): Snapshot {
  const value = field.read();
  if (typeof value !== 'object') return { value: shownAs(field, value), size: 1 };
  const bytes = ArrayBuffer.isView(value) ? value.BYTES_PER_ELEMENT : TEXT_BYTES;
  return { value: value.slice(0, Math.floor(MOST_BYTES / bytes)), size: value.length };
}

/** Choices are logged by their words, states of records by their number, as caPutLog does. */
function shownAs(field: PvField, value: number | bigint | string): PvValue {
  return field.type === 'MENU' || field.type === 'DEVICE' ? fieldText(field, value) : value;
}
