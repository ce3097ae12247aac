import type { NumberArray } from '../model/index.ts';
import type { PvField, PvValue } from '../pv/index.ts';
import { Base, baseOf, elementSize, valueOffset } from './dbr.ts';
import { type Request, textAt } from './header.ts';

const STRING_BYTES = 40;

/**
 * The value that a WRITE carries, in the element type it travels in: one element for a scalar
 * field, else a row of its own. More elements than the field holds are cut off. Undefined when
 * the payload holds fewer than it says, or none for a scalar (facts/ca.md sections 2.2 and 6).
 */
export function writtenValue(request: Request, field: PvField): PvValue | undefined {
  const { type, payloadAt, size } = request;
  const base = baseOf(type);
  const count = Math.min(request.count, field.maxCount);
  const from = payloadAt + (valueOffset[type] ?? 0);
  const room = payloadAt + size - from;
  // libca sends a single text as long as it is, not in 40 bytes.
  const needed = request.count * (elementSize[type] ?? 0);
  const single = base === Base.string && request.count === 1 && room > 0;
  if (!single && room < needed) return undefined;
  if (field.maxCount === 1 && count === 0) return undefined;
  return base === Base.string
    ? writtenText(request.bytes, from, count, payloadAt + size, field)
    : writtenNumbers(request.view, from, base, count, field.maxCount === 1);
}

/** A single text stays one, also for a character array, which takes it as its content. */
function writtenText(
  bytes: Uint8Array,
  from: number,
  count: number,
  end: number,
  field: PvField,
): PvValue {
  const texts = Array.from({ length: count }, (_, i) =>
    fixedText(bytes, from + i * STRING_BYTES, Math.min(from + (i + 1) * STRING_BYTES, end)),
  );
  const scalar = field.maxCount === 1 || (count === 1 && field.type !== 'STRING');
  return scalar ? (texts[0] ?? '') : texts;
}

/** Text up to its NUL, at most up to `to`. */
export function fixedText(bytes: Uint8Array, from: number, to: number): string {
  const nul = bytes.indexOf(0, from);
  return textAt(bytes, from, nul < 0 || nul > to ? to : nul);
}

function writtenNumbers(
  view: DataView,
  from: number,
  base: Base,
  count: number,
  scalar: boolean,
): PvValue {
  return scalar ? numberAt(view, from, base) : numbersAt(view, from, base, count);
}

/** One number of a base type; 0 of a text. */
export function numberAt(view: DataView, from: number, base: Base): number {
  switch (base) {
    case Base.double:
      return view.getFloat64(from);
    case Base.float:
      return view.getFloat32(from);
    case Base.long:
      return view.getInt32(from);
    case Base.short:
      return view.getInt16(from);
    case Base.enum:
      return view.getUint16(from);
    case Base.char:
      return view.getUint8(from);
    case Base.string:
      return 0;
  }
}

/** Elements in a row of their own: the received bytes belong to the circuit. */
// hot path
export function numbersAt(view: DataView, from: number, base: Base, count: number): NumberArray {
  switch (base) {
    case Base.double:
    case Base.string: {
      const numbers = new Float64Array(count);
      for (let i = 0, p = from; i < count; i++, p += 8) numbers[i] = view.getFloat64(p);
      return numbers;
    }
    case Base.float: {
      const numbers = new Float32Array(count);
      for (let i = 0, p = from; i < count; i++, p += 4) numbers[i] = view.getFloat32(p);
      return numbers;
    }
    case Base.long: {
      const numbers = new Int32Array(count);
      for (let i = 0, p = from; i < count; i++, p += 4) numbers[i] = view.getInt32(p);
      return numbers;
    }
    case Base.short: {
      const numbers = new Int16Array(count);
      for (let i = 0, p = from; i < count; i++, p += 2) numbers[i] = view.getInt16(p);
      return numbers;
    }
    case Base.enum: {
      const numbers = new Uint16Array(count);
      for (let i = 0, p = from; i < count; i++, p += 2) numbers[i] = view.getUint16(p);
      return numbers;
    }
    case Base.char: {
      const numbers = new Uint8Array(count);
      for (let i = 0; i < count; i++) numbers[i] = view.getUint8(from + i);
      return numbers;
    }
  }
}
