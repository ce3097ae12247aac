import { Quality, type Slot } from '../../model/index.ts';
import { row } from '../access/array.ts';
import { scaledRow, storeRow } from '../array.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleArray } from '../settle.ts';

export const waveform = recordType({ name: 'waveform', kind: 'array', access: row });

/** A row of numbers or texts, in or out. */
export function processWaveform(c: Columns, slot: Slot, flags: number): void {
  let isChanged = false;
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    const row = c.image.value(slot);
    if (typeof row === 'object') isChanged = storeRow(c, slot, scaledRow(c, slot, row));
    c.set(slot, Flag.udf, false);
  }
  settleArray(c, slot, isChanged);
}
