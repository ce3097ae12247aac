import { BufferPool, LEAST_POOLED_BYTES } from './buffer-pool.ts';
import { EXTENDED_HEADER_SIZE, HEADER_SIZE } from './header.ts';

const INITIAL_BYTES = 16 * 1024;

/**
 * Messages waiting to be written to a circuit. Every message is a multiple of 8 bytes, so the
 * buffer can also be copied by words. Pad bytes at a message's end are zero from the start;
 * everything else of a payload is up to its encoder.
 */
export class Output {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL_BYTES);
  view = new DataView(this.bytes.buffer);
  words = new Int32Array(this.bytes.buffer);
  length = 0;
  readonly #pool: BufferPool;

  /** `pool`: where buffers for large arrays come from. */
  constructor(pool = new BufferPool()) {
    this.#pool = pool;
  }

  /**
   * Appends a header and room for `size` payload bytes, padded to 8; extended when size or count
   * need it (facts/ca.md section 1). Returns where the payload begins.
   */
  // hot path
  message(
    command: number,
    size: number,
    type: number,
    count: number,
    p1: number,
    p2: number,
  ): number {
    const padded = (size + 7) & ~7;
    if (size >= 0xffff - 7 || count >= 0xffff) {
      if (needsExtendedHeader(size, count)) {
        return this.#extended(command, size, type, count, p1, p2);
      }
    }
    const at = this.length;
    const end = at + HEADER_SIZE + padded;
    if (end > this.bytes.length) this.#grow(end);
    const { view } = this;
    view.setUint32(at, (command << 16) | padded);
    view.setUint32(at + 4, (type << 16) | count);
    view.setUint32(at + 8, p1);
    view.setUint32(at + 12, p2);
    if (padded !== size) {
      this.words[(end >> 2) - 2] = 0;
      this.words[(end >> 2) - 1] = 0;
    }
    this.length = end;
    return at + HEADER_SIZE;
  }

  /** Appends the one message that `source` holds, with another p2. */
  // hot path
  copyMessage(source: Output, p2: number): void {
    const at = this.length;
    const end = at + source.length;
    if (end > this.bytes.length) this.#grow(end);
    if (source.length <= 256) {
      const from = source.words;
      const to = this.words;
      const words = source.length >> 2;
      for (let i = 0, j = at >> 2; i < words; i++, j++) to[j] = from[i]!;
    } else {
      this.bytes.set(source.bytes.subarray(0, source.length), at);
    }
    this.view.setUint32(at + 12, p2);
    this.length = end;
  }

  /** Zeros `size` bytes at `at`, which must have been claimed by a message. */
  zero(at: number, size: number): void {
    this.bytes.fill(0, at, at + size);
  }

  /** Forgets what was appended since the length was `length`. */
  rewind(length: number): void {
    this.length = length;
  }

  /** The waiting messages as a view; valid until the next append. */
  pending(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Starts over, in the same memory if nobody else holds on to it. */
  reset(reuse: boolean): void {
    this.length = 0;
    if (this.isLarge) {
      if (reuse) this.#pool.release(this.bytes);
      this.#adopt(new Uint8Array(INITIAL_BYTES));
    } else if (!reuse) this.#adopt(new Uint8Array(this.bytes.length));
  }

  /** Its memory has grown for a large array and comes from the pool. */
  get isLarge(): boolean {
    return this.bytes.length >= LEAST_POOLED_BYTES;
  }

  /** Gives up the grown memory of an idle circuit. */
  shrink(): void {
    if (this.length === 0 && this.bytes.length > INITIAL_BYTES) {
      this.#adopt(new Uint8Array(INITIAL_BYTES));
    }
  }

  #extended(
    command: number,
    size: number,
    type: number,
    count: number,
    p1: number,
    p2: number,
  ): number {
    const padded = Math.ceil(size / 8) * 8;
    const at = this.length;
    const end = at + EXTENDED_HEADER_SIZE + padded;
    if (end > this.bytes.length) this.#grow(end);
    const { view } = this;
    view.setUint32(at, (command << 16) | 0xffff);
    view.setUint32(at + 4, type << 16);
    view.setUint32(at + 8, p1);
    view.setUint32(at + 12, p2);
    view.setUint32(at + 16, padded);
    view.setUint32(at + 20, count);
    this.bytes.fill(0, end - (padded - size), end);
    this.length = end;
    return at + EXTENDED_HEADER_SIZE;
  }

  #grow(needed: number): void {
    const size = Math.max(Math.ceil(needed / 8) * 8, this.bytes.length * 2);
    const grown = size < LEAST_POOLED_BYTES ? new Uint8Array(size) : this.#pool.claim(size);
    grown.set(this.bytes.subarray(0, this.length));
    if (this.isLarge) this.#pool.release(this.bytes);
    this.#adopt(grown);
  }

  #adopt(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
    this.words = new Int32Array(bytes.buffer);
  }
}

/** Whether a message must have the 24-byte header. */
export function needsExtendedHeader(size: number, count: number): boolean {
  return Math.ceil(size / 8) * 8 >= 0xffff || count >= 0xffff;
}
