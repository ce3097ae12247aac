import { unixMs } from '../../kernel/index.ts';

/** `2026-11-21 04:43:56.123457`, local time, as EPICS writes it. */
export function epicsTimeText(seconds: number, nanoseconds: number): string {
  if (isUndefined(seconds, nanoseconds)) return '<undefined>';
  const date = new Date(unixMs(seconds, 0));
  return `${day(date)} ${time(date)}.${micros(nanoseconds)}`;
}

/** `2026-11-21T04:43:56.123457+0100`, local time with its offset. */
export function isoTimeText(seconds: number, nanoseconds: number): string {
  if (isUndefined(seconds, nanoseconds)) return '<undefined>';
  const date = new Date(unixMs(seconds, 0));
  return `${day(date)}T${time(date)}.${micros(nanoseconds)}${offset(date)}`;
}

/** The epoch itself is the time of a record that never processed. */
function isUndefined(seconds: number, nanoseconds: number): boolean {
  return seconds === 0 && nanoseconds === 0;
}

function day(date: Date): string {
  return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
}

function time(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/** Rounded, but never into the next second. */
function micros(nanoseconds: number): string {
  const rounded = Math.floor(Math.min(nanoseconds + 500, 999_999_999) / 1000);
  return String(rounded).padStart(6, '0');
}

function offset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
