import { Quality, type Slot } from '../../model/index.ts';
import { longText } from '../access/text.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleText } from '../settle.ts';
import { cutText } from '../text.ts';

export const lsi = recordType({ name: 'lsi', kind: 'text', access: longText });

/** A text input of up to SIZV - 1 bytes. */
export function processLsi(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    const sizv = c.storedNumber(slot, 'SIZV', 41);
    c.text[slot] = cutText(String(c.image.value(slot)), sizv - 1);
    c.set(slot, Flag.udf, false);
  }
  settleText(c, slot);
}
