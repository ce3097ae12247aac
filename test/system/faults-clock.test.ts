import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Scope, unixMs } from '../../src/kernel/index.ts';
import { figure, millisecondsUntil } from '../support/figures.ts';
import { ANALOGUE, watchedIoc } from '../support/watched-ioc.ts';

const HOUR = 3_600_000;
/** Beyond this an archiver takes no sample from the future. */
const FUTURE_MS = 30 * 60_000;

describe('a plant whose clock steps', () => {
  it('row 14: never sends a time that an archiver would refuse', async () => {
    await using scope = new Scope();
    const ioc = await watchedIoc(scope);
    await millisecondsUntil(() => ioc.isGood(ANALOGUE));
    const seen = new Map<number, number>();
    const tally = { samples: 0, backwards: 0, future: 0 };
    const posted = ioc.directory.posted$.subscribe(({ count, slots }) => {
      const { seconds, nanoseconds } = ioc.directory.columns;
      for (let i = 0; i < count; i++) {
        const slot = slots[i] ?? 0;
        const time = unixMs(seconds[slot] ?? 0, nanoseconds[slot] ?? 0);
        tally.samples++;
        if (time < (seen.get(slot) ?? 0)) tally.backwards++;
        if (time > Date.now() + FUTURE_MS) tally.future++;
        seen.set(slot, time);
      }
    });
    scope.defer(() => posted.unsubscribe());
    for (const jump of [HOUR, 0, -HOUR, 0, 40 * 365 * 24 * HOUR, 0]) {
      ioc.simulator.faults.jumpClock(jump);
      const before = ioc.read(ANALOGUE);
      await millisecondsUntil(() => ioc.read(ANALOGUE) !== before);
      await pause(400);
    }
    figure(14, `clock steps: of ${tally.samples} samples, times backwards`, tally.backwards, '0');
    figure(14, 'clock steps: times an archiver refuses', tally.future, '0');
    expect(tally.backwards).toBe(0);
    expect(tally.future).toBe(0);
    expect(ioc.counters.sessions).toBe(1);
  });
});
