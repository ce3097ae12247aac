import { AlarmStatus, type Slot } from '../model/index.ts';
import { type Pending, raise, settleAlarm } from './alarm.ts';
import { type Columns, Flag } from './columns.ts';
import { EventMask } from './event.ts';
import { numberAlarm, settleNumber, sourceAlarm } from './settle.ts';
import { readWide } from './wide.ts';

/** Fields of a 64-bit integer that are columns of doubles, exact beside them beyond 2^53. */
type ExactField = 'HIHI' | 'HIGH' | 'LOW' | 'LOLO' | 'HYST' | 'MDEL' | 'ADEL';
type LastField = 'LALM' | 'MLST' | 'ALST';

/** Limits in the order in which they are looked at, with the place of their severity. */
const limits = [
  { field: 'HIHI', status: AlarmStatus.hihi, shift: 6, isHigh: true },
  { field: 'LOLO', status: AlarmStatus.lolo, shift: 0, isHigh: false },
  { field: 'HIGH', status: AlarmStatus.high, shift: 4, isHigh: true },
  { field: 'LOW', status: AlarmStatus.low, shift: 2, isHigh: false },
] as const;

// hot path
/** As `settleNumber`, of a 64-bit integer: exact as soon as something is beyond 2^53. */
export function settleWide(c: Columns, slot: Slot, pending: Pending = 0): void {
  if (c.flags[slot]! & Flag.exact) settleExactly(c, slot, pending);
  else settleNumber(c, slot, pending);
}

// hot path
/** As `numberAlarm`, of a 64-bit integer. */
export function wideAlarm(c: Columns, slot: Slot, pending: Pending): Pending {
  return c.flags[slot]! & Flag.exact ? exactAlarm(c, slot, pending) : numberAlarm(c, slot, pending);
}

function settleExactly(c: Columns, slot: Slot, pending: Pending): void {
  const alarm = exactAlarm(c, slot, pending);
  const value = wholeValue(c, slot);
  const mask =
    settleAlarm(c, slot, alarm) |
    (isBeyond(c, slot, value, 'MLST', 'MDEL') ? EventMask.value : 0) |
    (isBeyond(c, slot, value, 'ALST', 'ADEL') ? EventMask.log : 0);
  if (mask) c.post(slot, mask);
}

function exactAlarm(c: Columns, slot: Slot, pending: Pending): Pending {
  const alarm = sourceAlarm(c, slot, pending);
  if (c.has(slot, Flag.udf)) return alarm;
  const value = wholeValue(c, slot);
  const last = whole(c, slot, 'LALM');
  const hyst = whole(c, slot, 'HYST');
  for (const { field, status, shift, isHigh } of limits) {
    const severity = ((c.limitSeverity[slot] ?? 0) >> shift) & 3;
    const limit = whole(c, slot, field);
    const distance = isHigh ? value - limit : limit - value;
    if (severity === 0 || distance < (last === limit ? -hyst : 0n)) continue;
    if (severity > alarm >> 8) keep(c, slot, 'LALM', limit);
    return raise(alarm, status, severity);
  }
  keep(c, slot, 'LALM', value);
  return alarm;
}

/** Whether a value is beyond a dead-band from the one last posted, which it then is. */
function isBeyond(
  c: Columns,
  slot: Slot,
  value: bigint,
  last: 'MLST' | 'ALST',
  band: 'MDEL' | 'ADEL',
): boolean {
  const delta = value - whole(c, slot, last);
  const size = delta < 0n ? -delta : delta;
  if (size <= whole(c, slot, band)) return false;
  keep(c, slot, last, value);
  return true;
}

function wholeValue(c: Columns, slot: Slot): bigint {
  return BigInt(readWide(c, slot));
}

function whole(c: Columns, slot: Slot, field: ExactField | LastField): bigint {
  const exact = c.stored(slot, field);
  if (exact !== undefined) return BigInt(exact);
  const rounded = columnOf(c, field)[slot] ?? 0;
  return BigInt(Number.isFinite(rounded) ? Math.trunc(rounded) : 0);
}

function keep(c: Columns, slot: Slot, field: LastField, value: bigint): void {
  const rounded = Number(value);
  columnOf(c, field)[slot] = rounded;
  c.store(slot, field, Number.isSafeInteger(rounded) ? undefined : value);
}

function columnOf(c: Columns, field: ExactField | LastField): Float64Array {
  switch (field) {
    case 'HIHI':
      return c.hihi;
    case 'HIGH':
      return c.high;
    case 'LOW':
      return c.low;
    case 'LOLO':
      return c.lolo;
    case 'HYST':
      return c.hyst;
    case 'MDEL':
      return c.mdel;
    case 'ADEL':
      return c.adel;
    case 'LALM':
      return c.lalm;
    case 'MLST':
      return c.mlst;
    case 'ALST':
      return c.alst;
  }
}
