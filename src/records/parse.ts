import type { FieldType } from './field-type.ts';

/** Why a text is no value of a type. */
export type ParseError = { readonly error: string };

const decimal =
  /^[ \t\n\v\f\r]*([+-]?)(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(inf)|(nan))/i;
const hexadecimal = /^[ \t\n\v\f\r]*([+-]?)0x([\da-f]+\.?[\da-f]*|\.[\da-f]+)(?:p([+-]?\d+))?/i;
const whole = /^[ \t\n\v\f\r]*([+-]?)(\d+)/;
const wholeByPrefix = /^[ \t\n\v\f\r]*([+-]?)(0x[\da-f]+|\d+)/i;

const range: Readonly<Record<string, readonly [bigint, bigint]>> = {
  CHAR: [-128n, 127n],
  // Unsigned types take a negative number of their size and wrap it, as strtoul does.
  UCHAR: [-0xffn, 0xffn],
  SHORT: [-32768n, 32767n],
  USHORT: [-0xffffn, 0xffffn],
  LONG: [-(2n ** 31n), 2n ** 31n - 1n],
  ULONG: [-(2n ** 32n - 1n), 2n ** 32n - 1n],
  INT64: [-(2n ** 63n), 2n ** 63n - 1n],
  UINT64: [-(2n ** 64n - 1n), 2n ** 64n - 1n],
};

/**
 * The number that a text puts in a field of a type (facts/ca.md section 6.1): leading blanks and
 * trailing text are passed over, an empty text is 0, integers are decimal.
 */
export function parseNumber(type: FieldType, text: string): number | bigint | ParseError {
  const is64 = type === 'INT64' || type === 'UINT64';
  if (text === '') return is64 ? 0n : 0;
  if (type === 'DOUBLE') return parseDouble(text);
  if (type === 'FLOAT') return parseFloat32(text);
  return parseWhole(type, text);
}

/** As C's strtod, which knows hexadecimal, `inf` and `nan`; what follows the number is a unit. */
export function parseDouble(text: string): number | ParseError {
  const hex = hexadecimal.exec(text);
  if (hex) return hexValue(hex);
  const found = decimal.exec(text);
  if (!found) return { error: `"${text}" is not a number` };
  const [, sign, digits, infinity] = found;
  const size = digits === undefined ? (infinity ? Infinity : NaN) : Number(digits);
  if (digits !== undefined && !Number.isFinite(size)) return tooLarge(text, 'DOUBLE');
  if (size === 0 && /[1-9]/.test(digits?.split(/e/i)[0] ?? '')) return tooSmall(text, 'DOUBLE');
  return sign === '-' ? -size : size;
}

function parseFloat32(text: string): number | ParseError {
  const value = parseDouble(text);
  if (typeof value !== 'number' || !Number.isFinite(value) || value === 0) return value;
  const size = Math.abs(value);
  if (size >= 3.4028234663852886e38) return tooLarge(text, 'FLOAT');
  return size <= 1.1754943508222875e-38 ? tooSmall(text, 'FLOAT') : Math.fround(value);
}

function parseWhole(type: FieldType, text: string): number | bigint | ParseError {
  const found = (type === 'UINT64' ? wholeByPrefix : whole).exec(text);
  const rest = found ? text.slice(found[0].length) : '';
  // ULONG has always taken what a double can say: "1e3", "2.5".
  if (type === 'ULONG' && (!found || /^[.eE]/.test(rest))) return parseUlong(text);
  if (!found) return { error: `"${text}" is not a whole number` };
  const [, sign, digits = '0'] = found;
  const size = BigInt(octal(type, digits));
  const value = sign === '-' ? -size : size;
  const [low, high] = range[type] ?? [0n, 0xffffn];
  if (value < low || value > high) return tooLarge(text, type);
  return wrapped(type, value);
}

function wrapped(type: FieldType, value: bigint): number | bigint {
  switch (type) {
    case 'INT64':
      return value;
    case 'UINT64':
      return BigInt.asUintN(64, value);
    case 'ULONG':
      return Number(BigInt.asUintN(32, value));
    case 'USHORT':
    case 'ENUM':
      return Number(BigInt.asUintN(16, value));
    case 'UCHAR':
      return Number(BigInt.asUintN(8, value));
    default:
      return Number(value);
  }
}

/** UINT64 goes by prefix: 0x is hexadecimal, 0 octal. */
function octal(type: FieldType, digits: string): string {
  const isOctal = type === 'UINT64' && /^0[0-7]+$/.test(digits);
  return isOctal ? `0o${digits.slice(1)}` : digits;
}

function parseUlong(text: string): number | ParseError {
  const value = parseDouble(text);
  if (typeof value !== 'number') return value;
  return value >= 0 && value <= 0xffff_ffff ? Math.trunc(value) : tooLarge(text, 'ULONG');
}

function hexValue([, sign, mantissa = '', exponent = '0']: RegExpExecArray): number | ParseError {
  const [integer = '', fraction = ''] = mantissa.split('.');
  const bits = BigInt(`0x0${integer}${fraction}`);
  const size = Number(bits) * 2 ** (Number(exponent) - 4 * fraction.length);
  if (!Number.isFinite(size)) return tooLarge(`0x${mantissa}p${exponent}`, 'DOUBLE');
  return sign === '-' ? -size : size;
}

function tooLarge(text: string, type: FieldType): ParseError {
  return { error: `${text.trim()} is out of the range of ${type}` };
}

function tooSmall(text: string, type: FieldType): ParseError {
  return { error: `${text.trim()} is too small for ${type}` };
}
