import type { Value } from '../model/index.ts';
import type { Derive, Reading } from './source.ts';

/** Readings that are kept of a span: enough for a smooth rate, few enough for a thousand slaves. */
const KEPT = 8;

/**
 * The life of one derived attribute: takes readings as they come, keeps some of the last `span`
 * seconds, and derives from the newest and the oldest of them.
 */
export class Derivation {
  readonly #derive: Derive;
  readonly #span: number;
  readonly #past: Reading[] = [];

  constructor({ derive, span }: { readonly derive: Derive; readonly span: number }) {
    this.#derive = derive;
    this.#span = span;
  }

  /** The value after a reading; its bytes are kept, so they must not change afterwards. */
  next(reading: Reading): Value | undefined {
    if (this.#span === 0) return this.#derive(reading, undefined);
    // The oldest stays until another one is old enough to stand for the whole span.
    while (this.#past.length > 1 && reading.at - (this.#past[1]?.at ?? 0) >= this.#span) {
      this.#past.shift();
    }
    const value = this.#derive(reading, this.#past[0]);
    const newest = this.#past.at(-1);
    if (!newest || reading.at - newest.at >= this.#span / KEPT) this.#past.push(reading);
    return value;
  }
}
