import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CompressAlgorithm,
  Compression,
  type CompressionRule,
} from '../../../src/records/algorithms/compression.ts';
import { Ring } from '../../../src/records/algorithms/ring.ts';

describe('the buffer of a compress record', () => {
  it('keeps the newest values, the oldest first', () => {
    const ring = new Ring(3);
    for (const value of [1, 2, 3, 4]) ring.push(value);
    expect([...ring.read()]).toEqual([2, 3, 4]);
    expect([ring.used, ring.offset]).toEqual([3, 1]);
  });

  it('keeps them the newest first when it is LIFO', () => {
    const ring = new Ring(3);
    ring.isLifo = true;
    for (const value of [1, 2]) ring.push(value);
    expect([...ring.read()]).toEqual([2, 1]);
    for (const value of [3, 4]) ring.push(value);
    expect([...ring.read()]).toEqual([4, 3, 2]);
  });

  it('is the end of what was pushed, whatever its size and order', () => {
    const pushed = fc.array(fc.integer(), { maxLength: 30 });
    fc.assert(
      fc.property(pushed, fc.integer({ min: 1, max: 8 }), fc.boolean(), (values, size, isLifo) => {
        const ring = new Ring(size);
        ring.isLifo = isLifo;
        for (const value of values) ring.push(value);
        const newest = values.slice(-size);
        expect([...ring.read()]).toEqual(isLifo ? newest.reverse() : newest);
      }),
    );
  });
});

describe('single samples become a value of N', () => {
  it('the lowest', () => expect(scalars('low', [3, 1, 2, 9, 8, 7])).toEqual([1, 7]));
  it('the highest', () => expect(scalars('high', [3, 1, 2, 9, 8, 7])).toEqual([3, 9]));
  it('their mean', () => expect(scalars('mean', [3, 1, 2, 9, 8, 7])).toEqual([2, 8]));
  it('their mean for the median too', () => {
    expect(scalars('median', [1, 1, 10, 0, 0, 3])).toEqual([4, 1]);
  });

  it('each with PBUF, of the samples so far', () => {
    expect(scalars('high', [3, 1, 4, 1], { isPartial: true })).toEqual([3, 3, 4, 1]);
  });
});

describe('rows become values of N elements', () => {
  it('the lowest, highest, mean and median of each group', () => {
    const row = [5, 1, 3, 9, 7, 8];
    expect(rows('low', [row])).toEqual([1, 7]);
    expect(rows('high', [row])).toEqual([5, 9]);
    expect(rows('mean', [row])).toEqual([3, 8]);
    expect(rows('median', [row])).toEqual([3, 8]);
  });

  it('without the elements of an incomplete group, unless PBUF', () => {
    expect(rows('high', [[1, 2, 3, 4]])).toEqual([3]);
    expect(rows('high', [[1, 2, 3, 4]], { isPartial: true })).toEqual([3, 4]);
    expect(rows('mean', [[1, 2]])).toEqual([]);
  });

  it('from the first element within ILIL and IHIL', () => {
    expect(rows('high', [[90, -5, 1, 2, 3, 80, 5, 6]], { least: 0, most: 50 })).toEqual([3, 80]);
    expect(rows('high', [[90, 91, 92, 93]], { least: 0, most: 50 })).toEqual([]);
  });

  it('of no more groups than the buffer holds', () => {
    const row = Array.from({ length: 40 }, (_, i) => i);
    expect(rows('low', [row], { samples: 1 })).toEqual(row.slice(0, 8));
  });

  it('the even median is the upper one', () => {
    expect(rows('median', [[4, 1, 3, 2]], { samples: 4 })).toEqual([3]);
  });
});

describe('rows as wholes', () => {
  it('become the mean of N rows, element by element', () => {
    const mean = rows('meanOfRows', [
      [1, 2],
      [3, 4],
      [5, 9],
    ]);
    expect(mean).toEqual([3, 5]);
  });

  it('go round the buffer as they are', () => {
    const ring = new Ring(4);
    const compression = new Compression(ring);
    expect(compression.take(Float64Array.of(1, 2, 3), rule('circular'))).toBe(true);
    expect(compression.take(Float64Array.of(4, 5), rule('circular'))).toBe(true);
    expect([...ring.read()]).toEqual([2, 3, 4, 5]);
  });

  it('are gone after RES', () => {
    const ring = new Ring(4);
    const compression = new Compression(ring);
    compression.take(Float64Array.of(7), rule('mean'));
    compression.reset();
    expect([ring.used, compression.taken, compression.value]).toEqual([0, 0, 0]);
    for (const sample of [1, 1, 1]) compression.take(Float64Array.of(sample), rule('mean'));
    expect([...ring.read()]).toEqual([1]);
  });
});

describe('any samples', () => {
  it('have lowest ≤ mean, median ≤ highest in each group', () => {
    const samples = fc.array(fc.integer({ min: -1000, max: 1000 }), {
      minLength: 2,
      maxLength: 24,
    });
    fc.assert(
      fc.property(samples, (row) => {
        const [low, mean, median, high] = (['low', 'mean', 'median', 'high'] as const).map((name) =>
          rows(name, [row]),
        );
        low?.forEach((least, i) => {
          const most = (high?.[i] ?? 0) + 1e-9;
          expect(least).toBeLessThanOrEqual(median?.[i] ?? Number.NaN);
          expect(least).toBeLessThanOrEqual((mean?.[i] ?? Number.NaN) + 1e-9);
          expect(median?.[i]).toBeLessThanOrEqual(most);
          expect(mean?.[i]).toBeLessThanOrEqual(most);
        });
      }),
    );
  });
});

type Name = keyof typeof CompressAlgorithm;

function rule(name: Name, more: Partial<CompressionRule> = {}): CompressionRule {
  const plain = { samples: 3, isPartial: false, least: 0, most: 0 };
  return { ...plain, algorithm: CompressAlgorithm[name], ...more };
}

function scalars(name: Name, samples: number[], more: Partial<CompressionRule> = {}): number[] {
  return rows(
    name,
    samples.map((sample) => [sample]),
    more,
  );
}

/** The buffer of eight after some rows. */
function rows(name: Name, given: number[][], more: Partial<CompressionRule> = {}): number[] {
  const ring = new Ring(8);
  const compression = new Compression(ring);
  for (const row of given) compression.take(Float64Array.from(row), rule(name, more));
  return [...ring.read()];
}
