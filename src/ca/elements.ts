import type { NumberArray } from '../model/index.ts';
import { fieldText, type PvValue, parseNumber, type ReadableField, toFloat } from '../pv/index.ts';
import { swapped } from './byte-order.ts';
import { Base, fieldTypeOf } from './dbr.ts';
import { toInt32 } from './number.ts';
import type { Output } from './output.ts';
import { writeText } from './text.ts';

const STRING_BYTES = 40;
/** Elements from which on copying and swapping the whole row is quicker than one after the other. */
const LEAST_BULK = 32;

/** Elements that a value has now. */
export function lengthOf(value: PvValue): number {
  return typeof value === 'object' ? value.length : 1;
}

/**
 * Writes the first `count` elements of a field's value at `at`, converted to `base`; elements that
 * it does not have are zero. False when it cannot be had as this type (facts/ca.md section 5.1).
 */
export function writeElements(
  out: Output,
  at: number,
  base: Base,
  count: number,
  field: ReadableField,
  value: PvValue,
): boolean {
  const known = Math.min(count, lengthOf(value));
  if (base === Base.string) {
    out.zero(at, count * STRING_BYTES);
    return writeStrings(out.bytes, at, known, field, value);
  }
  if (base === Base.char && isWords(field)) {
    out.zero(at, count);
    writeText(out.bytes, at, count - 1, String(value));
    return true;
  }
  const size = [0, 2, 4, 2, 1, 4, 8][base] ?? 0;
  out.zero(at + known * size, (count - known) * size);
  if (field.type.endsWith('LINK')) {
    // The text of a link is no number, even if it looks like one: NaN as a double, else a failure.
    if (base === Base.double && known > 0) out.view.setFloat64(at, Number.NaN);
    return base === Base.double;
  }
  const numbers = numericElements(value, base, known, isLongText(field));
  if (numbers === undefined) return false;
  if (known >= LEAST_BULK && isStoredAs(base, numbers)) {
    writeBulk(out.bytes, at, numbers, known * size, size);
    return true;
  }
  writeNumbers(out.view, at, base, known, numbers, isFloat(field));
  return true;
}

/** Whether the field's own numbers are floating-point: conversions to integers differ. */
export function isFloat(field: ReadableField): boolean {
  return field.type === 'DOUBLE' || field.type === 'FLOAT';
}

/** Links and attributes of records are their characters, with a NUL, when those are asked for. */
function isWords({ type, field }: ReadableField): boolean {
  return type.endsWith('LINK') || field === 'RTYP' || field === 'VERS';
}

/** VAL and OVAL of lsi, lso and printf. */
function isLongText({ recordType, field, type }: ReadableField): boolean {
  const has = field === 'VAL' || field === 'OVAL';
  return has && type === 'STRING' && /^(ls[io]|printf)$/.test(recordType);
}

/** Whether elements lie in memory as they travel, but for their byte order. */
function isStoredAs(base: Base, numbers: ArrayLike<number>): numbers is NumberArray {
  switch (base) {
    case Base.double:
      return numbers instanceof Float64Array;
    case Base.float:
      return numbers instanceof Float32Array;
    case Base.long:
      return numbers instanceof Int32Array || numbers instanceof Uint32Array;
    case Base.short:
    case Base.enum:
      return numbers instanceof Int16Array || numbers instanceof Uint16Array;
    case Base.char:
      return numbers instanceof Uint8Array || numbers instanceof Int8Array;
    case Base.string:
      return false;
  }
}

function writeBulk(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  { buffer, byteOffset }: NumberArray,
  length: number,
  size: number,
): void {
  bytes.set(new Uint8Array(buffer, byteOffset, length), at);
  swapped(Buffer.from(bytes.buffer, bytes.byteOffset + at, length), size);
}

function writeStrings(
  bytes: Uint8Array,
  at: number,
  count: number,
  field: ReadableField,
  value: PvValue,
): boolean {
  // An array of states has no text (facts/ca.md section 5).
  if (field.type === 'ENUM' && field.maxCount > 1 && count > 0) return false;
  for (let i = 0; i < count; i++) {
    const element = typeof value === 'object' ? (value[i] ?? '') : value;
    writeText(bytes, at + i * STRING_BYTES, STRING_BYTES - 1, fieldText(field, element));
  }
  return true;
}

/** The elements as numbers; undefined when a text among them is none. */
function numericElements(
  value: PvValue,
  base: Base,
  count: number,
  isLong: boolean,
): ArrayLike<number> | undefined {
  if (typeof value === 'number') return [value];
  if (typeof value === 'bigint') {
    const isReal = base === Base.double || base === Base.float;
    return [Number(isReal ? value : BigInt.asIntN(32, value))];
  }
  if (typeof value === 'object' && typeof value[0] !== 'string') return value as ArrayLike<number>;
  // The reference server writes the record here, but for long texts; we never do (facts/ca.md section 2.2).
  if (base === Base.enum && !isLong) return undefined;
  const type = base === Base.enum ? 'USHORT' : fieldTypeOf[base];
  const texts = typeof value === 'object' ? (value as readonly string[]) : [value];
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) {
    const number = parseNumber(type, texts[i] ?? '');
    if (typeof number !== 'number') return undefined;
    numbers.push(number);
  }
  return numbers;
}

/** Writes numbers from `at` on, converted to `base`. */
// hot path
export function writeNumbers(
  view: DataView,
  at: number,
  base: Base,
  count: number,
  from: ArrayLike<number>,
  float: boolean,
): void {
  switch (base) {
    case Base.double:
      for (let i = 0, p = at; i < count; i++, p += 8) view.setFloat64(p, from[i]!);
      return;
    case Base.float:
      for (let i = 0, p = at; i < count; i++, p += 4) view.setFloat32(p, toFloat(from[i]!));
      return;
    case Base.long:
      for (let i = 0, p = at; i < count; i++, p += 4) view.setInt32(p, toInt32(from[i]!, float));
      return;
    case Base.short:
    case Base.enum:
      for (let i = 0, p = at; i < count; i++, p += 2) view.setInt16(p, toInt32(from[i]!, float));
      return;
    case Base.char:
      for (let i = 0, p = at; i < count; i++, p += 1) view.setInt8(p, toInt32(from[i]!, float));
      return;
    case Base.string:
      return;
  }
}
