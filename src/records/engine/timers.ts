import type { Clock } from '../../kernel/index.ts';

/** Node.js fires at once what is longer; a delay that a client wrote may be any number. */
const LONGEST_MS = 2 ** 31 - 1;

/** Timers of records that wait, or do something by themselves; all stop at the end. */
export class Timers {
  readonly #clock: Clock;
  readonly #running = new Set<Timer>();
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls once after some milliseconds, unless disposed of before. */
  after(ms: number, call: () => void): Disposable {
    const timer: Timer = { part: undefined };
    const stop = () => {
      this.#running.delete(timer);
      timer.part?.[Symbol.dispose]();
    };
    if (!this.#isOver) {
      this.#running.add(timer);
      this.#wait(timer, ms, call);
    }
    return { [Symbol.dispose]: stop };
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const { part } of this.#running) part?.[Symbol.dispose]();
    this.#running.clear();
  }

  #wait(timer: Timer, ms: number, call: () => void): void {
    const part = Math.min(ms, LONGEST_MS);
    timer.part = this.#clock.after(part, () => {
      if (ms > part) {
        this.#wait(timer, ms - part, call);
        return;
      }
      this.#running.delete(timer);
      call();
    });
  }
}

/** A timer, and the part of it that runs. */
interface Timer {
  part: Disposable | undefined;
}
