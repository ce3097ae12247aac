import type { NumberArray } from '../model/index.ts';
import type { PvField, PvValue } from '../pv/index.ts';
import { swapped } from './byte-order.ts';
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
  if (base === Base.string) return writtenText(request.bytes, from, count, payloadAt + size, field);
  if (field.maxCount === 1 && !becomesText(field, base)) return numberAt(request.view, from, base);
  return row(request.bytes.subarray(from, from + count * (elementSize[base] ?? 0)), base);
}

/** A real number on its way into a text stays one, by its row, so that it is spelled as one. */
function becomesText({ type }: PvField, base: Base): boolean {
  return (base === Base.double || base === Base.float) && (type === 'STRING' || isLink(type));
}

function isLink(type: PvField['type']): boolean {
  return type === 'INLINK' || type === 'OUTLINK' || type === 'FWDLINK';
}

/** A single text stays one, also for a character array, which takes it as its content. */
function writtenText(
  bytes: Buffer,
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
export function fixedText(bytes: Buffer, from: number, to: number): string {
  const nul = bytes.indexOf(0, from);
  return textAt(bytes, from, nul < 0 || nul > to ? to : nul);
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

/** Elements of a base type in a row of their own. */
export function numbersAt(bytes: Buffer, from: number, base: Base, count: number): NumberArray {
  return row(copyOf(bytes.subarray(from, from + count * (elementSize[base] ?? 0))), base);
}

/**
 * Elements in this machine's byte order, in the received bytes themselves where they lie well: for
 * the call only, a record copies what it keeps.
 */
function row(received: Buffer, base: Base): NumberArray {
  const size = elementSize[base] ?? 1;
  const isAligned = received.byteOffset % size === 0;
  const { buffer, byteOffset: at, length } = swapped(isAligned ? received : copyOf(received), size);
  switch (base) {
    case Base.double:
    case Base.string:
      return new Float64Array(buffer, at, length / size);
    case Base.float:
      return new Float32Array(buffer, at, length / size);
    case Base.long:
      return new Int32Array(buffer, at, length / size);
    case Base.short:
      return new Int16Array(buffer, at, length / size);
    case Base.enum:
      return new Uint16Array(buffer, at, length / size);
    case Base.char:
      return new Uint8Array(buffer, at, length);
  }
}

/** In memory of its own, which begins where every element may. */
function copyOf(received: Buffer): Buffer {
  return Buffer.from(new Uint8Array(received).buffer);
}
