import type { Slot } from '../../model/index.ts';
import { rowHash } from '../algorithms/row-hash.ts';
import { elementType } from '../array.ts';
import type { Columns } from '../columns.ts';
import type { AccessTable } from './access.ts';
import { column, derived } from './cells.ts';

/** Rows: VAL is written by `storeRow`, whole. */
export const row: AccessTable = {
  VAL: derived((c, slot) => c.array[slot] ?? []),
  NORD: derived((c, slot) => c.array[slot]?.length ?? 0),
  HASH: derived(hashOf),
  HOPR: column((c) => c.hopr),
  LOPR: column((c) => c.lopr),
};

/** HASH counts only where MPST or APST asks for changes. */
function hashOf(c: Columns, slot: Slot): number {
  const isAsked = c.storedNumber(slot, 'MPST') !== 0 || c.storedNumber(slot, 'APST') !== 0;
  return isAsked ? rowHash(c.array[slot] ?? [], elementType(c, slot)) : 0;
}
