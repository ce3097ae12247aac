import { type Clock, filetimeOf } from '../kernel/index.ts';
import type { Cycle } from './subscriber.ts';

/** Cycles made up for when the process was held up; more are lost. */
const MAX_CATCH_UP = 20;

/**
 * The plant's task: runs its cycles on a fixed grid of time, so that n cycles take n periods
 * however late timers are. A cycle that runs late has the time at which it was due.
 */
export class Task implements Disposable {
  readonly #clock: Clock;
  readonly #run: (elapsedMs: number) => void;
  readonly #cycle: { readonly periodMs: number; number: number; low: number; high: number };
  #started = 0;
  /** Cycles that were lost, as time on the grid. */
  #lost = 0;
  #timer: Disposable | undefined;
  #stopped = false;
  /** Milliseconds by which the plant's clock is wrong; cycles keep their pace. */
  clockErrorMs = 0;

  /** `run` gets the milliseconds since the start at which its cycle was due. */
  constructor(clock: Clock, periodMs: number, run: (elapsedMs: number) => void) {
    this.#clock = clock;
    this.#run = run;
    this.#cycle = { periodMs, number: -1, low: 0, high: 0 };
  }

  /** The newest cycle; always the same object. */
  get cycle(): Cycle {
    return this.#cycle;
  }

  /** Runs the first cycle at once, the others as time goes by. */
  start(): void {
    this.#started = this.#clock.monotonic();
    this.#advance();
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  #advance(): void {
    const { periodMs } = this.#cycle;
    const elapsed = this.#clock.monotonic() - this.#started;
    const behind = Math.floor(elapsed / periodMs) - this.#next();
    if (behind > MAX_CATCH_UP) this.#lost += behind - MAX_CATCH_UP;
    const wallStart = this.#clock.now() - elapsed;
    for (let due = this.#dueAt(); due <= elapsed; due = this.#dueAt()) {
      this.#cycle.number++;
      const { low, high } = filetimeOf(wallStart + due + this.clockErrorMs);
      this.#cycle.low = low;
      this.#cycle.high = high;
      this.#run(due);
    }
    if (this.#stopped) return;
    const wait = Math.max(0, this.#dueAt() - (this.#clock.monotonic() - this.#started));
    this.#timer = this.#clock.after(wait, () => this.#advance());
  }

  /** Place of the next cycle on the grid. */
  #next(): number {
    return this.#cycle.number + 1 + this.#lost;
  }

  #dueAt(): number {
    return this.#next() * this.#cycle.periodMs;
  }
}
