import type { Clock } from '../kernel/index.ts';

/** Addresses that are kept apart; all others share one allowance. */
const MOST_SOURCES = 1024;

type Allowance = { left: number; at: number };

/**
 * How many search datagrams each address may still send: an allowance that refills with time, so
 * that one client in a loop cannot keep the server from the others. A client that lost everything
 * and searches anew stays far below it.
 */
export class SearchLimit {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #clock: Clock;
  readonly #sources = new Map<string, Allowance>();
  readonly #others: Allowance;

  constructor(burst: number, perSecond: number, clock: Clock) {
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#clock = clock;
    this.#others = { left: burst, at: clock.monotonic() };
  }

  /** Whether one more datagram of an address is answered. */
  take(address: string): boolean {
    const now = this.#clock.monotonic();
    const allowance = this.#of(address, now);
    const refilled = (now - allowance.at) * this.#perMs;
    allowance.left = Math.min(this.#burst, allowance.left + refilled);
    allowance.at = now;
    if (allowance.left < 1) return false;
    allowance.left--;
    return true;
  }

  #of(address: string, now: number): Allowance {
    const known = this.#sources.get(address);
    if (known) return known;
    if (this.#sources.size >= MOST_SOURCES) this.#forget(now);
    if (this.#sources.size >= MOST_SOURCES) return this.#others;
    const made = { left: this.#burst, at: now };
    this.#sources.set(address, made);
    return made;
  }

  /** Forgets addresses whose allowance is full again. */
  #forget(now: number): void {
    for (const [address, { left, at }] of this.#sources) {
      if (left + (now - at) * this.#perMs >= this.#burst) this.#sources.delete(address);
    }
  }
}
