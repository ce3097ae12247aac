// TwinCAT strings are Windows-1252 (facts/ads.md, head). WHATWG's windows-1252 decodes all 256 bytes.
const decoder = new TextDecoder('windows-1252');

const byteOfChar = new Map<string, number>(
  Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
);

/** Text of Windows-1252 bytes up to the first NUL. */
export function cp1252Text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Windows-1252 bytes of a text, without NUL; a character that has none becomes `?`. */
export function cp1252Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => byteOfChar.get(char) ?? 0x3f);
}
