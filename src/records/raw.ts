import type { Slot } from '../model/index.ts';
import { type Columns, Flag } from './columns.ts';
import { RecordCode } from './record-type.ts';

/** The raw value of a record's numeric VAL: what the plant gets, or would. */
export function rawOf(c: Columns, slot: Slot): number | bigint {
  const value = c.number[slot] ?? 0;
  switch (c.type[slot]) {
    case RecordCode.bo:
      return value === 0 ? 0 : 1;
    case RecordCode.mbbo: {
      const states = c.states[slot];
      return states?.defined ? (states.values[value] ?? value) : value;
    }
    case RecordCode.int64out:
      return c.wide.get(slot) ?? value;
    case RecordCode.ao:
      return unscaled(c, slot, value);
    default:
      return value;
  }
}

/** A value of an ao in raw counts; rounded half away from zero for plant integers, as EPICS does. */
export function unscaled(c: Columns, slot: Slot, value: number): number {
  // A gain of 0 cannot be undone: EPICS leaves the value as it is.
  const raw = (value - (c.offset[slot] ?? 0)) / (c.gain[slot] || 1);
  if (!c.has(slot, Flag.integer)) return raw;
  return raw < 0 ? -Math.round(-raw) : Math.round(raw);
}
