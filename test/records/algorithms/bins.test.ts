import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bins } from '../../../src/records/algorithms/bins.ts';

describe('the counts of a histogram', () => {
  it('hold their upper limit, and the first one its lower limit too', () => {
    const bins = new Bins(4);
    bins.setRange(0, 8);
    for (const signal of [0, 1, 2, 2.1, 4, 4.1, 7.9]) bins.add(signal);
    expect([...bins.counts]).toEqual([3, 2, 1, 1]);
    expect(bins.width).toBe(2);
  });

  it('leave out what is below LLIM, not below ULIM, or not a number', () => {
    const bins = new Bins(4);
    bins.setRange(0, 8);
    expect([-0.1, 8, 9, Number.NaN].map((signal) => bins.add(signal))).toEqual(
      Array(4).fill(false),
    );
    expect([...bins.counts]).toEqual([0, 0, 0, 0]);
  });

  it('begin anew with a range', () => {
    const bins = new Bins(2);
    bins.setRange(0, 1);
    bins.add(0.5);
    bins.setRange(0, 2);
    expect([...bins.counts]).toEqual([0, 0]);
  });

  it('count nothing without a range', () => {
    const bins = new Bins(2);
    bins.setRange(1, 1);
    expect([bins.hasRange, bins.add(1)]).toEqual([false, false]);
  });

  it('go on with 1 after the last number of 32 bits', () => {
    const bins = new Bins(1);
    bins.setRange(0, 1);
    bins.counts[0] = 0xffff_ffff;
    bins.add(0.5);
    expect(bins.counts[0]).toBe(1);
  });

  it('take any signal in the first bin whose upper limit it does not pass', () => {
    const limits = fc.tuple(fc.double({ min: -1e3, max: 1e3 }), fc.double({ min: 0.01, max: 1e3 }));
    fc.assert(
      fc.property(
        limits,
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1 }),
        (...all) => {
          const [[least, span], size, share] = all;
          const bins = new Bins(size);
          bins.setRange(least, least + span);
          const signal = least + span * share;
          if (!bins.add(signal)) return;
          const bin = bins.counts.indexOf(1) + 1;
          const distance = signal - least;
          expect(bin === size || distance <= bin * bins.width).toBe(true);
          expect(bin === 1 || distance > (bin - 1) * bins.width).toBe(true);
        },
      ),
    );
  });
});
