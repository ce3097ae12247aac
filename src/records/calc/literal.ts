const decimal = /(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?/y;
const hexadecimal = /0X[\dA-F]+/y;
// What C's strtod takes: NAN may have a text of its own in parentheses.
const word = /INFINITY|INF|NAN(?:\([\dA-Z_]*\))?/y;

const SMALLEST_NORMAL = 2 ** -1022;

/** A number, and the length of its text. */
export type Literal = { readonly value: number; readonly length: number };

/**
 * The number at a place of a text in upper case. Hexadecimal numbers are 32 bits with a sign:
 * 0xFFFFFFFF is −1. Undefined where there is none, or one that C refuses as out of range.
 */
export function literalAt(text: string, at: number): Literal | undefined {
  const hex = found(hexadecimal, text, at);
  return hex === undefined ? (wordAt(text, at) ?? decimalAt(text, at)) : hexadecimalOf(hex);
}

function hexadecimalOf(digits: string): Literal | undefined {
  const value = Number(digits);
  return value <= 0xffff_ffff ? { value: value | 0, length: digits.length } : undefined;
}

function wordAt(text: string, at: number): Literal | undefined {
  const name = found(word, text, at);
  if (name === undefined) return undefined;
  return { value: name.startsWith('I') ? Infinity : Number.NaN, length: name.length };
}

function decimalAt(text: string, at: number): Literal | undefined {
  const digits = found(decimal, text, at);
  if (digits === undefined) return undefined;
  const value = Number(digits);
  const isZero = !/[1-9]/.test(digits.split('E')[0] ?? '');
  const fits = isZero || (value >= SMALLEST_NORMAL && value < Infinity);
  return fits ? { value, length: digits.length } : undefined;
}

function found(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
