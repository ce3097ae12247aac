import { expect, it } from 'vitest';
import { Deadlines } from '../../src/ads/deadlines.ts';
import { ManualClock } from './manual-clock.ts';

function wheel() {
  const clock = new ManualClock();
  const expired: string[] = [];
  const deadlines = new Deadlines(clock);
  const add = (name: string, ms: number) => {
    const entry = { tick: 0, expire: () => expired.push(name) };
    deadlines.add(entry, ms);
    return entry;
  };
  return { clock, deadlines, expired, add };
}

it('expires each entry after its time, never early and at most two ticks late', () => {
  const { clock, deadlines } = wheel();
  clock.stall(7);
  const late = new Map<number, number>();
  for (const ms of [1, 19, 20, 21, 500, 1279, 1280, 1281, 5000, 60_000]) {
    deadlines.add({ tick: 0, expire: () => late.set(ms, clock.monotonic() - 7 - ms) }, ms);
  }
  clock.advance(61_000);
  expect(late.size).toBe(10);
  expect(Math.min(...late.values())).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late.values())).toBeLessThanOrEqual(40);
});

it('runs one timer however many entries it holds, and none when it is empty', () => {
  const { clock, deadlines, add } = wheel();
  expect(clock.timers).toBe(0);
  const entries = Array.from({ length: 100 }, (_, i) => add(`${i}`, 100 + i));
  expect(clock.timers).toBe(1);
  for (const entry of entries) deadlines.remove(entry);
  clock.advance(100);
  expect(clock.timers).toBe(0);
});

it('forgets entries that were removed', () => {
  const { clock, deadlines, expired, add } = wheel();
  const gone = add('gone', 100);
  add('kept', 100);
  deadlines.remove(gone);
  clock.advance(200);
  expect(expired).toEqual(['kept']);
});

it('catches up when its timer comes late by many turns of the wheel', () => {
  const { clock, expired, add } = wheel();
  for (const ms of [30, 900, 2000, 9000]) add(`${ms}`, ms);
  clock.stall(10_000);
  clock.advance(20);
  expect(expired.sort()).toEqual(['2000', '30', '900', '9000']);
});

it('expires nothing after disposal', () => {
  const { clock, deadlines, expired, add } = wheel();
  add('a', 50);
  deadlines[Symbol.dispose]();
  clock.advance(1000);
  expect(expired).toEqual([]);
  expect(clock.timers).toBe(0);
});
