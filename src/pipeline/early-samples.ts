import type { Block, ProcessImage } from '../model/index.ts';

/** Most handles whose first sample is kept before the answer that names the handle. */
const LIMIT = 2048;

type Sample = {
  readonly bytes: Uint8Array;
  readonly seconds: number;
  readonly nanoseconds: number;
};

/**
 * A server may send the first notification of a handle before it answers the request that created
 * it (facts/ads.md section 8). An on-change value would then stay unknown until it changes: the
 * newest sample of such a handle is kept until the handle is known.
 */
export class EarlySamples {
  readonly #samples = new Map<number, Sample>();
  /** Samples of unknown handles that found no room. */
  dropped = 0;

  keep(handle: number, bytes: Uint8Array, seconds: number, nanoseconds: number): void {
    if (this.#samples.size >= LIMIT && !this.#samples.has(handle)) this.dropped++;
    else this.#samples.set(handle, { bytes: bytes.slice(), seconds, nanoseconds });
  }

  /** Gives the kept sample of a handle that is now known to its block. */
  release(handle: number, block: Block, image: ProcessImage): void {
    const sample = this.#samples.get(handle);
    if (!sample) return;
    this.#samples.delete(handle);
    const { bytes, seconds, nanoseconds } = sample;
    image.apply(block, bytes, 0, bytes.length, seconds, nanoseconds);
  }

  clear(): void {
    this.#samples.clear();
  }
}
