import type { Slot } from '../../model/index.ts';
import type { Columns } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

export const int64out = recordType(
  'int64out',
  'wide',
  `
  VAL:INT64 pp; OUT:OUTLINK; DOL:INLINK; OMSL:MENU(menuOmsl); EGU:STRING(16) prop;
  DRVH:INT64 pp prop; DRVL:INT64 pp prop; HOPR:INT64 prop; LOPR:INT64 prop; HIHI:INT64 pp prop;
  LOLO:INT64 pp prop; HIGH:INT64 pp prop; LOW:INT64 pp prop; HHSV:MENU(menuAlarmSevr) pp;
  LLSV:MENU(menuAlarmSevr) pp; HSV:MENU(menuAlarmSevr) pp; LSV:MENU(menuAlarmSevr) pp;
  HYST:INT64; ADEL:INT64; MDEL:INT64; LALM:INT64 ro; ALST:INT64 ro; MLST:INT64 ro; SIOL:OUTLINK;
  SIMM:MENU(menuYesNo); IVOA:MENU(menuIvoa); IVOV:INT64`,
);

// hot path
/** A 64-bit integer output. */
export function processInt64out(c: Columns, slot: Slot): void {
  settleNumber(c, slot);
}
