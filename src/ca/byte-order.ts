import { endianness } from 'node:os';

const isLittle = endianness() === 'LE';

/** Turns elements of `size` bytes from the wire's order into this machine's, or back, in place. */
export function swapped(bytes: Buffer, size: number): Buffer {
  if (!isLittle) return bytes;
  switch (size) {
    case 8:
      return bytes.swap64();
    case 4:
      return bytes.swap32();
    case 2:
      return bytes.swap16();
    default:
      return bytes;
  }
}
