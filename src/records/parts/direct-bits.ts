import type { Slot } from '../../model/index.ts';
import type { Access, AccessTable } from '../access/access.ts';
import type { Columns } from '../columns.ts';

/** B0 to B1F. */
export const bitFields: readonly string[] = Array.from(
  { length: 32 },
  (_, bit) => `B${bit.toString(16).toUpperCase()}`,
);

/** The bits of VAL as fields; `write` says what happens when one is written. */
export function bitAccess(write: (c: Columns, slot: Slot, bit: number, on: boolean) => void) {
  const table: Record<string, Access> = {};
  bitFields.forEach((field, bit) => {
    table[field] = {
      read: (c, slot) => ((c.number[slot] ?? 0) >>> bit) & 1,
      write: (c, slot, value) => write(c, slot, bit, Number(value) !== 0),
    };
  });
  return table satisfies AccessTable;
}

/** At record initialisation: MASK as NOBT says, for raw values at the place that SHFT says. */
export function initMask(c: Columns, slot: Slot, isRaw: boolean): void {
  const bits = c.storedNumber(slot, 'NOBT');
  let mask = c.storedNumber(slot, 'MASK');
  if (mask === 0 && bits <= 32) mask = 2 ** bits - 1;
  if (isRaw) {
    if (bits === 0) mask = 0xffff_ffff;
    mask = (mask << c.storedNumber(slot, 'SHFT')) >>> 0;
  }
  c.store(slot, 'MASK', mask || undefined);
}
