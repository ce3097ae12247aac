import { type Clock, IocError } from '../../kernel/index.ts';

/** How little may move in how long a time. */
export interface LeastPace {
  readonly seconds: number;
  readonly bytes: number;
}

/**
 * Watches a stream of bytes: the signal fires when fewer moved within the time than must, so that
 * a peer which is silent, or slow on purpose, holds nothing for long.
 */
export class Pace implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: Disposable;
  #moved = 0;

  constructor({ seconds, bytes }: LeastPace, clock: Clock) {
    this.#timer = clock.every(seconds * 1000, () => {
      if (this.#moved < bytes) this.#controller.abort(tooSlow(this.#moved, seconds));
      this.#moved = 0;
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Passes bytes on and counts them. */
  async *through(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const piece of source) {
      this.#moved += piece.length;
      yield piece;
    }
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }
}

function tooSlow(bytes: number, seconds: number): IocError {
  return new IocError('bus/too-slow', `only ${bytes} bytes moved in ${seconds} s`);
}
