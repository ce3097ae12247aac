/** Seconds that the first and the longest pause last, without the jitter. */
export type Retry = { readonly first: number; readonly longest: number };

/** Part of a pause that chance may add. */
const JITTER = 0.5;

/**
 * Pauses between attempts to reach a plant: each twice as long as the one before, up to the longest,
 * and up to half as long again by chance, so that many IOCs do not return at once.
 */
export class BackOff {
  readonly #retry: Retry;
  readonly #random: () => number;
  #pause: number;

  /** `random`: numbers from 0 to 1. */
  constructor(retry: Retry, random: () => number = Math.random) {
    this.#retry = retry;
    this.#random = random;
    this.#pause = retry.first;
  }

  /** An attempt went well for long: the next pause is the first again. */
  reset(): void {
    this.#pause = this.#retry.first;
  }

  /** Seconds until the next attempt, at most `most` and the jitter. */
  next(most = this.#retry.longest): number {
    const pause = Math.min(this.#pause, most, this.#retry.longest);
    this.#pause = Math.min(this.#pause * 2, this.#retry.longest);
    return pause * (1 + JITTER * this.#random());
  }
}
