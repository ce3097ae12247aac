import type { Slot } from '../../model/index.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

export const longout = recordType(
  'longout',
  'integer',
  `
  VAL:LONG pp; OUT:OUTLINK; DOL:INLINK; OMSL:MENU(menuOmsl); EGU:STRING(16) prop;
  DRVH:LONG pp prop; DRVL:LONG pp prop; HOPR:LONG prop; LOPR:LONG prop; HIHI:LONG pp prop;
  LOLO:LONG pp prop; HIGH:LONG pp prop; LOW:LONG pp prop; HHSV:MENU(menuAlarmSevr) pp;
  LLSV:MENU(menuAlarmSevr) pp; HSV:MENU(menuAlarmSevr) pp; LSV:MENU(menuAlarmSevr) pp;
  HYST:LONG; ADEL:LONG; MDEL:LONG; LALM:LONG ro; ALST:LONG ro; MLST:LONG ro; SIOL:OUTLINK;
  SIMM:MENU(menuYesNo); IVOA:MENU(menuIvoa); IVOV:LONG; PVAL:LONG; OOCH:MENU(menuYesNo) =1;
  OOPT:MENU(longoutOOPT) =0`,
);

// hot path
/** A 32-bit integer output. */
export function processLongout(c: Columns, slot: Slot): void {
  settleNumber(c, slot);
}
