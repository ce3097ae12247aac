import type { Slot } from '../../model/index.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleText } from '../settle.ts';

export const lso = recordType(
  'lso',
  'text',
  `
  VAL:STRING(0) pp; OVAL:STRING(0) ro; SIZV:USHORT ro =41; LEN:ULONG ro; OLEN:ULONG ro; DOL:INLINK;
  IVOA:MENU(menuIvoa); IVOV:STRING(40); OMSL:MENU(menuOmsl); OUT:OUTLINK; MPST:MENU(menuPost);
  APST:MENU(menuPost); SIMM:MENU(menuYesNo); SIOL:OUTLINK`,
);

/** A text output of up to SIZV - 1 bytes. */
export function processLso(c: Columns, slot: Slot): void {
  settleText(c, slot);
}
