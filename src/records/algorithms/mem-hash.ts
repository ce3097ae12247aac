/** The hash of bytes that EPICS base keeps in HASH of rows. */
export function memHash(bytes: Uint8Array): number {
  let hash = 0;
  for (let i = 0; i < bytes.length; i++) {
    // C's char has a sign on x86.
    const byte = ((bytes[i] ?? 0) << 24) >> 24;
    hash ^= i % 2 === 0 ? ~((hash << 11) ^ byte ^ (hash >>> 5)) : (hash << 7) ^ byte ^ (hash >>> 3);
  }
  return hash >>> 0;
}
