import { Quality, type Slot } from '../../model/index.ts';
import { twoStateInput } from '../access/state.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleState } from '../settle.ts';

export const bi = recordType({ name: 'bi', kind: 'state', access: twoStateInput });

// hot path
/** A two-state input. */
export function processBi(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.number[slot] = c.image.number(slot) === 0 ? 0 : 1;
    c.set(slot, Flag.udf, false);
  }
  settleState(c, slot);
}
