import { unixMs } from '../../kernel/index.ts';

const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

const fields: Readonly<Record<string, (date: Date) => string>> = {
  a: (d) => (weekdays[d.getDay()] ?? '').slice(0, 3),
  A: (d) => weekdays[d.getDay()] ?? '',
  b: (d) => (months[d.getMonth()] ?? '').slice(0, 3),
  B: (d) => months[d.getMonth()] ?? '',
  d: (d) => two(d.getDate()),
  e: (d) => String(d.getDate()).padStart(2),
  H: (d) => two(d.getHours()),
  I: (d) => two(d.getHours() % 12 || 12),
  j: (d) => String(dayOfYear(d)).padStart(3, '0'),
  m: (d) => two(d.getMonth() + 1),
  M: (d) => two(d.getMinutes()),
  p: (d) => (d.getHours() < 12 ? 'AM' : 'PM'),
  S: (d) => two(d.getSeconds()),
  s: (d) => String(Math.floor(d.getTime() / 1000)),
  y: (d) => two(d.getFullYear() % 100),
  Y: (d) => String(d.getFullYear()),
  z: zone,
  '%': () => '%',
};

/** Conversions of strftime that stand for several. */
const combined: readonly (readonly [short: string, long: string])[] = [
  ['%F', '%Y-%m-%d'],
  ['%T', '%H:%M:%S'],
  ['%R', '%H:%M'],
  ['%D', '%m/%d/%y'],
  ['%c', '%a %b %e %H:%M:%S %Y'],
  ['%x', '%m/%d/%y'],
  ['%X', '%H:%M:%S'],
];

/**
 * An EPICS time by a format of strftime, local time, with EPICS' fractions of a second: `%f`, and
 * `%3f` or `%03f` for so many digits, rounded. Conversions that are none stay as they are.
 */
export function formatTime(format: string, seconds: number, nanoseconds: number): string {
  let text = format;
  for (const [short, long] of combined) text = text.replaceAll(short, long);
  const date = new Date(unixMs(seconds, 0));
  return text.replace(/%(?:0?(\d)?f|([A-Za-z%]))/g, (whole, digits: string | undefined, name) => {
    if (name === undefined) return fraction(nanoseconds, Number(digits ?? 9));
    return fields[name as string]?.(date) ?? whole;
  });
}

/** Rounded to so many digits, but never into the next second. */
function fraction(nanoseconds: number, digits: number): string {
  const unit = 10 ** (9 - digits);
  const rounded = Math.min(Math.round(nanoseconds / unit), 10 ** digits - 1);
  return String(rounded).padStart(digits, '0');
}

function dayOfYear(date: Date): number {
  const today = Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((today - Date.UTC(date.getFullYear(), 0, 0)) / 86_400_000);
}

function zone(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
