import type { Slot } from '../model/index.ts';
import { type Columns, Flag } from './columns.ts';
import { DeviceCode } from './devices/device-code.ts';
import type { PvValue } from './put.ts';
import { RecordCode } from './record-type.ts';
import { breakTableOf } from './scale.ts';

/** The raw value of a record's numeric VAL: what the plant gets, or would. */
export function rawOf(c: Columns, slot: Slot): number | bigint {
  const value = c.number[slot] ?? 0;
  switch (c.type[slot]) {
    case RecordCode.bo:
      return value === 0 ? 0 : c.storedNumber(slot, 'MASK') || value;
    case RecordCode.mbbo: {
      const states = c.states[slot];
      const raw = states?.defined ? (states.values[value] ?? value) : value;
      const shift = c.storedNumber(slot, 'SHFT');
      return shift === 0 ? raw : (raw << shift) >>> 0;
    }
    case RecordCode.int64out:
      return c.wide.get(slot) ?? value;
    case RecordCode.ao:
      return rawAnalog(c, slot, c.storedNumber(slot, 'OVAL', value));
    default:
      return value;
  }
}

/** By a breakpoint table, if LINR names one; a value that this does not cover changes nothing. */
function rawAnalog(c: Columns, slot: Slot, value: number): number {
  if (!c.has(slot, Flag.table)) return unscaled(c, slot, value);
  const table = breakTableOf(c, slot);
  const isCovered = table?.coversEngineering(value) === true;
  return isCovered ? unscaled(c, slot, table.raw(value)) : c.storedNumber(slot, 'RVAL');
}

/** A value of an ao in raw counts; rounded half away from zero for plant integers, as EPICS does. */
export function unscaled(c: Columns, slot: Slot, value: number): number {
  const gain = c.gain[slot] ?? 1;
  // A slope of 0 cannot be undone: the value before it is 0, as in EPICS.
  const raw = gain === 0 ? unsloped(c, slot) : (value - (c.offset[slot] ?? 0)) / gain;
  const isPlants = c.device[slot] === DeviceCode.plant || c.device[slot] === DeviceCode.device;
  if (isPlants && !c.has(slot, Flag.integer)) return raw;
  return raw < 0 ? -Math.round(-raw) : Math.round(raw);
}

/** Raw counts of 0 before ESLO and EOFF: what AOFF, ASLO and ROFF make of it. */
function unsloped(c: Columns, slot: Slot): number {
  const aslo = c.storedNumber(slot, 'ASLO', 1) || 1;
  return -c.storedNumber(slot, 'AOFF') / aslo - c.storedNumber(slot, 'ROFF');
}

/** Keeps what an input was given as RVAL: 32 bits, of which MASK leaves some. */
export function storeRaw(c: Columns, slot: Slot, raw: PvValue): number {
  const mask = c.storedNumber(slot, 'MASK');
  const bits = Number(raw) >>> 0;
  const kept = mask === 0 ? bits : (bits & mask) >>> 0;
  if (!c.has(slot, Flag.mapped)) c.store(slot, 'RVAL', kept);
  return kept;
}

/** NOBT sets MASK where that is not set, at the place of the bits (SHFT). */
export function maskFromBits(c: Columns, slot: Slot): void {
  const bits = c.storedNumber(slot, 'NOBT');
  if (bits <= 0 || bits > 32 || c.storedNumber(slot, 'MASK') !== 0) return;
  const mask = 2 ** bits - 1;
  c.store(slot, 'MASK', (mask << c.storedNumber(slot, 'SHFT')) >>> 0);
}
