import { utf8Length } from '../text.ts';

/** One directive of C's printf, as `%-8.3f` says it. */
export interface PrintFormat {
  /** The characters `-+ #0` that stand in it. */
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly conversion: string;
}

/** Conversions `d` and `i`. */
export function formatInteger(value: number | bigint, format: PrintFormat): string {
  const digits = digitsOf(value < 0 ? -BigInt(value) : BigInt(value), 10, format);
  return padded(signOf(value < 0, format), digits, format, format.precision === undefined);
}

/** Conversions `o`, `u`, `x` and `X` of what is not negative. */
export function formatUnsigned(value: number | bigint, format: PrintFormat): string {
  const { conversion, flags } = format;
  const base = conversion === 'o' ? 8 : conversion === 'u' ? 10 : 16;
  const digits = digitsOf(BigInt(value), base, format);
  const isAlternate = flags.includes('#') && BigInt(value) !== 0n;
  const prefix = isAlternate && base === 16 ? `0${conversion}` : '';
  const octal = flags.includes('#') && base === 8 && !digits.startsWith('0') ? '0' : '';
  const text = conversion === 'X' ? digits.toUpperCase() : digits;
  return padded(prefix, octal + text, format, format.precision === undefined);
}

/** Conversions `e`, `f` and `g`, in either case, rounded as C does: exact halves to even. */
export function formatReal(value: number, format: PrintFormat): string {
  const isNegative = value < 0 || Object.is(value, -0);
  const sign = signOf(isNegative, format);
  const kind = format.conversion.toLowerCase();
  const text = Number.isFinite(value)
    ? finite(Math.abs(value), kind, format.precision ?? 6, format.flags.includes('#'))
    : Number.isNaN(value)
      ? 'nan'
      : 'inf';
  const cased = format.conversion === kind ? text : text.toUpperCase();
  return padded(sign, cased, format, Number.isFinite(value));
}

/** Conversion `s`: the precision is the most bytes of it. */
export function formatText(text: string, format: PrintFormat): string {
  return padded('', text, format, false);
}

function digitsOf(size: bigint, base: number, { precision = 1 }: PrintFormat): string {
  return precision === 0 && size === 0n ? '' : size.toString(base).padStart(precision, '0');
}

function signOf(isNegative: boolean, { flags }: PrintFormat): string {
  if (isNegative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function padded(sign: string, text: string, { flags, width }: PrintFormat, mayFill: boolean) {
  const missing = Math.max(0, width - utf8Length(sign) - utf8Length(text));
  if (flags.includes('-')) return sign + text + ' '.repeat(missing);
  if (flags.includes('0') && mayFill) return sign + '0'.repeat(missing) + text;
  return ' '.repeat(missing) + sign + text;
}

function finite(size: number, kind: string, precision: number, isAlternate: boolean): string {
  if (kind === 'f') return fixed(size, precision, isAlternate);
  if (kind === 'e') return exponential(size, precision, isAlternate);
  const figures = precision || 1;
  const power = Number(exponential(size, figures - 1, false).split('e')[1]);
  if (power < -4 || power >= figures) {
    const [mantissa = '', exponent = ''] = exponential(size, figures - 1, true).split('e');
    return `${isAlternate ? mantissa : withoutZeros(mantissa)}e${exponent}`;
  }
  const text = fixed(size, figures - 1 - power, true);
  return isAlternate ? text : withoutZeros(text);
}

function withoutZeros(text: string): string {
  return text.replace(/\.?0*$/, '');
}

/** Digits that no double has: zeros from there on. */
const MOST_DIGITS = 1100;

function fixed(size: number, precision: number, hasPoint: boolean): string {
  const exact = Math.min(precision, MOST_DIGITS);
  const digits = scaled(size, exact)
    .toString()
    .padStart(exact + 1, '0');
  const fraction = digits.slice(digits.length - exact).padEnd(precision, '0');
  const whole = digits.slice(0, digits.length - exact);
  if (precision === 0) return hasPoint ? `${digits}.` : digits;
  return `${whole}.${fraction}`;
}

function exponential(size: number, precision: number, hasPoint: boolean): string {
  const exact = Math.min(precision, MOST_DIGITS);
  let power = size === 0 ? 0 : Math.floor(Math.log10(size));
  let digits = scaled(size, exact - power).toString();
  // The logarithm may be off by one, and rounding may carry.
  while (size !== 0 && digits.length !== exact + 1) {
    power += digits.length - exact - 1;
    digits = scaled(size, exact - power).toString();
  }
  digits = digits.padEnd(precision + 1, '0');
  const point = precision > 0 || hasPoint ? '.' : '';
  const exponent = String(Math.abs(power)).padStart(2, '0');
  return `${digits[0]}${point}${digits.slice(1)}e${power < 0 ? '-' : '+'}${exponent}`;
}

/** size × 10^power as an integer, exactly, halves to even. */
function scaled(size: number, power: number): bigint {
  const [mantissa, exponent] = parts(size);
  const ten = 10n ** BigInt(Math.abs(power));
  const two = 1n << BigInt(Math.abs(exponent));
  const above = mantissa * (power > 0 ? ten : 1n) * (exponent > 0 ? two : 1n);
  const below = (power > 0 ? 1n : ten) * (exponent > 0 ? 1n : two);
  const quotient = above / below;
  const twice = (above % below) * 2n;
  const isUp = twice > below || (twice === below && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}

/** size = mantissa × 2^exponent */
function parts(size: number): readonly [bigint, number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  return biased === 0 ? [fraction, -1074] : [fraction | (1n << 52n), biased - 1075];
}
