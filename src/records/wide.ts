import type { Slot } from '../model/index.ts';
import { type Columns, Flag } from './columns.ts';

/** VAL of a 64-bit integer, exact. */
export function readWide(c: Columns, slot: Slot): number | bigint {
  return c.wide.get(slot) ?? c.number[slot] ?? 0;
}

/** Puts a 64-bit integer in VAL: a double, and the exact value beside it beyond 2^53. */
export function storeWide(c: Columns, slot: Slot, value: number | bigint): void {
  const rounded = Number(value);
  const isExact = Number.isSafeInteger(rounded);
  const whole = isExact ? undefined : BigInt(value);
  c.number[slot] = rounded;
  c.set(slot, Flag.wide, !isExact);
  // From now on it is compared exactly: what was posted last may be beyond 2^53 for long.
  if (!isExact) c.set(slot, Flag.exact, true);
  if (whole === undefined) c.wide.delete(slot);
  else c.wide.set(slot, whole);
}
