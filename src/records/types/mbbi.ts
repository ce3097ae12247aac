import { Quality, type Slot } from '../../model/index.ts';
import { manyStateInput } from '../access/state.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleState } from '../settle.ts';
import { stateOf } from '../states.ts';

export const mbbi = recordType({ name: 'mbbi', kind: 'state', access: manyStateInput });

// hot path
/** An input of up to sixteen states, found by raw value. */
export function processMbbi(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.number[slot] = stateOf(c.states[slot]!, c.image.number(slot));
    c.set(slot, Flag.udf, false);
  }
  settleState(c, slot);
}
