import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshness } from '../../../src/bus/commands/freshness.ts';
import type { JsonObject } from '../../../src/bus/index.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');
const rules = { ttl: 10, skew: 5, requiresTime: false };
const live = { at: NOW, isRetained: false, isLate: false };
const retained = { ...live, isRetained: true };
const late = { ...live, isLate: true };

function judged(
  input: JsonObject,
  guard: 'read' | 'write' | 'control',
  arrival = live,
  by = rules,
) {
  const verdict = freshness(input, guard, arrival, by, NOW);
  return verdict.kind === 'fresh' ? verdict.until - NOW : verdict.reason;
}

describe('the freshness of a command', () => {
  it('lasts its ttl from its time, or from when it came', () => {
    expect(judged({}, 'write')).toBe(10_000);
    expect(judged({ ttl: 2 }, 'write')).toBe(2000);
    expect(judged({ time: '2026-11-27T11:59:55.5Z' }, 'write')).toBe(5500);
    expect(judged({ time: '2026-11-27T12:59:55+01:00', ttl: 60 }, 'control')).toBe(55_000);
    expect(judged({ time: NOW / 1000 - 3 }, 'write')).toBe(7000);
  });

  it('is over when the ttl is', () => {
    const old = { time: '2026-11-27T11:59:49Z' };
    expect(judged(old, 'write')).toBe('expired: it is 11.0 s old, and its ttl is 10 s');
    expect(judged(old, 'read')).toBe('expired: it is 11.0 s old, and its ttl is 10 s');
  });

  it('is none of the future, but for clocks that differ a little', () => {
    expect(judged({ time: NOW / 1000 + 4 }, 'write')).toBe(14_000);
    expect(judged({ time: NOW / 1000 + 6 }, 'write')).toMatch(/^time is 6.0 s in the future/);
  });

  it('is none of what the broker had kept, when something would change', () => {
    const fresh = { time: NOW / 1000 };
    expect(judged(fresh, 'write', retained)).toMatch(/^expired: the broker had kept it/);
    expect(judged(fresh, 'control', retained)).toMatch(/^expired: the broker had kept it/);
    expect(judged({}, 'read', retained)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is unknown of what may have waited in the broker without a time', () => {
    expect(judged({}, 'write', late)).toMatch(/^expired: it may have waited in the broker/);
    expect(judged({ time: NOW / 1000 }, 'write', late)).toBe(10_000);
    expect(judged({}, 'read', late)).toBe(Number.POSITIVE_INFINITY);
  });

  it('wants a time where the configuration does, of what changes something', () => {
    const strict = { ...rules, requiresTime: true };
    expect(judged({}, 'write', live, strict)).toMatch(/^it tells no time/);
    expect(judged({}, 'read', live, strict)).toBe(Number.POSITIVE_INFINITY);
    expect(judged({ time: NOW / 1000 }, 'write', live, strict)).toBe(10_000);
  });

  it.each([
    [{ time: 'yesterday' }, /^time is neither/],
    [{ time: '2026-13-27T12:00:00Z' }, /^time is neither/],
    [{ time: '2026-11-27' }, /^time is neither/],
    [{ time: null }, /^time is neither/],
    [{ ttl: 0 }, /^ttl must be seconds/],
    [{ ttl: -1 }, /^ttl must be seconds/],
    [{ ttl: 1e9 }, /^ttl must be seconds/],
    [{ ttl: '10' }, /^ttl must be seconds/],
  ])('cannot be told from %j', (input: JsonObject, reason) => {
    expect(judged(input, 'write')).toMatch(reason);
    expect(judged(input, 'read')).toMatch(reason);
  });

  it('never lets a change begin that is older than its ttl, or that the broker had kept', () => {
    const input = fc.record(
      { time: fc.integer({ min: -100, max: 100 }), ttl: fc.integer({ min: 1, max: 50 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(input, fc.boolean(), fc.boolean(), (given, isRetained, isLate) => {
        const time = given.time === undefined ? {} : { time: NOW / 1000 + given.time };
        const arrival = { at: NOW, isRetained, isLate };
        const verdict = freshness({ ...given, ...time }, 'write', arrival, rules, NOW);
        if (verdict.kind === 'stale') return;
        expect(isRetained).toBe(false);
        expect(isLate && given.time === undefined).toBe(false);
        expect(-(given.time ?? 0)).toBeLessThanOrEqual(given.ttl ?? rules.ttl);
        expect(given.time ?? 0).toBeLessThanOrEqual(rules.skew);
      }),
    );
  });
});
