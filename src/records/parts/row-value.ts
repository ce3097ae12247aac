import type { Slot } from '../../model/index.ts';
import { asRow, capacity, convertRow, elementType, emptyRow } from '../array.ts';
import { type Columns, Flag } from '../columns.ts';
import type { PvValue } from '../put.ts';

/** Makes what was read the row of a record, of its FTVL and at most NELM elements. */
export function takeRow(c: Columns, slot: Slot, value: PvValue): void {
  const converted = convertRow(elementType(c, slot), asRow(value), capacity(c, slot));
  if ('error' in converted) return;
  c.array[slot] = converted.row;
  c.set(slot, Flag.udf, false);
}

/** Record initialisation: a row of one element has it from the beginning. */
export function initRow(c: Columns, slot: Slot): void {
  c.array[slot] ??= emptyRow(elementType(c, slot), capacity(c, slot) === 1 ? 1 : 0);
}
