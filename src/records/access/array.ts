import type { RecordTypeName } from '../record-type.ts';
import type { AccessTable } from './access.ts';
import { column, derived } from './cells.ts';

/** Fields of waveform. VAL is written by `storeArray`, whole. */
export function arrayAccess(_record: RecordTypeName): AccessTable {
  return table;
}

const table: AccessTable = {
  VAL: derived((c, slot) => c.array[slot] ?? []),
  NORD: derived((c, slot) => c.array[slot]?.length ?? 0),
  HOPR: column((c) => c.hopr),
  LOPR: column((c) => c.lopr),
};
