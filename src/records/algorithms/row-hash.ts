import type { Row } from '../array.ts';

/** What EPICS base keeps in HASH of rows: the hash of their bytes, texts of 40 bytes each. */
export function rowHash(row: Row, type: string): number {
  return memHash(ArrayBuffer.isView(row) ? numberBytes(row, type) : textBytes(row));
}

function memHash(bytes: Uint8Array): number {
  let hash = 0;
  for (let i = 0; i < bytes.length; i++) {
    // C's char has a sign on x86.
    const byte = ((bytes[i] ?? 0) << 24) >> 24;
    hash ^= i % 2 === 0 ? ~((hash << 11) ^ byte ^ (hash >>> 5)) : (hash << 7) ^ byte ^ (hash >>> 3);
  }
  return hash >>> 0;
}

function numberBytes(row: Exclude<Row, readonly string[]>, type: string): Uint8Array {
  if (type !== 'INT64' && type !== 'UINT64') {
    return new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
  }
  const whole = BigInt64Array.from(row, (value) => BigInt.asIntN(64, BigInt(Math.trunc(value))));
  return new Uint8Array(whole.buffer);
}

function textBytes(row: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(row.length * 40);
  row.forEach((text, index) => {
    bytes.set(Buffer.from(text).subarray(0, 39), index * 40);
  });
  return bytes;
}
