import type { Slot } from '../../model/index.ts';
import { manyStateOutput } from '../access/state.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleState } from '../settle.ts';

export const mbbo = recordType({ name: 'mbbo', kind: 'state', access: manyStateOutput });

// hot path
/** An output of up to sixteen states. */
export function processMbbo(c: Columns, slot: Slot): void {
  settleState(c, slot);
}
