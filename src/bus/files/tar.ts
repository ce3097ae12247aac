import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file of an archive. */
export interface TarEntry {
  /** With slashes between folders; at most 100 bytes. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

const BLOCK = 512;

/** Files as a tar.gz, in the ustar form of POSIX.1-1988; `time` is that of all of them, ms since 1970. */
export async function tarGz(entries: readonly TarEntry[], time: number): Promise<Uint8Array> {
  return promisify(gzip)(tar(entries, time));
}

/** The archive as such; it ends with two blocks of zeros. */
export function tar(entries: readonly TarEntry[], time: number): Uint8Array {
  const blocks = entries.flatMap(({ name, content }) => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const padding = new Uint8Array(-bytes.length & (BLOCK - 1));
    return [header(name, bytes.length, time), bytes, padding];
  });
  return Buffer.concat([...blocks, new Uint8Array(2 * BLOCK)]);
}

/** POSIX.1-1988 section 10.1.1; numbers are octal digits with a NUL. */
function header(name: string, size: number, time: number): Uint8Array {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for a tar archive`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(name, 0);
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(Math.floor(time / 1000), 11), 136);
  // The checksum counts its own field as blanks; behind it, 0 is an ordinary file.
  block.write('        0', 148);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)} `, 148);
  return block;
}
