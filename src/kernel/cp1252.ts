// TwinCAT strings are Windows-1252 (facts/ads.md, head). TextDecoder cannot be used: Node 20 decodes
// windows-1252 as Latin-1. The 32 characters from 0x80 on, the five unassigned ones as controls:
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const charOfByte = Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 && byte < 0xa0 ? (HIGH[byte - 0x80] ?? '?') : String.fromCharCode(byte),
);
const byteOfChar = new Map(charOfByte.map((char, byte) => [char, byte]));

/** Text of Windows-1252 bytes up to the first NUL. */
export function cp1252Text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  let text = '';
  for (const byte of end < 0 ? bytes : bytes.subarray(0, end)) text += charOfByte[byte];
  return text;
}

/** Windows-1252 bytes of a text, without NUL; a character that has none becomes `?`. */
export function cp1252Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => byteOfChar.get(char) ?? 0x3f);
}
