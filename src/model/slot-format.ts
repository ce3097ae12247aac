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
