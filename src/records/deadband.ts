import type { Slot } from '../model/index.ts';
import type { Columns } from './columns.ts';
import { EventMask } from './event.ts';

// hot path
/**
 * Mask bits of a numeric VAL: VALUE beyond MDEL from the last one posted, LOG beyond ADEL; a
 * negative dead-band posts always, and so does a step to or from NaN or infinity.
 */
export function deadbandMask(c: Columns, slot: Slot): number {
  const value = c.number[slot]!;
  let mask = 0;
  if (distance(value, c.mlst[slot]!) > c.mdel[slot]!) {
    mask = EventMask.value;
    c.mlst[slot] = value;
  }
  if (distance(value, c.alst[slot]!) > c.adel[slot]!) {
    mask |= EventMask.log;
    c.alst[slot] = value;
  }
  return mask;
}

// hot path
/** Mask bits of an enumerated VAL: VALUE and LOG when it changed. */
export function changeMask(c: Columns, slot: Slot): number {
  const value = c.number[slot]!;
  if (c.mlst[slot] === value) return 0;
  c.mlst[slot] = value;
  return EventMask.value | EventMask.log;
}

// hot path
function distance(value: number, last: number): number {
  const delta = value - last;
  // Finite numbers; NaN - x, Infinity - Infinity and the like fail both comparisons or are infinite.
  if (delta >= 0) return delta;
  if (delta < 0) return -delta;
  if (value === last) return 0;
  return Number.isNaN(value) && Number.isNaN(last) ? 0 : Number.POSITIVE_INFINITY;
}
