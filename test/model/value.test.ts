import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexExcerpt } from '../../src/kernel/index.ts';
import {
  arrayOf,
  bool,
  type Datatype,
  decodeValue,
  encodeValue,
  f32,
  i16,
  i32,
  i64,
  int,
  text,
  u16,
  u32,
  u64,
} from '../../src/model/index.ts';

describe('encodeValue and decodeValue', () => {
  it('put numbers down little-endian', () => {
    const rows: [Datatype, number | bigint | string, string][] = [
      [bool, 1, '01'],
      [i16, -2, 'fe ff'],
      [u16, 65535, 'ff ff'],
      [i32, -1_000_000, 'c0 bd f0 ff'],
      [u32, 0xdeadbeef, 'ef be ad de'],
      [f32, 1.5, '00 00 c0 3f'],
      [u64, 2n ** 63n, '00 00 00 00 00 00 00 80'],
      [text(6), 'EL10', '45 4c 31 30 00 00'],
    ];
    for (const [datatype, value, hex] of rows) {
      expect(hexExcerpt(encodeValue(datatype, value))).toBe(hex);
      expect(decodeValue(datatype, encodeValue(datatype, value))).toEqual(value);
    }
  });

  it('round-trip every integer of every width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.boolean(), fc.bigInt(), (bits, signed, n) => {
        const value = signed ? BigInt.asIntN(bits, n) : BigInt.asUintN(bits, n);
        const datatype = int(bits, signed);
        // A field of 33 to 63 bits is read as part of eight bytes.
        const bytes = new Uint8Array(8);
        bytes.set(encodeValue(datatype, bits > 32 ? value : Number(value)));
        expect(BigInt(decodeValue(datatype, bytes) as number | bigint)).toBe(value);
      }),
    );
  });

  it('fill a short array with zeros and cut a long one', () => {
    const pair = arrayOf(i16, 2);
    expect(hexExcerpt(encodeValue(pair, Int16Array.of(1)))).toBe('01 00 00 00');
    expect(hexExcerpt(encodeValue(pair, Int16Array.of(1, 2, 3)))).toBe('01 00 02 00');
    expect(decodeValue(pair, Uint8Array.of(1, 0, 0xff, 0xff))).toEqual(Int16Array.of(1, -1));
  });

  it('cut a text that is longer than its place', () => {
    expect(decodeValue(text(3), encodeValue(text(3), 'abcdef'))).toBe('abc');
  });

  it('refuse bytes that are too few', () => {
    for (const datatype of [i16, u32, i64, arrayOf(i16, 2)]) {
      expect(() => decodeValue(datatype, Uint8Array.of(1))).toThrow(RangeError);
    }
  });
});
