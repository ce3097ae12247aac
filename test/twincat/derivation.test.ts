import { describe, expect, it } from 'vitest';
import { Derivation, type Reading } from '../../src/twincat/index.ts';

const at = (seconds: number): Reading => ({ at: seconds, bytes: Uint8Array.of(seconds) });

describe('a derivation', () => {
  it('compares a reading with the one that was about its span ago', () => {
    const derive = (now: Reading, before: Reading | undefined) => before && now.at - before.at;
    const derivation = new Derivation({ span: 10, derive });
    const spans = Array.from({ length: 40 }, (_, second) => derivation.next(at(second)));
    expect(spans[0]).toBeUndefined();
    expect(spans.slice(1, 11)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const span of spans.slice(11)) {
      expect(span).toBeGreaterThanOrEqual(10);
      expect(span).toBeLessThan(12);
    }
  });

  it('compares with the last reading when readings are rarer than its span', () => {
    const derive = (now: Reading, before: Reading | undefined) => before && now.at - before.at;
    const derivation = new Derivation({ span: 10, derive });
    expect([0, 60, 120].map((second) => derivation.next(at(second)))).toEqual([undefined, 60, 60]);
  });

  it('keeps no more than a dozen readings, however often they come', () => {
    const seen = new Set<Reading>();
    const derive = (_: Reading, before: Reading | undefined) => {
      if (before) seen.add(before);
      return 0;
    };
    const derivation = new Derivation({ span: 10, derive });
    for (let i = 0; i < 100_000; i++) derivation.next({ at: i / 1000, bytes: new Uint8Array(1) });
    // 100 s in steps of an eighth of the span: each kept reading is the oldest once.
    expect(seen.size).toBeLessThanOrEqual(81);
  });

  it('remembers nothing for a span of 0', () => {
    const derivation = new Derivation({ span: 0, derive: (_, before) => (before ? 1 : 0) });
    derivation.next(at(1));
    expect(derivation.next(at(2))).toBe(0);
  });
});
