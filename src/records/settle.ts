import { AlarmStatus, type Slot } from '../model/index.ts';
import { limitAlarm, type Pending, qualityAlarm, raise, raiseMore, settleAlarm } from './alarm.ts';
import { filteredSeverity } from './alarm-filter.ts';
import { isNewRow } from './array.ts';
import { type Columns, Flag } from './columns.ts';
import { changeMask, deadbandMask } from './deadband.ts';
import { DeviceCode } from './devices/device-code.ts';
import { EventMask } from './event.ts';
import { RecordCode } from './record-type.ts';

// The end of processing, by kind of VAL: alarms, then what to post. facts/ca.md section 11.
// `pending` is the alarm that a record comes with.

// hot path
/** Ends the processing of a number: limits, then dead-bands. */
export function settleNumber(c: Columns, slot: Slot, pending: Pending = 0): void {
  const mask = settleAlarm(c, slot, numberAlarm(c, slot, pending)) | deadbandMask(c, slot);
  if (mask) c.post(slot, mask);
}

// hot path
/** The alarm of a number: of where it comes from, then by its limits. */
export function numberAlarm(c: Columns, slot: Slot, pending: Pending): Pending {
  const flags = c.flags[slot]!;
  const alarm = raiseMore(pending, qualityAlarm(c, slot, flags));
  return flags & Flag.udf ? alarm : limitAlarm(c, slot, alarm);
}

// hot path
/** Ends the processing of a state: the state's severity, then that of a change. */
export function settleState(c: Columns, slot: Slot, pending: Pending = 0): void {
  const mask = settleAlarm(c, slot, stateAlarm(c, slot, pending)) | changeMask(c, slot);
  if (mask) c.post(slot, mask);
}

// hot path
/** The alarm of a state: of where it comes from, then its own, then that of a change. */
export function stateAlarm(c: Columns, slot: Slot, pending: Pending): Pending {
  const flags = c.flags[slot]!;
  const alarm = raiseMore(pending, qualityAlarm(c, slot, flags));
  return flags & Flag.udf ? alarm : severityOfState(c, slot, alarm);
}

// hot path
function severityOfState(c: Columns, slot: Slot, pending: Pending): Pending {
  const states = c.states[slot]!;
  const value = c.number[slot]!;
  // A bi that is neither 0 nor 1 has no alarm of its own, not even that of a change.
  if (value > 1 && c.type[slot] === RecordCode.bi) return pending;
  let severity = states.severities[value] ?? states.unknownSeverity;
  if (c.filters.size > 0) severity = filteredSeverity(c, slot, severity);
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

/**
 * Ends the processing of a text that came in: a soft one may be undefined without an alarm, as in
 * EPICS, where only outputs have one for that.
 */
export function settleTextInput(c: Columns, slot: Slot, pending: Pending = 0): void {
  const isFed = c.has(slot, Flag.input) || c.device[slot] !== DeviceCode.soft;
  if (isFed || !c.has(slot, Flag.udf)) settleText(c, slot, pending);
  else {
    c.set(slot, Flag.udf, false);
    settleText(c, slot, pending);
    c.set(slot, Flag.udf, true);
  }
}

/** Ends the processing of a text: posted on change, or as MPST and APST say always. */
export function settleText(c: Columns, slot: Slot, pending: Pending = 0): void {
  const text = c.text[slot] ?? '';
  const isChanged = (c.postedText[slot] ?? '') !== text;
  c.postedText[slot] = text;
  const mask =
    settleAlarm(c, slot, sourceAlarm(c, slot, pending)) |
    (isChanged || c.storedNumber(slot, 'MPST') === textAlways ? EventMask.value : 0) |
    (isChanged || c.storedNumber(slot, 'APST') === textAlways ? EventMask.log : 0);
  if (mask) c.post(slot, mask);
}

/** Ends the processing of a row: always posted unless MPST and APST ask for changes only. */
export function settleArray(c: Columns, slot: Slot, pending: Pending = 0): void {
  const isAlways = c.storedNumber(slot, 'MPST') === arrayAlways;
  const isLoggedAlways = c.storedNumber(slot, 'APST') === arrayAlways;
  const isCompared = !isAlways || !isLoggedAlways;
  const isNew = isCompared ? isNewRow(c, slot) : false;
  c.postedArray[slot] = c.array[slot];
  const mask =
    settleAlarm(c, slot, sourceAlarm(c, slot, pending)) |
    (isAlways || isNew ? EventMask.value : 0) |
    (isLoggedAlways || isNew ? EventMask.log : 0);
  if (mask) c.post(slot, mask);
}

// hot path
/** The alarm of a value that has no limits and no states: of where it comes from. */
export function sourceAlarm(c: Columns, slot: Slot, pending: Pending): Pending {
  return raiseMore(pending, qualityAlarm(c, slot, c.flags[slot]!));
}
