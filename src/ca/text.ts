const encoder = new TextEncoder();

/** Writes at most `capacity` bytes of UTF-8, whole characters only; the rest is left as it is. */
export function writeText(bytes: Uint8Array, at: number, capacity: number, text: string): void {
  encoder.encodeInto(text, bytes.subarray(at, at + capacity));
}
