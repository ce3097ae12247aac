import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOff, REFUSED, UNREACHABLE } from '../../../src/bus/link/back-off.ts';

const most = () => 1;

describe('the time between attempts', () => {
  it('is anything from 0.2 s up to a most that doubles', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((failures) => backOff(failures, REFUSED, most))).toEqual([
      400, 800, 1600, 3200, 5000, 5000, 5000,
    ]);
    expect(backOff(50, REFUSED, () => 0)).toBe(200);
    expect(backOff(50, REFUSED, () => 0.5)).toBe(2600);
  });

  it('is at most 2 s where nobody listens, so that who returns is found soon', () => {
    expect(backOff(50, UNREACHABLE, most)).toBe(2000);
  });

  it('differs between clients of one broker', () => {
    const times = new Set(Array.from({ length: 100 }, () => backOff(5, REFUSED)));
    expect(times.size).toBeGreaterThan(90);
  });

  it('is never out of its bounds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(REFUSED, UNREACHABLE), (failures, rule) => {
        const time = backOff(failures, rule);
        return time >= rule.least && time <= rule.most;
      }),
    );
  });
});
