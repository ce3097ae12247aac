import { expect, it } from 'vitest';
import { Timers } from '../../src/records/engine/timers.ts';
import { ManualClock } from '../ads/manual-clock.ts';

const DAY = 86_400_000;

/** A clock like that of Node.js, which fires at once what is longer than 2^31 - 1 ms. */
class NodeLikeClock extends ManualClock {
  override after(ms: number, call: () => void): Disposable {
    return super.after(ms > 2 ** 31 - 1 ? 1 : ms, call);
  }
}

it('a delay may be longer than a timer of Node.js', () => {
  const clock = new NodeLikeClock();
  const calls: string[] = [];
  const timers = new Timers(clock);
  timers.after(60 * DAY, () => calls.push('sixty days'));
  timers.after(Number.POSITIVE_INFINITY, () => calls.push('never'));
  clock.advance(59 * DAY);
  expect(calls).toEqual([]);
  clock.advance(DAY);
  expect(calls).toEqual(['sixty days']);
  timers[Symbol.dispose]();
  expect(clock.timers).toBe(0);
});

it('a long delay can be cancelled in its second part', () => {
  const clock = new NodeLikeClock();
  const timers = new Timers(clock);
  const timer = timers.after(60 * DAY, () => {
    throw new Error('it was cancelled');
  });
  clock.advance(30 * DAY);
  timer[Symbol.dispose]();
  expect(clock.timers).toBe(0);
});
