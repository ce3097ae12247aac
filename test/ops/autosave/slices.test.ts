import { expect, it } from 'vitest';
import { inSlices } from '../../../src/ops/autosave/slices.ts';
import { ManualClock } from '../../ads/manual-clock.ts';

it('long work lets everything else go on, and knows how long it took by itself', async () => {
  const clock = new ManualClock();
  const taken: number[] = [];
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    for (; !isDone; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.stall(1000);
    }
  })();
  const steps = Array.from({ length: 1000 }, (_, step) => step);
  const busy = await inSlices(steps, clock, (step) => {
    taken.push(step);
    clock.stall(0.125);
  });
  isDone = true;
  await others;
  expect(taken).toEqual(steps);
  // 50 steps take 6.25 ms, more than a slice; the 19 pauses between them are not work.
  expect(turns).toBeGreaterThanOrEqual(19);
  expect(busy).toBeCloseTo(125);
});
