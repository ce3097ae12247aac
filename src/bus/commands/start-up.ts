import type { Clock } from '../../kernel/index.ts';

/** How long nothing more must come of what the broker keeps; and how long that may take at most. */
const QUIET_MS = 500;
const LONGEST_MS = 5000;

/** Waits until all came that the broker keeps, so that nothing is begun which was begun before. */
export class StartUp implements Disposable {
  readonly #clock: Clock;
  readonly #done: () => void;
  #timer: Disposable | undefined;
  #limit = Number.POSITIVE_INFINITY;
  #isOver = false;

  /** `done` is called once. */
  constructor(clock: Clock, done: () => void) {
    this.#clock = clock;
    this.#done = done;
  }

  /** The broker is there, and subscriptions stand. */
  connected(): void {
    if (this.#isOver) return;
    this.#limit = this.#clock.monotonic() + LONGEST_MS;
    this.#wait();
  }

  /** Something came that the broker had kept. */
  heard(): void {
    if (!this.#isOver && this.#limit < Number.POSITIVE_INFINITY) this.#wait();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#timer?.[Symbol.dispose]();
  }

  #wait(): void {
    this.#timer?.[Symbol.dispose]();
    const left = this.#limit - this.#clock.monotonic();
    this.#timer = this.#clock.after(Math.max(0, Math.min(QUIET_MS, left)), () => {
      this[Symbol.dispose]();
      this.#done();
    });
  }
}
