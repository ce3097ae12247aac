import { Quality, type Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

export const ai = recordType(
  'ai',
  'analog',
  `
  VAL:DOUBLE pp; INP:INLINK; PREC:SHORT prop; LINR:MENU(menuConvert) pp; EGUF:DOUBLE pp;
  EGUL:DOUBLE pp; EGU:STRING(16) prop; HOPR:DOUBLE prop; LOPR:DOUBLE prop; AOFF:DOUBLE pp;
  ASLO:DOUBLE pp =1; SMOO:DOUBLE; HIHI:DOUBLE pp prop; LOLO:DOUBLE pp prop; HIGH:DOUBLE pp prop;
  LOW:DOUBLE pp prop; HHSV:MENU(menuAlarmSevr) pp prop; LLSV:MENU(menuAlarmSevr) pp prop;
  HSV:MENU(menuAlarmSevr) pp prop; LSV:MENU(menuAlarmSevr) pp prop; HYST:DOUBLE; AFTC:DOUBLE;
  ADEL:DOUBLE; MDEL:DOUBLE; LALM:DOUBLE ro; AFVL:DOUBLE ro; ALST:DOUBLE ro; MLST:DOUBLE ro;
  ESLO:DOUBLE pp =1; EOFF:DOUBLE pp; ROFF:ULONG pp; INIT:SHORT ro; LBRK:SHORT ro; RVAL:LONG pp;
  ORAW:LONG ro; SIOL:INLINK; SVAL:DOUBLE; SIMM:MENU(menuSimm)`,
);

// hot path
/** An analog input: raw counts become engineering units, limits are watched. */
export function processAi(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    const value = c.image.number(slot) * c.gain[slot]! + c.offset[slot]!;
    c.number[slot] = value;
    c.set(slot, Flag.udf, Number.isNaN(value));
  }
  settleNumber(c, slot);
}
