import { cp1252Bytes, cp1252Text } from '../kernel/index.ts';
import { byteLength, type Datatype, type NumericDatatype } from './datatype.ts';

/** Numbers of one kind in a row. 64-bit integers in arrays travel as doubles. */
export type NumberArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** A decoded value. Integers of more than 53 bits are bigint, everything numeric else is number. */
export type Value = number | bigint | string | NumberArray;

/** The value that `bytes` hold, read from their start. Too few bytes throw a RangeError. */
export function decodeValue(datatype: Datatype, bytes: Uint8Array): Value {
  switch (datatype.kind) {
    case 'string':
      return cp1252Text(bytes.subarray(0, datatype.bytes));
    case 'array':
      return decodeArray(datatype.element, datatype.count, bytes);
    case 'bool':
    case 'int':
    case 'float':
      return decodeNumber(datatype, viewOf(bytes), 0);
  }
}

/**
 * The plant's bytes for a value: numbers are rounded and wrapped to the type's bits, text is cut
 * and NUL-filled, a shorter array leaves zeros.
 */
export function encodeValue(datatype: Datatype, value: Value): Uint8Array {
  const bytes = new Uint8Array(byteLength(datatype));
  switch (datatype.kind) {
    case 'string':
      bytes.set(cp1252Bytes(String(value)).subarray(0, datatype.bytes));
      break;
    case 'array':
      encodeArray(datatype.element, value, bytes);
      break;
    case 'bool':
    case 'int':
    case 'float':
      encodeNumber(datatype, viewOf(bytes), 0, typeof value === 'bigint' ? value : Number(value));
  }
  return bytes;
}

function decodeArray(element: NumericDatatype, count: number, bytes: Uint8Array): NumberArray {
  const view = viewOf(bytes);
  const step = byteLength(element);
  const target = arrayFor(element, count);
  for (let i = 0; i < count; i++) target[i] = Number(decodeNumber(element, view, i * step));
  return target;
}

function encodeArray(element: NumericDatatype, value: Value, bytes: Uint8Array): void {
  const view = viewOf(bytes);
  const step = byteLength(element);
  const source = typeof value === 'object' ? value : [Number(value)];
  const count = Math.min(source.length, bytes.length / step);
  for (let i = 0; i < count; i++) encodeNumber(element, view, i * step, source[i] ?? 0);
}

/** An empty array of the narrowest type that holds every element exactly (64-bit: double). */
export function arrayFor(element: NumericDatatype, count: number): NumberArray {
  if (element.kind === 'float') {
    return element.bits === 32 ? new Float32Array(count) : new Float64Array(count);
  }
  if (element.kind === 'bool') return new Uint8Array(count);
  const { bits, signed } = element;
  if (bits <= 8) return signed ? new Int8Array(count) : new Uint8Array(count);
  if (bits <= 16) return signed ? new Int16Array(count) : new Uint16Array(count);
  if (bits <= 32) return signed ? new Int32Array(count) : new Uint32Array(count);
  return new Float64Array(count);
}

function decodeNumber(type: NumericDatatype, view: DataView, at: number): number | bigint {
  if (type.kind === 'bool') return view.getUint8(at) & 1;
  if (type.kind === 'float') {
    return type.bits === 32 ? view.getFloat32(at, true) : view.getFloat64(at, true);
  }
  const { bits, signed } = type;
  if (bits > 32) {
    const raw = view.getBigUint64(at, true);
    return signed ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw);
  }
  const raw = readUint(view, at, Math.ceil(bits / 8));
  const unsigned = bits === 32 ? raw : raw & (2 ** bits - 1);
  return signed && unsigned >= 2 ** (bits - 1) ? unsigned - 2 ** bits : unsigned;
}

function encodeNumber(
  type: NumericDatatype,
  view: DataView,
  at: number,
  value: number | bigint,
): void {
  if (type.kind === 'bool') {
    view.setUint8(at, Number(value) === 0 ? 0 : 1);
    return;
  }
  if (type.kind === 'float') {
    if (type.bits === 32) view.setFloat32(at, Number(value), true);
    else view.setFloat64(at, Number(value), true);
    return;
  }
  const whole = typeof value === 'bigint' ? value : BigInt(Math.round(finite(value)));
  const raw = BigInt.asUintN(type.bits, whole);
  for (let i = 0; i < Math.ceil(type.bits / 8); i++) {
    view.setUint8(at + i, Number((raw >> BigInt(8 * i)) & 0xffn));
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function readUint(view: DataView, at: number, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + view.getUint8(at + i);
  return value;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
