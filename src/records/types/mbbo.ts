import type { Slot } from '../../model/index.ts';
import type { Columns } from '../columns.ts';
import { stateFields } from '../common-fields.ts';
import { recordType } from '../field-table.ts';
import { settleState } from '../settle.ts';

export const mbbo = recordType(
  'mbbo',
  'state',
  `
  VAL:ENUM pp; DOL:INLINK; OMSL:MENU(menuOmsl); NOBT:USHORT ro; OUT:OUTLINK;
  UNSV:MENU(menuAlarmSevr) pp; COSV:MENU(menuAlarmSevr) pp; RVAL:ULONG pp; ORAW:ULONG ro;
  RBV:ULONG ro; ORBV:ULONG ro; MASK:ULONG ro; MLST:USHORT ro; LALM:USHORT ro; SDEF:SHORT ro;
  SHFT:USHORT; SIOL:OUTLINK; SIMM:MENU(menuSimm); IVOA:MENU(menuIvoa); IVOV:USHORT`,
  stateFields,
);

// hot path
/** An output of up to sixteen states. */
export function processMbbo(c: Columns, slot: Slot): void {
  settleState(c, slot);
}
