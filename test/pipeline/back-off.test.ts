import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BackOff } from '../../src/pipeline/back-off.ts';

const retry = { first: 1, longest: 10 };

/** So many pauses. */
function pauses(backOff: BackOff, count: number, most?: number): number[] {
  return Array.from({ length: count }, () => backOff.next(most));
}

describe('the pauses between attempts to reach a plant', () => {
  it('double, up to the longest', () => {
    expect(pauses(new BackOff(retry, () => 0), 6)).toEqual([1, 2, 4, 8, 10, 10]);
  });

  it('last up to half as long again, by chance', () => {
    expect(pauses(new BackOff(retry, () => 1), 6)).toEqual([1.5, 3, 6, 12, 15, 15]);
    expect(pauses(new BackOff(retry, () => 0.5), 3)).toEqual([1.25, 2.5, 5]);
  });

  it('are the first again after a good session', () => {
    const backOff = new BackOff(retry, () => 0);
    pauses(backOff, 4);
    backOff.reset();
    expect(pauses(backOff, 2)).toEqual([1, 2]);
  });

  it('are shorter where the plant will be back soon, and go on growing', () => {
    const backOff = new BackOff(retry, () => 0);
    expect(pauses(backOff, 4, 2)).toEqual([1, 2, 2, 2]);
    expect(backOff.next()).toBe(10);
  });

  it('never leave their bounds, and two IOCs do not keep the same ones', () => {
    const seconds = fc.double({ min: 0.01, max: 1000, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, (first, longest) => {
        const [one, other] = [new BackOff({ first, longest }), new BackOff({ first, longest })];
        const [ours, theirs] = [pauses(one, 8), pauses(other, 8)];
        for (const [i, pause] of ours.entries()) {
          const least = Math.min(first * 2 ** i, longest);
          expect(pause).toBeGreaterThanOrEqual(least);
          expect(pause).toBeLessThanOrEqual(1.5 * least);
        }
        expect(ours).not.toEqual(theirs);
      }),
    );
  });
});
