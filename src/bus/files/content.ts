import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Content } from './request.ts';

/** Text as a file. */
export function textContent(text: string): Content {
  return bytesContent(Buffer.from(text));
}

export function bytesContent(bytes: Uint8Array): Content {
  return { bytes: bytes.length, open: () => Readable.from([bytes], { objectMode: false }) };
}

/** A file as far as it reaches now: one that grows is not sent longer than was said. */
export async function fileContent(path: string): Promise<Content> {
  const { size } = await stat(path);
  if (size === 0) return bytesContent(new Uint8Array());
  return { bytes: size, open: () => createReadStream(path, { end: size - 1 }) };
}
