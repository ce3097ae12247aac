import { Quality, type Slot } from '../../model/index.ts';
import { limits } from '../access/analog.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

export const longin = recordType({ name: 'longin', kind: 'integer', access: limits });

// hot path
/** A 32-bit integer input. */
export function processLongin(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    // A C cast, as device support does: 32 bits are kept.
    c.number[slot] = c.image.number(slot) | 0;
    c.set(slot, Flag.udf, false);
  }
  settleNumber(c, slot);
}
