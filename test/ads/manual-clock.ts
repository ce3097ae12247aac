import type { Clock } from '../../src/kernel/index.ts';

/** A clock that moves only when told. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #start: number;
  readonly #timers = new Set<{ due: number; period: number; call: () => void }>();

  /** `start` is what the wall clock says at first, in milliseconds since 1970. */
  constructor(start = 0) {
    this.#start = start;
  }

  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#start + this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): Disposable {
    return this.#add(ms, 0, call);
  }

  every(ms: number, call: () => void): Disposable {
    return this.#add(ms, ms, call);
  }

  /** Runs every timer due on the way, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter((t) => t.due <= end).sort((a, b) => a.due - b.due);
      const next = due[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.due);
      if (next.period > 0) next.due += next.period;
      else this.#timers.delete(next);
      next.call();
    }
    this.#now = end;
  }

  /** Lets time pass without any timer running, as a blocked event loop does. */
  stall(ms: number): void {
    this.#now += ms;
  }

  #add(ms: number, period: number, call: () => void): Disposable {
    const timer = { due: this.#now + ms, period, call };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => this.#timers.delete(timer) };
  }
}
