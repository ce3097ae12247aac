import { Quality, type Slot } from '../../model/index.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { settleState } from '../settle.ts';

export const bi = recordType(
  'bi',
  'state',
  `
  INP:INLINK; VAL:ENUM pp; ZSV:MENU(menuAlarmSevr) pp; OSV:MENU(menuAlarmSevr) pp;
  COSV:MENU(menuAlarmSevr) pp; ZNAM:STRING(26) pp prop; ONAM:STRING(26) pp prop; RVAL:ULONG pp;
  ORAW:ULONG ro; MASK:ULONG ro; LALM:USHORT ro; MLST:USHORT ro; SIOL:INLINK; SVAL:ULONG;
  SIMM:MENU(menuSimm)`,
);

// hot path
/** A two-state input. */
export function processBi(c: Columns, slot: Slot, flags: number): void {
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    c.number[slot] = c.image.number(slot) === 0 ? 0 : 1;
    c.set(slot, Flag.udf, false);
  }
  settleState(c, slot);
}
