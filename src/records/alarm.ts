import { AlarmStatus, Quality, Severity, type Slot } from '../model/index.ts';
import { filteredLevel } from './alarm-filter.ts';
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
/** As `raise`, of two alarms in the making. */
export function raiseMore(pending: Pending, more: Pending): Pending {
  return more >> 8 > pending >> 8 ? more : pending;
}

// hot path
/**
 * What the quality of the source says of the value: UDF, COMM, READ or TIMEOUT; else what others
 * say of it, which goes before anything that the record finds.
 */
export function qualityAlarm(c: Columns, slot: Slot, flags: number): Pending {
  if (flags & Flag.writeFailed) return (Severity.invalid << 8) | AlarmStatus.write;
  switch (c.image.quality[slot]!) {
    case Quality.away:
      return (Severity.invalid << 8) | AlarmStatus.comm;
    case Quality.bad:
      return (Severity.invalid << 8) | AlarmStatus.read;
    case Quality.late:
      return (Severity.invalid << 8) | AlarmStatus.timeout;
    default:
      return flags & Flag.udf
        ? raise(c.image.alarm[slot]!, AlarmStatus.udf, c.udfSeverity[slot]!)
        : c.image.alarm[slot]!;
  }
}

// hot path
/** The alarm of a number by its limits, and LALM: the limit that raised it, else the value. */
export function limitAlarm(c: Columns, slot: Slot, pending: Pending): Pending {
  const severities = c.limitSeverity[slot]!;
  const reached = severities === 0 ? AlarmStatus.noAlarm : limitReached(c, slot, severities);
  switch (c.filters.size > 0 ? filteredLimit(c, slot, reached) : reached) {
    case AlarmStatus.hihi:
      return raiseLimit(c, slot, pending, AlarmStatus.hihi, severities >> 6, c.hihi[slot]!);
    case AlarmStatus.high:
      return raiseLimit(c, slot, pending, AlarmStatus.high, (severities >> 4) & 3, c.high[slot]!);
    case AlarmStatus.low:
      return raiseLimit(c, slot, pending, AlarmStatus.low, (severities >> 2) & 3, c.low[slot]!);
    case AlarmStatus.lolo:
      return raiseLimit(c, slot, pending, AlarmStatus.lolo, severities & 3, c.lolo[slot]!);
    default:
      c.lalm[slot] = c.number[slot]!;
      return pending;
  }
}

// hot path
/**
 * The status of the limit that the value has reached: HIHI, LOLO, HIGH, LOW in this order, each only
 * with a severity (facts/ca.md section 11).
 */
function limitReached(c: Columns, slot: Slot, severities: number): number {
  const value = c.number[slot]!;
  const hyst = c.hyst[slot]!;
  const last = c.lalm[slot]!;
  if (severities & 0xc0 && isAbove(value, c.hihi[slot]!, hyst, last)) return AlarmStatus.hihi;
  if (severities & 0x03 && isBelow(value, c.lolo[slot]!, hyst, last)) return AlarmStatus.lolo;
  if (severities & 0x30 && isAbove(value, c.high[slot]!, hyst, last)) return AlarmStatus.high;
  if (severities & 0x0c && isBelow(value, c.low[slot]!, hyst, last)) return AlarmStatus.low;
  return AlarmStatus.noAlarm;
}

/** Limits as levels of the filter; a level between two of a value jumping across is the range's. */
const levels = [
  AlarmStatus.noAlarm,
  AlarmStatus.lolo,
  AlarmStatus.low,
  AlarmStatus.noAlarm,
  AlarmStatus.high,
  AlarmStatus.hihi,
];
const NORMAL = 3;

/** The limit that the filter of the record lets pass. */
function filteredLimit(c: Columns, slot: Slot, reached: number): number {
  const filter = c.filters.get(slot);
  if (!filter) return reached;
  const level = reached === AlarmStatus.noAlarm ? NORMAL : levels.indexOf(reached as never);
  const { seconds, nanoseconds } = c.image;
  const passed = filteredLevel(filter, level, seconds[slot] ?? 0, nanoseconds[slot] ?? 0);
  return levels[passed] ?? AlarmStatus.noAlarm;
}

// hot path
/** At the limit, or within the hysteresis of a limit that raised the last alarm. */
function isAbove(value: number, limit: number, hyst: number, last: number): boolean {
  return value >= limit || (last === limit && value >= limit - hyst);
}

// hot path
function isBelow(value: number, limit: number, hyst: number, last: number): boolean {
  return value <= limit || (last === limit && value <= limit + hyst);
}

// hot path
function raiseLimit(
  c: Columns,
  slot: Slot,
  pending: Pending,
  status: number,
  severity: number,
  limit: number,
): Pending {
  // A level that a filter lets pass may be one without a severity.
  if (severity === 0) c.lalm[slot] = c.number[slot]!;
  else if (severity > pending >> 8) c.lalm[slot] = limit;
  return raise(pending, status, severity);
}

// hot path
/** Makes the pending alarm the record's; returns the mask bits that VAL's event gets by it. */
export function settleAlarm(c: Columns, slot: Slot, pending: Pending): number {
  const status = pending & 0xff;
  const severity = pending >> 8;
  // A message stays as long as the alarm that it explains, unless there is a new one.
  const isSame = c.status[slot] === status && c.severity[slot] === severity;
  if (isSame && (c.pendingMessage.size === 0 || !c.pendingMessage.has(slot))) return 0;
  return changeAlarm(c, slot, status, severity, reasonOf(c, slot, pending));
}

/** What is to be said of an alarm, by whoever raised it. */
function reasonOf(c: Columns, slot: Slot, pending: Pending): string {
  if (pending === c.image.alarm[slot]) return c.image.reason.get(slot) ?? '';
  return pending === c.pending[slot] ? (c.pendingMessage.get(slot) ?? '') : '';
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
