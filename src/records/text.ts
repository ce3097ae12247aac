import type { NumberArray } from '../model/index.ts';

/** Bytes of a text in UTF-8, which is what clients get. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

/** The longest start of a text that takes at most `bytes` bytes of UTF-8 and splits no character. */
export function cutText(text: string, bytes: number): string {
  if (text.length * 3 <= bytes || utf8Length(text) <= bytes) return text;
  const encoded = Buffer.from(text);
  let end = bytes;
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end--;
  return encoded.toString('utf8', 0, end);
}

/** The text in a row of characters, up to its NUL. */
export function textOfRow(row: NumberArray | readonly string[]): string {
  const bytes = Buffer.from(Uint8Array.from(row as ArrayLike<number>));
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? undefined : end);
}
