import { AlarmStatus, Quality, Severity, type Slot } from '../model/index.ts';
import { type Columns, Flag } from './columns.ts';
import { EventMask } from './event.ts';

/** An alarm in the making: severity × 256 + status; 0 is none. */
export type Pending = number;

// hot path
/** The graver of an alarm and one more; equal severities leave the first. */
export function raise(pending: Pending, status: number, severity: number): Pending {
  return severity > pending >> 8 ? (severity << 8) | status : pending;
}

// hot path
/** What the quality of the source says of the value: NO_ALARM, UDF, COMM or READ. */
export function qualityAlarm(c: Columns, slot: Slot, flags: number): Pending {
  if (flags & Flag.writeFailed) return (Severity.invalid << 8) | AlarmStatus.write;
  switch (c.image.quality[slot]!) {
    case Quality.away:
      return (Severity.invalid << 8) | AlarmStatus.comm;
    case Quality.bad:
      return (Severity.invalid << 8) | AlarmStatus.read;
    default:
      return flags & Flag.udf ? (c.udfSeverity[slot]! << 8) | AlarmStatus.udf : 0;
  }
}

// hot path
/**
 * HIHI, LOLO, HIGH, LOW in this order, each only with a severity; a limit that raised the last
 * alarm holds on for HYST (facts/ca.md section 11).
 */
export function limitAlarm(c: Columns, slot: Slot, pending: Pending): Pending {
  const severities = c.limitSeverity[slot]!;
  const value = c.number[slot]!;
  if (severities === 0) {
    c.lalm[slot] = value;
    return pending;
  }
  const hyst = c.hyst[slot]!;
  const last = c.lalm[slot]!;
  let limit = c.hihi[slot]!;
  let severity = severities >> 6;
  let status: number = AlarmStatus.hihi;
  let isReached = severity && (value >= limit || (last === limit && value >= limit - hyst));
  if (!isReached) {
    limit = c.lolo[slot]!;
    severity = severities & 3;
    status = AlarmStatus.lolo;
    isReached = severity && (value <= limit || (last === limit && value <= limit + hyst));
  }
  if (!isReached) {
    limit = c.high[slot]!;
    severity = (severities >> 4) & 3;
    status = AlarmStatus.high;
    isReached = severity && (value >= limit || (last === limit && value >= limit - hyst));
  }
  if (!isReached) {
    limit = c.low[slot]!;
    severity = (severities >> 2) & 3;
    status = AlarmStatus.low;
    isReached = severity && (value <= limit || (last === limit && value <= limit + hyst));
  }
  if (!isReached) {
    c.lalm[slot] = value;
    return pending;
  }
  if (severity > pending >> 8) c.lalm[slot] = limit;
  return raise(pending, status, severity);
}

// hot path
/** Makes the pending alarm the record's; returns the mask bits that VAL's event gets by it. */
export function settleAlarm(c: Columns, slot: Slot, pending: Pending): number {
  const status = pending & 0xff;
  const severity = pending >> 8;
  // A message stays as long as the alarm that it explains.
  if (c.status[slot] === status && c.severity[slot] === severity) return 0;
  return changeAlarm(c, slot, status, severity, '');
}

/** As `settleAlarm`, with AMSG; also for alarms that do not come from processing. */
export function changeAlarm(
  c: Columns,
  slot: Slot,
  status: number,
  severity: number,
  message: string,
): number {
  const hasNewSeverity = c.severity[slot] !== severity;
  const hasNewStatus = c.status[slot] !== status;
  const hasNewMessage = (c.message.get(slot) ?? '') !== message;
  if (!hasNewSeverity && !hasNewStatus && !hasNewMessage) return 0;
  c.severity[slot] = severity;
  c.status[slot] = status;
  if (message) c.message.set(slot, message);
  else c.message.delete(slot);
  const isHeld = c.has(slot, Flag.ackt) && severity < (c.acks[slot] ?? 0);
  if (!isHeld) c.acks[slot] = severity;
  if (c.has(slot, Flag.watched)) {
    const mask =
      (hasNewSeverity || hasNewMessage ? EventMask.alarm : 0) |
      (hasNewStatus ? EventMask.value : 0);
    if (hasNewSeverity) c.postField(slot, 'SEVR', EventMask.value);
    c.postField(slot, 'STAT', mask);
    c.postField(slot, 'AMSG', mask);
    if (!isHeld) c.postField(slot, 'ACKS', EventMask.value);
  }
  return EventMask.alarm;
}
