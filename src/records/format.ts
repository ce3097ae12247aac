import { toFloat } from './numbers.ts';

// The number to text conversions of EPICS base, with their oddities: facts/ca.md section 5.1.

/** A double as clients read it from a record with a PREC; not always what printf would print. */
export function formatDouble(value: number, precision: number): string {
  const size = Math.abs(value);
  if (Number.isNaN(value) || !isPlain(precision) || size > 1e7) {
    if (isPlain(precision) && !(size > 1e16)) return fixed(value, Math.min(precision, 3));
    return exponential(value, Math.min(asUint16(precision), 17), 7);
  }
  return rounded(value, precision, (fraction, scale) => fraction * scale);
}

/** As `formatDouble` for a 32-bit float. */
export function formatFloat(value: number, precision: number): string {
  const size = Math.abs(value);
  if (Number.isNaN(value) || !isPlain(precision) || size > 1e7) {
    if (isPlain(precision) && !(size >= 1e8)) return fixed(value, Math.min(precision, 3));
    return exponential(value, Math.min(asUint16(precision), 12), 6);
  }
  return rounded(toFloat(value), precision, (fraction, scale) => Math.fround(fraction * scale));
}

/** PREC is unsigned in the conversions, so that a negative one is a large one. */
function isPlain(precision: number): boolean {
  return precision >= 0 && precision <= 8;
}

function asUint16(precision: number): number {
  return precision & 0xffff;
}

/** Whole part, then the fraction with one digit more than asked for, cut, and rounded half up. */
function rounded(
  value: number,
  precision: number,
  times: (fraction: number, scale: number) => number,
): string {
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  const scale = 10 ** precision;
  let integer = Math.trunc(size);
  let fraction = Math.floor((Math.trunc(times(size - integer, scale * 10)) + 5) / 10);
  if (fraction >= scale) {
    fraction -= scale;
    integer += 1;
  }
  if (precision === 0) return `${sign}${integer}`;
  return `${sign}${integer}.${String(fraction).padStart(precision, '0')}`;
}

/** C's %.*f. */
function fixed(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  return halfToEven(value.toFixed(digits), value.toFixed(digits + 40), digits);
}

/** C's %*.*e with a width of `digits` and `room`. */
function exponential(value: number, digits: number, room: number): string {
  return cExponential(value, digits).padStart(digits + room);
}

function cExponential(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const [mantissa = '', exponent = ''] = value.toExponential(digits).split('e');
  const [longer = ''] = value.toExponential(digits + 60).split('e');
  const power = exponent.slice(1).padStart(2, '0');
  return `${halfToEven(mantissa, longer, digits)}e${exponent[0]}${power}`;
}

/** JavaScript rounds exact halves up, C to even: takes the lower neighbour where C would. */
function halfToEven(text: string, longer: string, digits: number): string {
  const point = longer.indexOf('.');
  const kept = longer.slice(0, digits === 0 ? point : point + 1 + digits);
  const isHalf = /^50*$/.test(longer.slice(point + 1 + digits));
  return isHalf && Number(kept.at(-1)) % 2 === 0 ? kept : text;
}
