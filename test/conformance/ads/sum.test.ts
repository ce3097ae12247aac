import { describe, expect, it } from 'vitest';
import {
  sumAddAnswer,
  sumAddRequest,
  sumReadAnswer,
  sumReadRequest,
  sumReadWriteAnswer,
  sumReadWriteRequest,
  sumWords,
  sumWriteRequest,
} from '../../../src/ads/index.ts';
import { type Codec, decoded, encoded } from '../../../src/kernel/index.ts';
import { bytes, hex } from '../../ads/bytes.ts';

/** Both directions at once: the value is these bytes, and these bytes are the value. */
function same<T>(codec: Codec<T>, value: T, wire: string): void {
  expect(hex(encoded(codec, value))).toBe(hex(bytes(wire)));
  expect(decoded(codec, bytes(wire), 'it')).toEqual(value);
}

// facts/ads.md sections 3 (the first vector) and 9.
describe('what sum commands carry', () => {
  it('read of (F021,3,1) and (F031,9,2)', () => {
    const places = [
      { group: 0xf021, offset: 3, length: 1 },
      { group: 0xf031, offset: 9, length: 2 },
    ];
    const wire = '21 f0 00 00 03 00 00 00 01 00 00 00 31 f0 00 00 09 00 00 00 02 00 00 00';
    same(sumReadRequest(2), places, wire);
  });

  it('the answer to a read: a part that failed has its place', () => {
    const parts = [
      { result: 0x702, bytes: bytes('00') },
      { result: 0, bytes: bytes('34 12') },
    ];
    same(sumReadAnswer([1, 2]), parts, '02 07 00 00 00 00 00 00 00 34 12');
  });

  it('write: places, then data', () => {
    const writes = [
      { group: 0xf021, offset: 3, bytes: bytes('01') },
      { group: 0xf020, offset: 9, bytes: bytes('34 12') },
    ];
    const places = '21 f0 00 00 03 00 00 00 01 00 00 00 20 f0 00 00 09 00 00 00 02 00 00 00';
    same(sumWriteRequest(2), writes, `${places} 01 34 12`);
  });

  it('read-write: heads, then data', () => {
    const requests = [
      { group: 0xf003, offset: 0, readLength: 4, bytes: bytes('41 00') },
      { group: 0xf009, offset: 0, readLength: 255, bytes: bytes('42 43 00') },
    ];
    const heads =
      '03 f0 00 00 00 00 00 00 04 00 00 00 02 00 00 00 ' +
      '09 f0 00 00 00 00 00 00 ff 00 00 00 03 00 00 00';
    same(sumReadWriteRequest(2), requests, `${heads} 41 00 42 43 00`);
  });

  it('the answer to a read-write: data as long as it is', () => {
    const parts = [
      { result: 0, bytes: bytes('07 00 00 80') },
      { result: 0x710, bytes: bytes('') },
    ];
    const wire = '00 00 00 00 04 00 00 00 10 07 00 00 00 00 00 00 07 00 00 80';
    same(sumReadWriteAnswer(2), parts, wire);
  });

  it('add notifications, and their answer', () => {
    const request = { group: 0xf005, offset: 0x1000, length: 1, mode: 3 };
    const requests = [{ ...request, maxDelay: 100_000, cycleTime: 100_000 }];
    const wire =
      '05 f0 00 00 00 10 00 00 01 00 00 00 03 00 00 00 a0 86 01 00 a0 86 01 00 ' +
      '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00';
    same(sumAddRequest(1), requests, wire);
    const parts = [
      { result: 0, handle: 9 },
      { result: 0x716, handle: 0 },
    ];
    same(sumAddAnswer(2), parts, '00 00 00 00 09 00 00 00 16 07 00 00 00 00 00 00');
  });

  it('handles to delete, and results', () => {
    same(sumWords(2), [9, 0x714], '09 00 00 00 14 07 00 00');
  });
});
