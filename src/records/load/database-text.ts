import type { FieldValue } from '../columns.ts';
import type { FieldDefinition } from '../field-table.ts';
import type { FieldType } from '../field-type.ts';
import { type ParseError, parseNumber } from '../parse.ts';
import { utf8Length } from '../text.ts';

/** Menu value that means "none chosen" where a record type gives it (SSCN). */
const UNSET = 65535;

/**
 * The value that a database file's text gives a field: stricter than a put, as in EPICS. Whole
 * numbers may be hexadecimal or octal, nothing may follow a number, a text must fit.
 */
export function databaseValue(field: FieldDefinition, text: string): FieldValue | ParseError {
  switch (field.type) {
    case 'STRING':
      return fitting(field, text);
    case 'INLINK':
    case 'OUTLINK':
    case 'FWDLINK':
      return text;
    case 'MENU':
    case 'DEVICE':
      return choiceOf(field, text);
    case 'DOUBLE':
    case 'FLOAT':
      return realNumber(field.type, text);
    default:
      return wholeNumber(field.type, text);
  }
}

/** VAL of an lsi has no size of its own: its record has one. */
function fitting({ size }: FieldDefinition, text: string): FieldValue | ParseError {
  const length = utf8Length(text);
  if (size === 0 || length < size) return text;
  return { error: `it has ${length} bytes, and ${size - 1} are the most` };
}

function choiceOf({ choices, type }: FieldDefinition, text: string): FieldValue | ParseError {
  if (text === '') return 0;
  const exact = choices.indexOf(text);
  if (exact >= 0) return exact;
  const index = wholeNumber('USHORT', text);
  const isChoice = typeof index === 'number' && (index < choices.length || index === UNSET);
  if (isChoice) return index;
  if (choices.length === 0) return { error: 'this record type has no device support' };
  const what = type === 'MENU' ? 'choices' : 'device supports';
  return { error: `${what} are ${choices.map((choice) => `"${choice}"`).join(', ')}` };
}

function realNumber(type: FieldType, text: string): FieldValue | ParseError {
  if (text === '') return 0;
  const number = /^\s*[+-]?(0x[\da-f.]+(p[+-]?\d+)?|[\d.]+(e[+-]?\d+)?|inf(inity)?|nan)\s*$/i;
  return number.test(text) ? parseNumber(type, text) : { error: 'a number is expected' };
}

const ranges: Readonly<Partial<Record<FieldType, readonly [bigint, bigint]>>> = {
  CHAR: [-128n, 127n],
  UCHAR: [0n, 255n],
  SHORT: [-32768n, 32767n],
  USHORT: [0n, 65535n],
  ENUM: [0n, 65535n],
  LONG: [-(2n ** 31n), 2n ** 31n - 1n],
  ULONG: [0n, 2n ** 32n - 1n],
  INT64: [-(2n ** 63n), 2n ** 63n - 1n],
  UINT64: [0n, 2n ** 64n - 1n],
};

function wholeNumber(type: FieldType, text: string): FieldValue | ParseError {
  const [low, high] = ranges[type] ?? [0n, 0n];
  const found = /^\s*([+-]?)(0x[\da-f]+|\d+)\s*$/i.exec(text === '' ? '0' : text);
  if (!found) return { error: `a whole number from ${low} to ${high} is expected` };
  const [, sign, digits = '0'] = found;
  const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = sign === '-' ? -size : size;
  if (value < low || value > high) return { error: `it is not from ${low} to ${high}` };
  return type === 'INT64' || type === 'UINT64' ? value : Number(value);
}
