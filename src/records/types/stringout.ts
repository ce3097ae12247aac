import type { Slot } from '../../model/index.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleText } from '../settle.ts';

export const stringout = recordType(
  'stringout',
  'text',
  `
  VAL:STRING(40) pp; OVAL:STRING(40) ro; DOL:INLINK; OMSL:MENU(menuOmsl); OUT:OUTLINK;
  MPST:MENU(stringoutPOST); APST:MENU(stringoutPOST); SIOL:OUTLINK; SIMM:MENU(menuYesNo);
  IVOA:MENU(menuIvoa); IVOV:STRING(40)`,
);

/** A text output of up to 39 bytes. */
export function processStringout(c: Columns, slot: Slot): void {
  settleText(c, slot);
}
