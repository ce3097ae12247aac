/** The counts of a histogram record. */
export class Bins {
  readonly counts: Uint32Array;
  #least = 0;
  #most = 0;

  constructor(size: number) {
    this.counts = new Uint32Array(size);
  }

  /** Width of a bin; WDTH. */
  get width(): number {
    return (this.#most - this.#least) / this.counts.length;
  }

  /** False where there is nothing to count in: LLIM is not below ULIM. */
  get hasRange(): boolean {
    return this.#least < this.#most;
  }

  /** LLIM and ULIM; what is counted begins anew. */
  setRange(least: number, most: number): void {
    this.#least = least;
    this.#most = most;
    this.clear();
  }

  clear(): void {
    this.counts.fill(0);
  }

  /** Counts a signal; false where it is outside. A bin holds its upper limit, not its lower one. */
  add(signal: number): boolean {
    if (!(signal >= this.#least && signal < this.#most)) return false;
    const { counts, width } = this;
    const distance = signal - this.#least;
    let bin = Math.min(Math.max(Math.ceil(distance / width), 1), counts.length);
    // The quotient may be off by its rounding; base compares products.
    while (bin > 1 && distance <= (bin - 1) * width) bin--;
    while (bin < counts.length && distance > bin * width) bin++;
    counts[bin - 1] = (counts[bin - 1] ?? 0) === 0xffff_ffff ? 1 : (counts[bin - 1] ?? 0) + 1;
    return true;
  }
}
