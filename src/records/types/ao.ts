import type { Slot } from '../../model/index.ts';
import { analogOutput } from '../access/analog.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

export const ao = recordType({ name: 'ao', kind: 'analog', access: analogOutput });

// hot path
/** An analog output; processing watches its limits, putting is `setpoint.ts`. */
export function processAo(c: Columns, slot: Slot): void {
  settleNumber(c, slot);
}
