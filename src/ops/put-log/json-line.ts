import { formatGeneral } from '../../kernel/index.ts';
import type { PvValue } from '../../pv/index.ts';
import { longText, type PutEntry } from './entry.ts';

/** Digits of a float, as caPutLog prints them. */
const FLOAT_DIGITS = 8;

/**
 * One put as caPutLog's JSON form has it, without prefix and newline; `site` are the keys that a
 * site adds, after `user`. A put that failed says so with a last key `error`, which caPutLog lacks.
 */
export function jsonLine(entry: PutEntry, site: Readonly<Record<string, string>> = {}): string {
  const { at, host, user, pv, isArray, before, after, burst, failure } = entry;
  const { date, time } = timeTexts(at);
  const text = (value: string) => JSON.stringify(value);
  const members: (readonly [key: string, json: string])[] = [
    ...[['date', text(date)] as const, ['time', text(time)] as const],
    ...[['host', text(host)] as const, ['user', text(user)] as const],
    ...Object.entries(site).map(([key, value]) => [key, text(value)] as const),
    ...[['pv', text(pv)] as const, ['new', valueJson(entry, after.value)] as const],
    ...(isArray ? [['new-size', String(after.size)] as const] : []),
    ['old', valueJson(entry, before.value)],
    ...(isArray ? [['old-size', String(before.size)] as const] : []),
  ];
  if (burst) {
    members.push(['min', elementJson(entry, burst.min)], ['max', elementJson(entry, burst.max)]);
    members.push(['burst', String(burst.count)]);
  }
  if (failure !== undefined) members.push(['error', text(failure)]);
  return `{${members.map(([key, json]) => `${text(key)}:${json}`).join(',')}}`;
}

/** `2026-07-29` and `13:05:07.089`, local time. */
function timeTexts(at: number): { readonly date: string; readonly time: string } {
  const time = new Date(at);
  const padded = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const [hours, minutes, seconds] = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return {
    date: `${time.getFullYear()}-${padded(time.getMonth() + 1)}-${padded(time.getDate())}`,
    time: `${[hours, minutes, seconds].map((part) => padded(part)).join(':')}.${padded(time.getMilliseconds(), 3)}`,
  };
}

/** A row of characters is a row of one text. */
function valueJson(entry: PutEntry, value: PvValue): string {
  const long = longText(entry, { value, size: 0 });
  if (long !== undefined) return `[${JSON.stringify(long)}]`;
  if (typeof value !== 'object') return elementJson(entry, value);
  return `[${Array.from(value as ArrayLike<number | string>, (each) => elementJson(entry, each)).join(',')}]`;
}

function elementJson({ type }: PutEntry, value: number | bigint | string): string {
  if (typeof value === 'string') return JSON.stringify(value);
  // JSON has no such numbers, whatever the field is that one came to.
  if (Number.isNaN(value)) return '"Nan"';
  if (value === Infinity || value === -Infinity) return `"${value}"`;
  if (type !== 'DOUBLE' && type !== 'FLOAT') return String(value);
  return realJson(Number(value), type);
}

/** With a point, so that whole ones are no integers to whoever reads them. */
function realJson(value: number, type: 'DOUBLE' | 'FLOAT'): string {
  const text = type === 'FLOAT' ? formatGeneral(value, FLOAT_DIGITS) : JSON.stringify(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
