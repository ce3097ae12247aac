import { cp1252Text, type Reader, type Writer } from '../kernel/index.ts';

/** Bounds of one dimension of an array. */
export type ArrayDimension = { readonly lowerBound: number; readonly length: number };

export function encodeText(w: Writer, text: Uint8Array): void {
  w.bytes(text);
  w.u8(0);
}

/** A text and its NUL, which the length leaves out. */
export function decodeText(r: Reader, length: number): string {
  const text = cp1252Text(r.borrow(length));
  r.skip(1);
  return text;
}

export function encodeDimensions(w: Writer, dimensions: readonly ArrayDimension[]): void {
  for (const { lowerBound, length } of dimensions) {
    w.i32(lowerBound);
    w.u32(length);
  }
}

/** Throws RangeError, before it makes anything, when the bytes up to `end` hold fewer. */
export function decodeDimensions(r: Reader, count: number, end: number): ArrayDimension[] {
  if (r.offset + count * 8 > end) throw new RangeError(`${count} array dimensions do not fit`);
  return Array.from({ length: count }, () => ({ lowerBound: r.i32(), length: r.u32() }));
}
