import type { Slot } from '../../model/index.ts';
import { limits } from '../access/analog.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

export const longout = recordType({ name: 'longout', kind: 'integer', access: limits });

// hot path
/** A 32-bit integer output. */
export function processLongout(c: Columns, slot: Slot): void {
  settleNumber(c, slot);
}
