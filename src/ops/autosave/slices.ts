import { type Clock, nextTurn } from '../../kernel/index.ts';

/** Longest that work goes on before others get their turn, in milliseconds. */
const SLICE_MS = 5;
/** Steps between two looks at the clock. */
const STEPS = 50;

/** Does work step by step, and lets everything else go on in between; how long it took by itself. */
export async function inSlices<T>(
  steps: Iterable<T>,
  clock: Clock,
  take: (step: T) => void,
): Promise<number> {
  let count = 0;
  let busy = 0;
  let began = clock.monotonic();
  for (const step of steps) {
    take(step);
    if (++count % STEPS !== 0) continue;
    const spent = clock.monotonic() - began;
    if (spent < SLICE_MS) continue;
    busy += spent;
    await nextTurn();
    began = clock.monotonic();
  }
  return busy + clock.monotonic() - began;
}
