import type { Clock } from '../../../src/kernel/index.ts';

/** A clock that stands at 2026-01-01 and moves only when told. */
export class ManualClock implements Clock {
  static readonly start = Date.UTC(2026, 0, 1);
  #elapsed = 0;
  readonly #timers = new Set<{ due: number; readonly period: number; readonly call: () => void }>();

  now(): number {
    return ManualClock.start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(ms: number, call: () => void): Disposable {
    return this.#add(ms, 0, call);
  }

  every(ms: number, call: () => void): Disposable {
    return this.#add(ms, ms, call);
  }

  /** Runs the timers that fall due on the way, in order. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (;;) {
      const [next] = [...this.#timers].filter((t) => t.due <= end).sort((a, b) => a.due - b.due);
      if (next === undefined) break;
      this.#elapsed = Math.max(this.#elapsed, next.due);
      if (next.period > 0) next.due += next.period;
      else this.#timers.delete(next);
      next.call();
    }
    this.#elapsed = end;
  }

  /** Lets time pass while timers are held up. */
  stall(ms: number): void {
    this.#elapsed += ms;
  }

  #add(ms: number, period: number, call: () => void): Disposable {
    const timer = { due: this.#elapsed + ms, period, call };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => this.#timers.delete(timer) };
  }
}
