import { AlarmStatus, type Slot } from '../model/index.ts';
import { limitAlarm, type Pending, qualityAlarm, raise, settleAlarm } from './alarm.ts';
import { type Columns, Flag } from './columns.ts';
import { changeMask, deadbandMask } from './deadband.ts';
import { EventMask } from './event.ts';

// The end of processing, by kind of VAL: alarms, then what to post. facts/ca.md section 11.

// hot path
/** Ends the processing of a number: limits, then dead-bands. `pending` is an alarm it came with. */
export function settleNumber(c: Columns, slot: Slot, pending: Pending = 0): void {
  const flags = c.flags[slot]!;
  const quality = qualityAlarm(c, slot, flags);
  let alarm = quality > pending ? quality : pending;
  if (!(flags & Flag.udf)) alarm = limitAlarm(c, slot, alarm);
  const mask = settleAlarm(c, slot, alarm) | deadbandMask(c, slot);
  if (mask) c.post(slot, mask);
}

// hot path
/** Ends the processing of a state: the state's severity, then that of a change. */
export function settleState(c: Columns, slot: Slot): void {
  const flags = c.flags[slot]!;
  let alarm = qualityAlarm(c, slot, flags);
  if (!(flags & Flag.udf)) alarm = stateAlarm(c, slot, alarm);
  const mask = settleAlarm(c, slot, alarm) | changeMask(c, slot);
  if (mask) c.post(slot, mask);
}

// hot path
function stateAlarm(c: Columns, slot: Slot, pending: Pending): Pending {
  const states = c.states[slot]!;
  const value = c.number[slot]!;
  const severity = states.severities[value] ?? states.unknownSeverity;
  let alarm = raise(pending, AlarmStatus.state, severity);
  if (value !== c.lalm[slot]!) {
    alarm = raise(alarm, AlarmStatus.cos, states.changeSeverity);
    c.lalm[slot] = value;
  }
  return alarm;
}

/** Menu values of MPST and APST for texts and for rows. */
const textAlways = 1;
const arrayAlways = 0;

/** Ends the processing of a text: posted on change, or as MPST and APST say always. */
export function settleText(c: Columns, slot: Slot): void {
  const flags = c.flags[slot] ?? 0;
  const text = c.text[slot] ?? '';
  const isChanged = (c.postedText[slot] ?? '') !== text;
  c.postedText[slot] = text;
  const mask =
    settleAlarm(c, slot, qualityAlarm(c, slot, flags)) |
    (isChanged || c.storedNumber(slot, 'MPST') === textAlways ? EventMask.value : 0) |
    (isChanged || c.storedNumber(slot, 'APST') === textAlways ? EventMask.log : 0);
  if (mask) c.post(slot, mask);
}

/** Ends the processing of a row: always posted unless MPST and APST ask for changes only. */
export function settleArray(c: Columns, slot: Slot, isChanged: boolean): void {
  const flags = c.flags[slot] ?? 0;
  const mask =
    settleAlarm(c, slot, qualityAlarm(c, slot, flags)) |
    (isChanged || c.storedNumber(slot, 'MPST') === arrayAlways ? EventMask.value : 0) |
    (isChanged || c.storedNumber(slot, 'APST') === arrayAlways ? EventMask.log : 0);
  if (mask) c.post(slot, mask);
}
