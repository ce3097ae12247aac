import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { castNumber, type FieldType, toFloat, toInt32 } from '../../src/records/index.ts';

describe('castNumber', () => {
  it.each<[FieldType, number | bigint, number | bigint]>([
    ['LONG', 2.9, 2],
    ['LONG', -2.9, -2],
    ['LONG', 3e9, -2147483648],
    ['LONG', Number.NaN, -2147483648],
    ['LONG', 0x1_0000_0001n, 1],
    ['SHORT', 70000, 4464],
    ['USHORT', -1, 65535],
    ['ENUM', 65537, 1],
    ['UCHAR', 257, 1],
    ['CHAR', 255, -1],
    ['ULONG', -1, 4294967295],
    ['ULONG', Number.NaN, 0],
    ['ULONG', 1e18, Number((10n ** 18n) & 0xffff_ffffn)],
    ['USHORT', 1e30, 0],
    ['INT64', 1.5, 1n],
    ['INT64', Number.POSITIVE_INFINITY, -(2n ** 63n)],
    ['UINT64', -1n, 2n ** 64n - 1n],
    ['DOUBLE', 2n ** 53n, 2 ** 53],
    ['FLOAT', 1e39, 3.4028234663852886e38],
  ])('%s makes of %s %s', (type, value, expected) => {
    expect(castNumber(type, value)).toBe(expected);
  });

  it('keeps integers that fit', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(castNumber('LONG', value)).toBe(value);
        expect(toInt32(value)).toBe(value);
      }),
    );
  });
});

describe('toFloat', () => {
  it('saturates finite numbers at both ends of the float', () => {
    expect(toFloat(-1e300)).toBe(-3.4028234663852886e38);
    expect(toFloat(1e-300)).toBe(1.1754943508222875e-38);
  });

  it('leaves zero, infinity and NaN', () => {
    expect(toFloat(0)).toBe(0);
    expect(toFloat(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(toFloat(Number.NaN)).toBeNaN();
  });
});
