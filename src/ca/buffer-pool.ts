/** Smallest buffer that is worth keeping: below it a new one costs less than the bookkeeping. */
export const LEAST_POOLED_BYTES = 1024 * 1024;
/** All that is kept for the next large message, bytes. */
const MOST_KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Memory for messages with large arrays, used again: what a fresh buffer costs is not its
 * allocation but the first touch of each of its pages.
 */
export class BufferPool {
  readonly #kept: Uint8Array<ArrayBuffer>[] = [];
  #keptBytes = 0;

  /** At least `size` bytes of anything; the caller's until it releases them. */
  claim(size: number): Uint8Array<ArrayBuffer> {
    const length = 2 ** Math.ceil(Math.log2(Math.max(size, LEAST_POOLED_BYTES)));
    const at = this.#kept.findIndex((bytes) => bytes.length === length);
    if (at < 0) return new Uint8Array(length);
    this.#keptBytes -= length;
    return this.#kept.splice(at, 1)[0] ?? new Uint8Array(length);
  }

  /** Gives back what was claimed; smaller buffers, and those beyond the bound, are left to the GC. */
  release(bytes: Uint8Array<ArrayBuffer>): void {
    const { length } = bytes;
    if (length < LEAST_POOLED_BYTES || this.#keptBytes + length > MOST_KEPT_BYTES) return;
    this.#kept.push(bytes);
    this.#keptBytes += length;
  }
}
