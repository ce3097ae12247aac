import type { Writer } from '../kernel/index.ts';

/** Deviations are counted in as many classes on either side. */
const CLASSES = 10;

/** Width of a class, and what a quiet distributed clock deviates by at most, in nanoseconds. */
const CLASS_NS = 100;
const SPREAD_NS = 450;

/**
 * How far a master's distributed clocks are off, cycle by cycle: u32 cycles, positive, negative,
 * largest deviation, 10 classes of positive and 10 of negative ones (facts/ads.md section 6).
 */
export class DcStatistics {
  #active = true;
  #cycles = 0;
  #positive = 0;
  #negative = 0;
  #largest = 0;
  readonly #classes = new Uint32Array(2 * CLASSES);

  // hot path
  /** The deviation of the cycle of this number; the same number deviates the same way. */
  cycle(number: number): void {
    if (!this.#active) return;
    const turn = (Math.imul(number, 0x9e37_79b1) >>> 0) / 2 ** 32;
    this.#count(Math.round((turn - 0.5) * 2 * SPREAD_NS));
  }

  clear(): void {
    this.#cycles = 0;
    this.#positive = 0;
    this.#negative = 0;
    this.#largest = 0;
    this.#classes.fill(0);
  }

  set active(active: boolean) {
    this.#active = active;
  }

  encode(w: Writer): void {
    for (const value of [this.#cycles, this.#positive, this.#negative, this.#largest]) w.u32(value);
    for (const count of this.#classes) w.u32(count);
  }

  // hot path
  #count(nanoseconds: number): void {
    const size = Math.abs(nanoseconds);
    const side = nanoseconds < 0 ? CLASSES : 0;
    const at = side + Math.min(CLASSES - 1, Math.floor(size / CLASS_NS));
    this.#classes[at]!++;
    this.#cycles++;
    if (side === 0) this.#positive++;
    else this.#negative++;
    if (size > this.#largest) this.#largest = size;
  }
}
