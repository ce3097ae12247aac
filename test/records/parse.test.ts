import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldType, parseNumber } from '../../src/records/index.ts';

const error = { error: expect.any(String) };

// facts/ca.md section 6.1.
describe('parseNumber', () => {
  it.each<[FieldType, string, number | bigint]>([
    ['DOUBLE', '12abc', 12],
    ['DOUBLE', ' \t-1.5e3 V', -1500],
    ['DOUBLE', '.5', 0.5],
    ['DOUBLE', '0x10', 16],
    ['DOUBLE', '-0x1.8p1', -3],
    ['DOUBLE', 'inf', Number.POSITIVE_INFINITY],
    ['DOUBLE', '-Infinity', Number.NEGATIVE_INFINITY],
    ['DOUBLE', 'nan', Number.NaN],
    ['DOUBLE', '1e', 1],
    ['DOUBLE', '', 0],
    ['FLOAT', '0.1', Math.fround(0.1)],
    ['LONG', '2.5', 2],
    ['LONG', '0x10', 0],
    ['LONG', '1e3', 1],
    ['LONG', '-2147483648', -2147483648],
    ['LONG', '', 0],
    ['SHORT', '-7 V', -7],
    ['UCHAR', '-1', 255],
    ['USHORT', '65535', 65535],
    ['ULONG', '1e3', 1000],
    ['ULONG', '2.5', 2],
    ['ULONG', '4294967295', 4294967295],
    ['INT64', '9223372036854775807', 9223372036854775807n],
    ['INT64', '-9223372036854775808', -9223372036854775808n],
    ['UINT64', '0x10', 16n],
    ['UINT64', '010', 8n],
    ['UINT64', '18446744073709551615', 18446744073709551615n],
  ])('%s takes "%s" as %s', (type, text, value) => {
    expect(parseNumber(type, text)).toEqual(value);
  });

  it.each<[FieldType, string]>([
    ['DOUBLE', 'hello world'],
    ['DOUBLE', ' '],
    ['DOUBLE', '1e400'],
    ['DOUBLE', '1e-400'],
    ['FLOAT', '1e39'],
    ['FLOAT', '1e-39'],
    ['LONG', '2147483648'],
    ['LONG', 'V'],
    ['SHORT', '40000'],
    ['CHAR', '128'],
    ['UCHAR', '256'],
    ['ULONG', '4294967296'],
    ['ULONG', '-1.5'],
    ['INT64', '9223372036854775808'],
    ['UINT64', 'x'],
  ])('%s refuses "%s"', (type, text) => {
    expect(parseNumber(type, text)).toEqual(error);
  });

  it('reads back what JavaScript writes of a double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber('DOUBLE', String(value))).toBe(value + 0);
      }),
    );
  });

  it('reads back every 64-bit integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(parseNumber('INT64', String(value))).toBe(value);
      }),
    );
  });

  it('never throws, whatever the text', () => {
    const types: FieldType[] = ['CHAR', 'UCHAR', 'SHORT', 'USHORT', 'LONG', 'ULONG'];
    const all: FieldType[] = [...types, 'INT64', 'UINT64', 'FLOAT', 'DOUBLE', 'ENUM'];
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.string(), (type, text) => {
        parseNumber(type, text);
      }),
    );
  });
});
