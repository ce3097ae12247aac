import { Quality, type Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleNumber } from '../settle.ts';

export const longin = recordType(
  'longin',
  'integer',
  `
  VAL:LONG pp; INP:INLINK; EGU:STRING(16) prop; HOPR:LONG prop; LOPR:LONG prop;
  HIHI:LONG pp prop; LOLO:LONG pp prop; HIGH:LONG pp prop; LOW:LONG pp prop;
  HHSV:MENU(menuAlarmSevr) pp; LLSV:MENU(menuAlarmSevr) pp; HSV:MENU(menuAlarmSevr) pp;
  LSV:MENU(menuAlarmSevr) pp; HYST:LONG; AFTC:DOUBLE; AFVL:DOUBLE ro; ADEL:LONG; MDEL:LONG;
  LALM:LONG ro; ALST:LONG ro; MLST:LONG ro; SIOL:INLINK; SVAL:LONG; SIMM:MENU(menuYesNo)`,
);

// hot path
/** A 32-bit integer input. */
export function processLongin(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    // A C cast, as device support does: 32 bits are kept.
    c.number[slot] = c.image.number(slot) | 0;
    c.set(slot, Flag.udf, false);
  }
  settleNumber(c, slot);
}
