import { Quality, type Slot } from '../../model/index.ts';
import { analogInput } from '../access/analog.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

export const ai = recordType({ name: 'ai', kind: 'analog', access: analogInput });

// hot path
/** An analog input: raw counts become engineering units, limits are watched. */
export function processAi(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    const value = c.image.number(slot) * c.gain[slot]! + c.offset[slot]!;
    c.number[slot] = value;
    c.set(slot, Flag.udf, Number.isNaN(value));
  }
  settleNumber(c, slot);
}
