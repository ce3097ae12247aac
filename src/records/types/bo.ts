import type { Slot } from '../../model/index.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleState } from '../settle.ts';

export const bo = recordType(
  'bo',
  'state',
  `
  VAL:ENUM pp; OMSL:MENU(menuOmsl); DOL:INLINK; OUT:OUTLINK; HIGH:DOUBLE;
  ZNAM:STRING(26) pp prop; ONAM:STRING(26) pp prop; RVAL:ULONG pp; ORAW:ULONG ro; MASK:ULONG ro;
  ZSV:MENU(menuAlarmSevr) pp; OSV:MENU(menuAlarmSevr) pp; COSV:MENU(menuAlarmSevr) pp;
  RBV:ULONG ro; ORBV:ULONG ro; MLST:USHORT ro; LALM:USHORT ro; SIOL:OUTLINK;
  SIMM:MENU(menuSimm); IVOA:MENU(menuIvoa); IVOV:USHORT`,
);

// hot path
/** A two-state output. */
export function processBo(c: Columns, slot: Slot): void {
  settleState(c, slot);
}
