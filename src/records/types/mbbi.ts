import { Quality, type Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { stateFields } from '../common-fields.ts';
import { recordType } from '../field-table.ts';
import { settleState } from '../settle.ts';
import { stateOf } from '../states.ts';

export const mbbi = recordType(
  'mbbi',
  'state',
  `
  VAL:ENUM pp; NOBT:USHORT ro; INP:INLINK; AFTC:DOUBLE; AFVL:DOUBLE ro;
  UNSV:MENU(menuAlarmSevr) pp; COSV:MENU(menuAlarmSevr) pp; RVAL:ULONG pp; ORAW:ULONG ro;
  MASK:ULONG ro; MLST:USHORT ro; LALM:USHORT ro; SDEF:SHORT ro; SHFT:USHORT; SIOL:INLINK;
  SVAL:ULONG; SIMM:MENU(menuSimm)`,
  stateFields,
);

// hot path
/** An input of up to sixteen states, found by raw value. */
export function processMbbi(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.number[slot] = stateOf(c.states[slot]!, c.image.number(slot));
    c.set(slot, Flag.udf, false);
  }
  settleState(c, slot);
}
