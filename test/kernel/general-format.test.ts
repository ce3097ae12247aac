import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatGeneral } from '../../src/kernel/index.ts';

describe('a number with general format', () => {
  // As printf("%.6g") prints them.
  it.each([
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [-2.5, '-2.5'],
    [0.1, '0.1'],
    [100000, '100000'],
    [999999.5, '1e+06'],
    [1234567, '1.23457e+06'],
    [0.0001, '0.0001'],
    [0.00001234567, '1.23457e-05'],
    [1e-300, '1e-300'],
    [123456.5, '123456'],
    [123457.5, '123458'],
    [1e21, '1e+21'],
    [Number.NaN, 'nan'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('of 6 digits: %d is %s', (value, text) => {
    expect(formatGeneral(value, 6)).toBe(text);
  });

  it.each([
    [4.1234567890123, 14, '4.1234567890123'],
    [1 / 3, 7, '0.3333333'],
    [0.1, 17, '0.10000000000000001'],
    [2.5, 1, '2'],
    [3.5, 1, '4'],
    [12, 1, '1e+01'],
  ])('of %d and %d digits is %s', (value, digits, text) => {
    expect(formatGeneral(value, digits)).toBe(text);
  });

  it('of 17 digits reads back as the same double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatGeneral(value, 17))).toBe(value);
      }),
    );
  });
});
