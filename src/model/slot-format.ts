import type { Datatype } from './datatype.ts';

/** How the number of a slot is read from the image. */
export const Format = {
  none: 0,
  bits: 1,
  u8: 2,
  i8: 3,
  u16: 4,
  i16: 5,
  u32: 6,
  i32: 7,
  f32: 8,
  f64: 9,
  i64: 10,
  u64: 11,
  other: 12,
} as const;

/** Bits of a field inside a word; 0 for a value that fills its bytes. */
export function bitField(datatype: Datatype): number {
  if (datatype.kind === 'bool') return 1;
  if (datatype.kind !== 'int') return 0;
  return [8, 16, 32, 64].includes(datatype.bits) ? 0 : datatype.bits;
}

/** Format of a value that fills its bytes. */
export function formatOf(datatype: Datatype): number {
  if (datatype.kind === 'float') return datatype.bits === 32 ? Format.f32 : Format.f64;
  if (datatype.kind !== 'int') return Format.other;
  const name = `${datatype.signed ? 'i' : 'u'}${datatype.bits}`;
  return Format[name as keyof typeof Format];
}

// hot path
/** The number of a format at a byte; 64-bit integers lose what a double cannot hold, texts are NaN. */
export function readNumber(view: DataView, at: number, format: number): number {
  switch (format) {
    case Format.u8:
      return view.getUint8(at);
    case Format.i8:
      return view.getInt8(at);
    case Format.u16:
      return view.getUint16(at, true);
    case Format.i16:
      return view.getInt16(at, true);
    case Format.u32:
      return view.getUint32(at, true);
    case Format.i32:
      return view.getInt32(at, true);
    case Format.f32:
      return view.getFloat32(at, true);
    case Format.f64:
      return view.getFloat64(at, true);
    case Format.i64:
      return Number(view.getBigInt64(at, true));
    case Format.u64:
      return Number(view.getBigUint64(at, true));
    default:
      return Number.NaN;
  }
}

// hot path
/** A field of up to 31 bits that lies within `length` bytes, at most four. */
export function readBits(
  bytes: Uint8Array,
  at: number,
  length: number,
  shift: number,
  width: number,
): number {
  let word = bytes[at]!;
  for (let i = 1; i < length; i++) word |= bytes[at + i]! << (8 * i);
  return (word >>> shift) & ((1 << width) - 1);
}

/** A typed array of twice the room or more, with what was in the old one. */
export function grown<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  from: T,
  to: T,
): T {
  to.set(from);
  return to;
}
