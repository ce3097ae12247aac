import type { Slot } from '../model/index.ts';
import type { Columns } from './columns.ts';
import type { FieldShape } from './record-type.ts';

/** Least and most bytes of VAL of a long text record, with the NUL, as in EPICS. */
const LEAST = 16;
const MOST = 0x7fff;

/** SIZV: bytes of VAL with its NUL. */
export function sizeOfText(c: Columns, slot: Slot): number {
  return Math.min(Math.max(c.storedNumber(slot, 'SIZV', 41), LEAST), MOST);
}

/** Bytes that VAL has room for, without its NUL. */
export function longRoom(c: Columns, slot: Slot): number {
  return sizeOfText(c, slot) - 1;
}

/** Makes SIZV what VAL has room for. */
export function boundSize(c: Columns, slot: Slot): void {
  const size = sizeOfText(c, slot);
  if (size !== c.storedNumber(slot, 'SIZV', 41)) c.store(slot, 'SIZV', size);
}

/** What VAL and OVAL of a long text record are. */
export function longShape(c: Columns, slot: Slot): FieldShape {
  return { type: 'STRING', maxCount: 1, size: sizeOfText(c, slot) };
}
