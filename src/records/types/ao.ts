import type { Slot } from '../../model/index.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

export const ao = recordType(
  'ao',
  'analog',
  `
  VAL:DOUBLE pp; OVAL:DOUBLE; OUT:OUTLINK; OROC:DOUBLE; DOL:INLINK; OMSL:MENU(menuOmsl);
  OIF:MENU(aoOIF); PREC:SHORT prop; LINR:MENU(menuConvert) pp; EGUF:DOUBLE pp; EGUL:DOUBLE pp;
  EGU:STRING(16) prop; ROFF:ULONG pp; EOFF:DOUBLE pp; ESLO:DOUBLE pp =1; DRVH:DOUBLE pp prop;
  DRVL:DOUBLE pp prop; HOPR:DOUBLE prop; LOPR:DOUBLE prop; AOFF:DOUBLE pp; ASLO:DOUBLE pp;
  HIHI:DOUBLE pp prop; LOLO:DOUBLE pp prop; HIGH:DOUBLE pp prop; LOW:DOUBLE pp prop;
  HHSV:MENU(menuAlarmSevr) pp prop; LLSV:MENU(menuAlarmSevr) pp prop;
  HSV:MENU(menuAlarmSevr) pp prop; LSV:MENU(menuAlarmSevr) pp prop; HYST:DOUBLE; ADEL:DOUBLE;
  MDEL:DOUBLE; RVAL:LONG pp; ORAW:LONG ro; RBV:LONG ro; ORBV:LONG ro; PVAL:DOUBLE ro;
  LALM:DOUBLE ro; ALST:DOUBLE ro; MLST:DOUBLE ro; INIT:SHORT ro; LBRK:SHORT ro; SIOL:OUTLINK;
  SIMM:MENU(menuSimm); IVOA:MENU(menuIvoa); IVOV:DOUBLE; OMOD:UCHAR ro`,
);

// hot path
/** An analog output; processing watches its limits, putting is `setpoint.ts`. */
export function processAo(c: Columns, slot: Slot): void {
  settleNumber(c, slot);
}
