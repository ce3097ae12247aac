import { escapedBytes } from '../../database/index.ts';
import { formatGeneral } from '../../kernel/index.ts';
import type { PvValue } from '../../pv/index.ts';
import { longText, type PutEntry } from './entry.ts';

/** Longest line with its newline, bytes (facts/epics-formats.md 3.3). */
const MOST_BYTES = 255;

/**
 * One put as caPutLog's text form has it, without prefix and newline:
 * `29-Jul-26 13:05:07 10.0.0.7 ada PV new=2 old=1 min=1 max=3`. Of an array the first element, of a
 * long string the text. A put that failed says so with `error=` at the end, which caPutLog does not.
 */
export function textLine(entry: PutEntry): string {
  const { at, host, user, pv, before, after, burst, failure } = entry;
  const show = (value: PvValue) => shown(entry, value);
  const parts = [
    ...[timeText(at), host, user, pv],
    `new=${longOr(entry, after.value, show)}`,
    `old=${longOr(entry, before.value, show)}`,
  ];
  if (burst) parts.push(`min=${show(burst.min)}`, `max=${show(burst.max)}`);
  if (failure !== undefined) parts.push(`error=${quoted(failure)}`);
  return cut(parts.join(' '));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `%d-%b-%y %H:%M:%S` in local time. */
function timeText(at: number): string {
  const time = new Date(at);
  const two = (value: number) => String(value % 100).padStart(2, '0');
  const day = `${two(time.getDate())}-${months[time.getMonth()]}-${two(time.getFullYear())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

function longOr(entry: PutEntry, value: PvValue, show: (value: PvValue) => string): string {
  const text = longText(entry, { value, size: 0 });
  return text === undefined ? show(value) : quoted(text);
}

function shown({ type }: PutEntry, value: PvValue): string {
  const first = typeof value === 'object' ? value[0] : value;
  switch (typeof first) {
    case 'number':
      return type === 'DOUBLE' || type === 'FLOAT' ? formatGeneral(first, 6) : String(first);
    case 'bigint':
      return String(first);
    default:
      return quoted(first ?? '');
  }
}

/** In quotes, with the escapes of C; of characters beyond ASCII each byte. */
function quoted(text: string): string {
  return `"${escapedBytes(text)}"`;
}

/** Names of PVs and people may be longer than ASCII: a character is cut as a whole. */
function cut(line: string): string {
  const bytes = Buffer.from(line);
  if (bytes.length < MOST_BYTES) return line;
  return bytes.toString('utf8', 0, MOST_BYTES - 1).replace(/\uFFFD$/, '');
}
