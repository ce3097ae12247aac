import type { NumberArray, Slot } from '../model/index.ts';
import { scaledRow } from './array.ts';
import { type Columns, Flag } from './columns.ts';
import { LARGEST_INT64 } from './numbers.ts';
import type { PvValue } from './put.ts';
import { rawOf, unscaled } from './raw.ts';
import { recordTypeOf } from './registry.ts';
import { breakTableOf } from './scale.ts';
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
  switch (recordTypeOf(c.type[slot] ?? 0).kind) {
    case 'analog':
      return engineering(c, slot, Number(raw));
    case 'wide':
      return typeof raw === 'bigint' && raw > LARGEST_INT64 ? LARGEST_INT64 : raw;
    case 'state':
      return stateOfRaw(c, slot, Number(raw));
    case 'array':
      return ArrayBuffer.isView(raw) ? scaledRow(c, slot, raw) : raw;
    case 'integer':
    case 'plain':
    case 'text':
      return raw;
  }
}

function engineering(c: Columns, slot: Slot, raw: number): number {
  const scaled = raw * (c.gain[slot] ?? 1) + (c.offset[slot] ?? 0);
  const table = c.has(slot, Flag.table) ? breakTableOf(c, slot) : undefined;
  return table ? table.engineering(scaled) : scaled;
}

function stateOfRaw(c: Columns, slot: Slot, raw: number): number {
  const states = c.states[slot];
  if (!states || states.names.length === 2) return raw === 0 ? 0 : 1;
  return stateOf(states, raw);
}

function unscaledRow(c: Columns, slot: Slot, row: NumberArray | readonly string[]): PvValue {
  const isScaled = c.gain[slot] !== 1 || c.offset[slot] !== 0;
  if (!isScaled || !(row instanceof Float64Array)) return row;
  return row.map((value) => unscaled(c, slot, value));
}
