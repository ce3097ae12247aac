/** Lets so many through at once, and so many per second. Times are milliseconds. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #tokens: number;
  #filledAt = 0;

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000;
    this.#capacity = Math.max(1, burst);
    this.#tokens = this.#capacity;
  }

  /** Fills it up to now. */
  refill(now: number): void {
    const filled = this.#tokens + (now - this.#filledAt) * this.#perMs;
    this.#tokens = Math.min(this.#capacity, Math.max(this.#tokens, filled));
    this.#filledAt = now;
  }

  /** Takes one, when a part of the bucket, 0 to 1, stays for others who are more important. */
  take(reserve = 0): boolean {
    if (this.#tokens < 1 || this.#tokens - 1 < reserve * this.#capacity) return false;
    this.#tokens--;
    return true;
  }

  /** Takes one without asking: the next ones wait for it. */
  owe(): void {
    this.#tokens--;
  }
}
