/** Most handles whose first sample is kept before the answer that names the handle. */
const LIMIT = 2048;

/** The newest sample of a handle that is not known. */
export type EarlySample = {
  readonly bytes: Uint8Array;
  readonly seconds: number;
  readonly nanoseconds: number;
  /** Monotonic milliseconds at which the handle was first heard of. */
  readonly since: number;
};

/**
 * A server may send the first notification of a handle before it answers the request that created
 * it (facts/ads.md section 8). An on-change value would then stay unknown until it changes: the
 * newest sample of such a handle is kept until the handle is known.
 */
export class EarlySamples {
  readonly #samples = new Map<number, EarlySample>();
  /** Samples of unknown handles that found no room. */
  dropped = 0;

  get size(): number {
    return this.#samples.size;
  }

  keep(handle: number, sample: EarlySample): void {
    const known = this.#samples.get(handle);
    if (known) this.#samples.set(handle, { ...sample, since: known.since });
    else if (this.#samples.size >= LIMIT) this.dropped++;
    else this.#samples.set(handle, sample);
  }

  /** Gives the sample of a handle away. */
  take(handle: number): EarlySample | undefined {
    const sample = this.#samples.get(handle);
    this.#samples.delete(handle);
    return sample;
  }

  /** Gives away handles, at most `most`, that were first heard of before a time. */
  takeOlder(than: number, most: number): number[] {
    const old: number[] = [];
    for (const [handle, { since }] of this.#samples) {
      if (old.length === most) break;
      if (since < than) old.push(handle);
    }
    for (const handle of old) this.#samples.delete(handle);
    return old;
  }

  clear(): void {
    this.#samples.clear();
  }
}
