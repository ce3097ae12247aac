import type { NumberArray, Slot } from '../model/index.ts';
import type { Columns } from './columns.ts';
import { formatDouble, formatFloat } from './format.ts';
import { elementTypes } from './menus.ts';
import { castNumber } from './numbers.ts';
import { parseNumber } from './parse.ts';
import type { PvValue } from './put.ts';
import type { FieldShape } from './record-type.ts';
import { cutText } from './text.ts';

/** Element type of a waveform, as FTVL names it. */
export type ElementType = (typeof elementTypes)[number];

/** What a waveform holds; 64-bit integers as doubles. */
export type Row = NumberArray | readonly string[];

export function elementType(c: Columns, slot: Slot): ElementType {
  return elementTypes[c.storedNumber(slot, 'FTVL')] ?? 'STRING';
}

/** NELM. */
export function capacity(c: Columns, slot: Slot): number {
  return c.storedNumber(slot, 'NELM', 1);
}

/**
 * A put's row as a waveform of this type holds it: a copy, cut to `capacity`; or why it cannot.
 * `precision`: digits of numbers that become text.
 */
export function convertRow(
  type: ElementType,
  row: Row,
  capacity: number,
  precision = 6,
): { readonly row: Row } | { readonly error: string } {
  const length = Math.min(row.length, capacity);
  if (type === 'STRING') {
    return { row: Array.from({ length }, (_, i) => elementText(row, i, precision)) };
  }
  const target = emptyRow(type, length) as NumberArray;
  if (!ArrayBuffer.isView(row)) {
    if (type === 'ENUM') return { error: 'states of a row have no names' };
    return parseRow(type, row, target);
  }
  if (castsInBulk(type, row)) target.set(row.subarray(0, length));
  else for (let i = 0; i < length; i++) target[i] = Number(castNumber(type, row[i] ?? 0));
  return { row: target };
}

/** Whether what JavaScript does when it copies a row is what C does. */
function castsInBulk(type: ElementType, row: NumberArray): boolean {
  const isFloat = row instanceof Float64Array || row instanceof Float32Array;
  switch (type) {
    case 'DOUBLE':
      return true;
    // Too large saturates in EPICS, and is infinite in JavaScript.
    case 'FLOAT':
      return !(row instanceof Float64Array);
    // Too large is the least number in C, and wraps in JavaScript.
    default:
      return !isFloat;
  }
}

function parseRow(
  type: ElementType,
  texts: readonly string[],
  target: NumberArray,
): { readonly row: Row } | { readonly error: string } {
  for (let i = 0; i < target.length; i++) {
    const number = parse(type, texts[i] ?? '');
    if (typeof number === 'object') return { error: `element ${i}: ${number.error}` };
    target[i] = Number(number);
  }
  return { row: target };
}

/** Makes a row, which nobody else will change, the value of a record. */
export function storeRow(c: Columns, slot: Slot, row: Row): void {
  c.array[slot] = row;
}

/** Makes a value the row of a record, converted; one that cannot be is passed over. */
export function takeRow(c: Columns, slot: Slot, value: PvValue): void {
  const converted = convertRow(elementType(c, slot), asRow(value), capacity(c, slot));
  if ('row' in converted) c.array[slot] = converted.row;
}

/** What VAL of a record with FTVL and NELM is. */
export function rowShape(c: Columns, slot: Slot): FieldShape {
  const type = elementType(c, slot);
  return { type, maxCount: capacity(c, slot), size: type === 'STRING' ? 40 : 0 };
}

/** Whether a row differs from the one last posted. */
export function isNewRow(c: Columns, slot: Slot): boolean {
  const row = c.array[slot];
  const before = c.postedArray[slot];
  return row !== undefined && row !== before && !equalRows(before, row);
}

function parse(type: ElementType, text: string): number | bigint | { readonly error: string } {
  return parseNumber(type === 'STRING' || type === 'ENUM' ? 'USHORT' : type, text);
}

function elementText(row: Row, at: number, precision: number): string {
  if (row instanceof Float64Array || row instanceof Float32Array) {
    return cutText(realText(row, at, precision), 39);
  }
  return cutText(String(row[at] ?? ''), 39);
}

/** A number of a row as EPICS spells one of its kind. */
export function realText(row: Float64Array | Float32Array, at: number, precision: number): string {
  const value = row[at] ?? 0;
  return row instanceof Float32Array
    ? formatFloat(value, precision)
    : formatDouble(value, precision);
}

function equalRows(a: Row | undefined, b: Row): boolean {
  return a !== undefined && a.length === b.length && b.every((x, i) => Object.is(x, a[i]));
}

/** What the plant sent, with the record's gain and offset. */
export function scaledRow(c: Columns, slot: Slot, row: NumberArray): NumberArray {
  const gain = c.gain[slot] ?? 1;
  const offset = c.offset[slot] ?? 0;
  if (gain === 1 && offset === 0) return row;
  return Float64Array.from(row, (raw) => raw * gain + offset);
}

/** A put's value as a row; a scalar is a row of one. */
export function asRow(value: PvValue): Row {
  if (typeof value === 'string') return [value];
  if (typeof value === 'object') return value;
  return Float64Array.of(Number(value));
}

/** An empty row of an element type. */
export function emptyRow(type: ElementType, length: number): Row {
  switch (type) {
    case 'STRING':
      return new Array<string>(length).fill('');
    case 'CHAR':
      return new Int8Array(length);
    case 'UCHAR':
      return new Uint8Array(length);
    case 'SHORT':
      return new Int16Array(length);
    case 'USHORT':
    case 'ENUM':
      return new Uint16Array(length);
    case 'LONG':
      return new Int32Array(length);
    case 'ULONG':
      return new Uint32Array(length);
    case 'FLOAT':
      return new Float32Array(length);
    default:
      return new Float64Array(length);
  }
}
