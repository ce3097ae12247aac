import type { Clock } from '../../kernel/index.ts';

/** Timers of records that wait, or do something by themselves; all stop at the end. */
export class Timers {
  readonly #clock: Clock;
  readonly #running = new Set<Disposable>();
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls once after some milliseconds, unless disposed of before. */
  after(ms: number, call: () => void): Disposable {
    if (this.#isOver) return { [Symbol.dispose]: () => {} };
    const timer = this.#clock.after(ms, () => {
      this.#running.delete(timer);
      call();
    });
    this.#running.add(timer);
    return {
      [Symbol.dispose]: () => {
        this.#running.delete(timer);
        timer[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const timer of this.#running) timer[Symbol.dispose]();
    this.#running.clear();
  }
}
