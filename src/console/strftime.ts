const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A moment: seconds since 1970, and nanoseconds. */
export interface Moment {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/**
 * A moment as C's strftime writes it, in local time, with the extension of EPICS base: `%06f` is
 * the fraction of the second in six digits. An unknown conversion stays as it is.
 */
export function strftime(format: string, moment: Moment): string {
  const date = new Date(moment.seconds * 1000);
  return format.replace(/%0?(\d?)([A-Za-z%])/g, (whole, digits: string, letter: string) => {
    if (letter === 'f') return fraction(moment.nanoseconds, digits === '' ? 9 : Number(digits));
    return digits === '' ? (conversions[letter]?.(date) ?? whole) : whole;
  });
}

const two = (value: number) => String(value).padStart(2, '0');
const time = (date: Date) => {
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};
const day = (date: Date) => {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};
const dayName = (date: Date) => days[date.getDay()] ?? '';
const monthName = (date: Date) => months[date.getMonth()] ?? '';

const conversions: Readonly<Record<string, (date: Date) => string>> = {
  '%': () => '%',
  A: dayName,
  a: (date) => dayName(date).slice(0, 3),
  B: monthName,
  b: (date) => monthName(date).slice(0, 3),
  D: (date) =>
    `${two(date.getMonth() + 1)}/${two(date.getDate())}/${two(date.getFullYear() % 100)}`,
  d: (date) => two(date.getDate()),
  e: (date) => String(date.getDate()).padStart(2),
  F: day,
  H: (date) => two(date.getHours()),
  h: (date) => monthName(date).slice(0, 3),
  I: (date) => two(date.getHours() % 12 || 12),
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  M: (date) => two(date.getMinutes()),
  m: (date) => two(date.getMonth() + 1),
  n: () => '\n',
  p: (date) => (date.getHours() < 12 ? 'AM' : 'PM'),
  R: (date) => `${two(date.getHours())}:${two(date.getMinutes())}`,
  S: (date) => two(date.getSeconds()),
  s: (date) => String(Math.floor(date.getTime() / 1000)),
  T: time,
  t: () => '\t',
  u: (date) => String(date.getDay() || 7),
  w: (date) => String(date.getDay()),
  Y: (date) => String(date.getFullYear()),
  y: (date) => two(date.getFullYear() % 100),
  z: zone,
};

function fraction(nanoseconds: number, digits: number): string {
  const whole = String(nanoseconds).padStart(9, '0');
  return whole.slice(0, digits);
}

function dayOfYear(date: Date): number {
  const first = Date.UTC(date.getFullYear(), 0, 0);
  return (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - first) / 86_400_000;
}

function zone(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}
