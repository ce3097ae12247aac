import { AlarmStatus, Quality, Severity, type Slot } from '../../model/index.ts';
import { type Pending, raise } from '../alarm.ts';
import { type Columns, Flag } from '../columns.ts';
import { recordType } from '../field-table.ts';
import { LARGEST_INT64 } from '../numbers.ts';
import { settleNumber } from '../settle.ts';

export const int64in = recordType(
  'int64in',
  'wide',
  `
  VAL:INT64 pp; INP:INLINK; EGU:STRING(16) prop; HOPR:INT64 prop; LOPR:INT64 prop;
  HIHI:INT64 pp prop; LOLO:INT64 pp prop; HIGH:INT64 pp prop; LOW:INT64 pp prop;
  HHSV:MENU(menuAlarmSevr) pp; LLSV:MENU(menuAlarmSevr) pp; HSV:MENU(menuAlarmSevr) pp;
  LSV:MENU(menuAlarmSevr) pp; HYST:INT64; AFTC:DOUBLE; AFVL:DOUBLE ro; ADEL:INT64; MDEL:INT64;
  LALM:INT64 ro; ALST:INT64 ro; MLST:INT64 ro; SIOL:INLINK; SVAL:INT64; SIMM:MENU(menuYesNo)`,
);

// hot path
/** A 64-bit integer input: a double, beside the exact value where it is beyond 2^53. */
export function processInt64in(c: Columns, slot: Slot, flags: number): void {
  let alarm = 0;
  if (flags & Flag.mapped && c.image.quality[slot] === Quality.good) {
    const value = c.image.number(slot);
    c.number[slot] = value;
    if (value > exact || value < -exact) alarm = takeWide(c, slot);
    else if (c.wide.size > 0) c.wide.delete(slot);
    c.set(slot, Flag.udf, false);
  }
  settleNumber(c, slot, alarm);
}

const exact = Number.MAX_SAFE_INTEGER;

/** Takes the exact value; one above 2^63 - 1, which INT64 cannot hold, stays there with an alarm. */
function takeWide(c: Columns, slot: Slot): Pending {
  const whole = BigInt(c.image.value(slot) as bigint);
  const kept = whole > LARGEST_INT64 ? LARGEST_INT64 : whole;
  // A change that a double does not show is a change all the same.
  if (c.wide.get(slot) !== kept && c.mdel[slot] === 0) c.mlst[slot] = Number.NaN;
  if (c.wide.get(slot) !== kept && c.adel[slot] === 0) c.alst[slot] = Number.NaN;
  c.wide.set(slot, kept);
  c.number[slot] = Number(kept);
  return kept === whole ? 0 : raise(0, AlarmStatus.hwLimit, Severity.invalid);
}
