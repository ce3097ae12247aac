import type { AccessTable } from './access.ts';
import { column, derived } from './cells.ts';

/** Rows: VAL is written by `storeRow`, whole. */
export const row: AccessTable = {
  VAL: derived((c, slot) => c.array[slot] ?? []),
  NORD: derived((c, slot) => c.array[slot]?.length ?? 0),
  HOPR: column((c) => c.hopr),
  LOPR: column((c) => c.lopr),
};
