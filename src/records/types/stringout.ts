import type { Slot } from '../../model/index.ts';
import { shortText } from '../access/text.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleText } from '../settle.ts';

export const stringout = recordType({ name: 'stringout', kind: 'text', access: shortText });

/** A text output of up to 39 bytes. */
export function processStringout(c: Columns, slot: Slot): void {
  settleText(c, slot);
}
