import type { Slot } from '../../model/index.ts';
import { longText } from '../access/text.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleText } from '../settle.ts';

export const lso = recordType({ name: 'lso', kind: 'text', access: longText });

/** A text output of up to SIZV - 1 bytes. */
export function processLso(c: Columns, slot: Slot): void {
  settleText(c, slot);
}
