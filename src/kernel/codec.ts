import { MalformedFrame } from './errors.ts';
import { type Endian, Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** How one struct travels: an object literal whose members stand in wire order. */
export interface Codec<T> {
  encode(w: Writer, value: T): void;
  decode(r: Reader): T;
}

/** The bytes of one value, owned by the caller. */
export function encoded<T>(codec: Codec<T>, value: T, endian: Endian = 'le'): Uint8Array {
  const w = new Writer(endian);
  codec.encode(w, value);
  return w.take();
}

/** One value from the start of `bytes`; too few bytes throw MalformedFrame naming `what`. */
export function decoded<T>(
  codec: Codec<T>,
  bytes: Uint8Array,
  what: string,
  endian: Endian = 'le',
): T {
  try {
    return codec.decode(new Reader(bytes, endian));
  } catch (cause) {
    if (cause instanceof RangeError) throw new MalformedFrame(what, bytes, { cause });
    throw cause;
  }
}

/** A struct without members. */
export const nothing: Codec<void> = { encode: () => {}, decode: () => {} };
