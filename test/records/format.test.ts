import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDouble, formatFloat } from '../../src/records/index.ts';

// Vectors: facts/ca.md section 5.1, and C's printf for the branches that use it.
describe('formatDouble', () => {
  it.each([
    [1.23456789, 3, '1.235'],
    [Number.POSITIVE_INFINITY, 3, '       inf'],
    [Number.NEGATIVE_INFINITY, 3, '      -inf'],
    [Number.NaN, 3, 'nan'],
    [1e10, 3, '10000000000.000'],
    [1e300, 3, '1.000e+300'],
    [-1e300, 3, '-1.000e+300'],
    [0, 0, '0'],
    [0, 2, '0.00'],
    [2.5, 0, '3'],
    [9.999, 2, '10.00'],
    [0.5, 1, '0.5'],
    [-0.0001, 2, '-0.00'],
    [1234567.891, 8, '1234567.89100000'],
    [1.5, 9, ' 1.500000000e+00'],
    [1e-5, 12, '1.000000000000e-05'.padStart(19)],
    [0, -1, '0.00000000000000000e+00'.padStart(24)],
    [1e16, 5, '10000000000000000.000'],
  ])('writes %d with PREC %d as "%s"', (value, precision, text) => {
    expect(formatDouble(value, precision)).toBe(text);
  });

  it('cuts to three digits above ten million', () => {
    expect(formatDouble(12345678.987654, 6)).toBe('12345678.988');
  });

  it('rounds exact halves to even where C does', () => {
    expect(formatDouble(10000000.0625, 3)).toBe('10000000.062');
    expect(formatDouble(10000000.5, 0)).toBe('10000000');
    expect(formatDouble(10000001.5, 0)).toBe('10000002');
  });

  it('comes back within half a digit for plain numbers', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e7, max: 1e7, noNaN: true }),
        fc.integer({ min: 0, max: 8 }),
        (value, precision) => {
          const back = Number(formatDouble(value, precision));
          expect(Math.abs(back - value)).toBeLessThanOrEqual(0.5000001 * 10 ** -precision + 1e-8);
        },
      ),
    );
  });

  it('never throws and never writes nothing', () => {
    fc.assert(
      fc.property(fc.double(), fc.integer({ min: -32768, max: 32767 }), (value, precision) => {
        expect(formatDouble(value, precision).length).toBeGreaterThan(0);
        expect(formatFloat(value, precision).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('formatFloat', () => {
  it.each([
    [Math.fround(1.23456789), 3, '1.235'],
    [1e8, 3, '1.000e+08'],
    [20000000, 5, '20000000.000'],
    [1.5, 9, '1.500000000e+00'],
    [1.5, 20, '1.500000000000e+00'],
  ])('writes %d with PREC %d as "%s"', (value, precision, text) => {
    expect(formatFloat(value, precision)).toBe(text);
  });
});
