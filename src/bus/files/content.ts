import { Readable } from 'node:stream';
import type { Content } from './request.ts';

/** Text as a file. */
export function textContent(text: string): Content {
  return bytesContent(Buffer.from(text));
}

export function bytesContent(bytes: Uint8Array): Content {
  return { bytes: bytes.length, open: () => Readable.from([bytes], { objectMode: false }) };
}
