import { stopwatch } from './cost.ts';
import type { Cost } from './figure.ts';

/** Waits for a number of samples, and measures what they cost. */
export class Wait {
  /** What those samples cost, once they are there. */
  over: Promise<Cost> = Promise.reject(new Error('nothing was waited for'));
  #seen = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #cost = stopwatch();
  #onOver = () => {};

  constructor() {
    this.over.catch(() => {});
  }

  /** Waits for so many more than there were at the last look. */
  forMore(samples: number): void {
    this.#wanted = this.#seen + samples;
    this.#cost = stopwatch();
    this.over = new Promise((resolve) => {
      this.#onOver = () => resolve(this.#cost(samples));
    });
  }

  /** What was spent so far does not count. */
  restart(): void {
    this.#cost = stopwatch();
  }

  /** So many samples there are by now. */
  look(samples: number): void {
    this.#seen = samples;
    if (samples < this.#wanted) return;
    this.#wanted = Number.POSITIVE_INFINITY;
    this.#onOver();
  }
}
