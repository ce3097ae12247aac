import type { Slot } from '../../model/index.ts';
import { type Pending, settleAlarm } from '../alarm.ts';
import { memHash } from '../algorithms/mem-hash.ts';
import { elementType, type Row } from '../array.ts';
import type { Columns } from '../columns.ts';
import { EventMask } from '../event.ts';

/** Value of MPST and APST. */
const ON_CHANGE = 1;

/** Ends the processing of a row: posted always, or as MPST and APST say when its hash changes. */
export function settleRow(c: Columns, slot: Slot, pending: Pending): void {
  const alarm = settleAlarm(c, slot, pending);
  const valueRule = c.storedNumber(slot, 'MPST');
  const logRule = c.storedNumber(slot, 'APST');
  const isChanged =
    (valueRule === ON_CHANGE || logRule === ON_CHANGE) && hasNewHash(c, slot, hashOf(c, slot));
  const mask =
    alarm |
    (valueRule !== ON_CHANGE || isChanged ? EventMask.value : 0) |
    (logRule !== ON_CHANGE || isChanged ? EventMask.log : 0);
  if (mask) c.post(slot, mask);
}

function hasNewHash(c: Columns, slot: Slot, hash: number): boolean {
  if (c.storedNumber(slot, 'HASH') === hash) return false;
  c.store(slot, 'HASH', hash);
  return true;
}

function hashOf(c: Columns, slot: Slot): number {
  return memHash(bytesOf(c.array[slot] ?? [], elementType(c, slot)));
}

/** A row as EPICS has it in memory, on a little-endian machine: texts take 40 bytes each. */
function bytesOf(row: Row, type: string): Uint8Array {
  if (!ArrayBuffer.isView(row)) return textBytes(row);
  if (type === 'INT64' || type === 'UINT64') {
    return new Uint8Array(BigInt64Array.from(row, (value) => BigInt(Math.trunc(value))).buffer);
  }
  return new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
}

function textBytes(row: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(row.length * 40);
  row.forEach((text, index) => void bytes.set(Buffer.from(text).subarray(0, 39), index * 40));
  return bytes;
}
