import type { NumberArray, Slot } from '../model/index.ts';
import { scaledRow } from './array.ts';
import type { Columns } from './columns.ts';
import type { PvValue } from './put.ts';
import { rawOf, unscaled } from './raw.ts';
import { recordTypeOf } from './registry.ts';
import { stateOf } from './states.ts';

/** A record's VAL in the plant's own terms: raw counts, text, or a row of them. */
export function plantValue(c: Columns, slot: Slot): PvValue {
  switch (recordTypeOf(c.type[slot] ?? 0).kind) {
    case 'text':
      return c.text[slot] ?? '';
    case 'array':
      return unscaledRow(c, slot, c.array[slot] ?? []);
    default:
      return rawOf(c, slot);
  }
}

/** What VAL of a record is when the plant's own value is `raw`. */
export function engineeringValue(c: Columns, slot: Slot, raw: PvValue): PvValue {
  const states = c.states[slot];
  if (states) {
    const number = Number(raw);
    return states.names.length === 2 ? Math.sign(Math.abs(number)) : stateOf(states, number);
  }
  if (typeof raw === 'number') return raw * (c.gain[slot] ?? 1) + (c.offset[slot] ?? 0);
  return ArrayBuffer.isView(raw) ? scaledRow(c, slot, raw) : raw;
}

function unscaledRow(c: Columns, slot: Slot, row: NumberArray | readonly string[]): PvValue {
  const isScaled = c.gain[slot] !== 1 || c.offset[slot] !== 0;
  if (!isScaled || !(row instanceof Float64Array)) return row;
  return row.map((value) => unscaled(c, slot, value));
}
