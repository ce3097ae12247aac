import type { Codec, Reader, Writer } from '../../kernel/index.ts';
import { addNotification, type NotificationRequest } from '../commands/add-notification.ts';
import { type Place, place } from '../commands/read.ts';
import type { ReadWriteRequest } from '../commands/read-write.ts';
import type { WriteRequest } from '../commands/write.ts';

/**
 * What sum commands carry as write data and answer as read data (facts/ads.md section 9). The number
 * of parts travels as the index offset, not in the data: decoding needs to be told.
 */

/** Result and bytes of one part; the bytes are a view of the packet. */
export type SumBytes = { readonly result: number; readonly bytes: Uint8Array };

export type SumHandle = { readonly result: number; readonly handle: number };

/** 0xF080: n × {group, offset, length}. */
export const sumReadRequest = (parts: number): Codec<readonly Place[]> => list(parts, place);

/** 0xF080: n × u32 result, then each part's data as long as was asked, also of parts that failed. */
export const sumReadAnswer = (lengths: readonly number[]): Codec<readonly SumBytes[]> => ({
  encode(w, parts) {
    for (const { result } of parts) w.u32(result);
    parts.forEach(({ bytes }, i) => {
      padded(w, bytes, lengths[i] ?? 0);
    });
  },
  decode(r) {
    const results = lengths.map(() => r.u32());
    return lengths.map((length, i) => ({ result: results[i] ?? 0, bytes: r.borrow(length) }));
  },
});

/** 0xF081: n × {group, offset, length}, then all data. */
export const sumWriteRequest = (parts: number): Codec<readonly WriteRequest[]> => ({
  encode(w, requests) {
    for (const { group, offset, bytes } of requests) {
      place.encode(w, { group, offset, length: bytes.length });
    }
    for (const { bytes } of requests) w.bytes(bytes);
  },
  decode(r) {
    const places = items(parts, () => place.decode(r));
    return places.map(({ group, offset, length }) => ({ group, offset, bytes: r.borrow(length) }));
  },
});

/** 0xF082: n × {group, offset, u32 read length, u32 write length}, then all data. */
export const sumReadWriteRequest = (parts: number): Codec<readonly ReadWriteRequest[]> => ({
  encode(w, requests) {
    for (const { group, offset, readLength, bytes } of requests) {
      w.u32(group);
      w.u32(offset);
      w.u32(readLength);
      w.u32(bytes.length);
    }
    for (const { bytes } of requests) w.bytes(bytes);
  },
  decode(r) {
    const heads = items(parts, () => ({
      group: r.u32(),
      offset: r.u32(),
      readLength: r.u32(),
      writeLength: r.u32(),
    }));
    return heads.map(({ writeLength, ...head }) => ({ ...head, bytes: r.borrow(writeLength) }));
  },
});

/** 0xF082: n × {u32 result, u32 length}, then the data as long as it is. */
export const sumReadWriteAnswer = (parts: number): Codec<readonly SumBytes[]> => ({
  encode(w, answers) {
    for (const { result, bytes } of answers) {
      w.u32(result);
      w.u32(bytes.length);
    }
    for (const { bytes } of answers) w.bytes(bytes);
  },
  decode(r) {
    const heads = items(parts, () => ({ result: r.u32(), length: r.u32() }));
    return heads.map(({ result, length }) => ({ result, bytes: r.borrow(length) }));
  },
});

/** 0xF085: n × the 40 bytes of AddDeviceNotification. */
export const sumAddRequest = (parts: number): Codec<readonly NotificationRequest[]> =>
  list(parts, addNotification.request);

/** 0xF085: n × {u32 result, u32 handle}; there is a place for the handle of parts that failed. */
export const sumAddAnswer = (parts: number): Codec<readonly SumHandle[]> =>
  list(parts, {
    encode(w, { result, handle }) {
      w.u32(result);
      w.u32(handle);
    },
    decode: (r) => ({ result: r.u32(), handle: r.u32() }),
  });

/** n × u32: the handles of 0xF086, and the results of 0xF081 and 0xF086. */
export const sumWords = (parts: number): Codec<readonly number[]> =>
  list(parts, { encode: (w, word) => w.u32(word), decode: (r) => r.u32() });

function list<T>(parts: number, item: Codec<T>): Codec<readonly T[]> {
  return {
    encode(w, values) {
      for (const value of values) item.encode(w, value);
    },
    decode: (r: Reader) => items(parts, () => item.decode(r)),
  };
}

/** Ends with a RangeError where the bytes do, before more items are made than they hold. */
function items<T>(count: number, item: () => T): T[] {
  const made: T[] = [];
  for (let left = count; left > 0; left--) made.push(item());
  return made;
}

/** Cut or filled with zeros to `length`. */
function padded(w: Writer, bytes: Uint8Array, length: number): void {
  w.bytes(bytes.subarray(0, length));
  w.zeros(Math.max(0, length - bytes.length));
}
