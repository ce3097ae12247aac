import type { Slot } from '../../model/index.ts';
import { wideLimits } from '../access/analog.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

export const int64out = recordType({ name: 'int64out', kind: 'wide', access: wideLimits });

// hot path
/** A 64-bit integer output. */
export function processInt64out(c: Columns, slot: Slot): void {
  settleNumber(c, slot);
}
