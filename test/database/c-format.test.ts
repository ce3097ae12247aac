import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatG } from '../../src/database/index.ts';

describe('numbers of save files', () => {
  it.each([
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [-1.5, '-1.5'],
    [4.1234567890123, '4.1234567890123'],
    [1 / 3, '0.33333333333333'],
    [2 / 3, '0.66666666666667'],
    [1e14, '1e+14'],
    [99999999999999, '99999999999999'],
    [999999999999999, '1e+15'],
    [123456789012345, '1.2345678901234e+14'],
    [123456789012355, '1.2345678901236e+14'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [0.00012345678901234567, '0.00012345678901235'],
    [1.7976931348623157e308, '1.7976931348623e+308'],
    [5e-324, '4.9406564584125e-324'],
    [12345678901234.5, '12345678901234'],
    [12345678901235.5, '12345678901236'],
    [Number.NaN, 'nan'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('%d is %s as %.14g', (value, text) => {
    expect(formatG(value, 14)).toBe(text);
  });

  it.each([
    [0.10000000149011612, '0.1'],
    [16777216, '1.677722e+07'],
    [1234567, '1234567'],
    [3.4028234663852886e38, '3.402823e+38'],
  ])('%d is %s as %.7g', (value, text) => {
    expect(formatG(value, 7)).toBe(text);
  });

  it('are what printf prints', () => {
    const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
    const values = fc.sample(fc.oneof(doubles, fc.float({ noNaN: true })), 300);
    const finite = values.filter((value) => Number.isFinite(value) && !Object.is(value, -0));
    for (const digits of [14, 7]) {
      const args = [`%.${digits}g\\n`, ...finite.map((value) => value.toExponential(30))];
      const { stdout, error } = spawnSync('/usr/bin/printf', args, {
        encoding: 'utf8',
        env: { LC_ALL: 'C' },
      });
      if (error) return;
      expect(finite.map((value) => formatG(value, digits))).toEqual(stdout.trim().split('\n'));
    }
  });
});
