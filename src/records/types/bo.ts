import type { Slot } from '../../model/index.ts';
import { twoStateOutput } from '../access/state.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleState } from '../settle.ts';

export const bo = recordType({ name: 'bo', kind: 'state', access: twoStateOutput });

// hot path
/** A two-state output. */
export function processBo(c: Columns, slot: Slot): void {
  settleState(c, slot);
}
