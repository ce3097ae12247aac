import { Quality, type Slot } from '../../model/index.ts';
import { shortText } from '../access/text.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleText } from '../settle.ts';
import { cutText } from '../text.ts';

export const stringin = recordType({ name: 'stringin', kind: 'text', access: shortText });

/** A text input of up to 39 bytes. */
export function processStringin(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.text[slot] = cutText(String(c.image.value(slot)), 39);
    c.set(slot, Flag.udf, false);
  }
  settleText(c, slot);
}
