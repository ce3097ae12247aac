import { BufferPool, LEAST_POOLED_BYTES } from './buffer-pool.ts';
import {
  EXTENDED_HEADER_MINOR,
  EXTENDED_HEADER_SIZE,
  emptyRequest,
  HEADER_SIZE,
  type Request,
  readExtension,
  readHeader,
} from './header.ts';

const nothing = Buffer.alloc(0);

/** What lies at the head of the received bytes. */
export type Arrival = 'message' | 'incomplete' | 'misaligned' | 'too-large';

/**
 * Received bytes, cut into messages in place. A chunk is borrowed as it came; only what is left of
 * it when the next one arrives is copied, so memory follows the bytes that came, not their claims.
 */
export class Input {
  readonly request: Request = emptyRequest();
  readonly #maxSize: number;
  readonly #pool: BufferPool;
  #bytes: Buffer = nothing;
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  #end = 0;
  /** The buffer is this input's own and may be appended to. */
  #owned = false;
  /** The buffer, where it is the pool's. */
  #pooled: Uint8Array<ArrayBuffer> | undefined;
  /** Bytes of an oversized body that are still to come. */
  #skip = 0;

  /** `maxSize`: largest payload that is accepted; `pool`: where memory for large ones comes from. */
  constructor(maxSize: number, pool = new BufferPool()) {
    this.#maxSize = maxSize;
    this.#pool = pool;
  }

  /** Bytes that wait for the rest of their message. */
  get pending(): number {
    return this.#end - this.#at;
  }

  push(chunk: Uint8Array): void {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    if (skipped === chunk.length) return;
    const rest = skipped === 0 ? chunk : chunk.subarray(skipped);
    if (this.#at === this.#end) this.#adopt(rest, rest.length, false);
    else this.#append(rest);
  }

  /** Looks at the next message without taking it; `request` describes it. */
  // hot path
  next(minor: number): Arrival {
    const have = this.#end - this.#at;
    if (have < HEADER_SIZE) return 'incomplete';
    const { request } = this;
    readHeader(request, this.#bytes, this.#view, this.#at);
    if (request.size === 0xffff && minor >= EXTENDED_HEADER_MINOR) {
      if (have < EXTENDED_HEADER_SIZE) return 'incomplete';
      readExtension(request);
    }
    if ((request.size & 7) !== 0) return 'misaligned';
    if (request.size > this.#maxSize) return 'too-large';
    return have < request.headerSize + request.size ? 'incomplete' : 'message';
  }

  /** Takes the message that `next` found; of an oversized one, also what is still to come. */
  // hot path
  take(): void {
    const whole = this.request.headerSize + this.request.size;
    const have = this.#end - this.#at;
    this.#at += Math.min(whole, have);
    if (whole > have) this.#skip = whole - have;
    if (this.#at === this.#end && this.#pooled) this.#drop();
  }

  /** Drops everything, and the memory with it. */
  clear(): void {
    this.#drop();
    this.#skip = 0;
  }

  #drop(): void {
    this.#adopt(nothing, 0, false);
  }

  #append(chunk: Uint8Array): void {
    const kept = this.#end - this.#at;
    const needed = kept + chunk.length;
    if (this.#owned && needed <= this.#bytes.length) {
      if (this.#end + chunk.length > this.#bytes.length) {
        this.#bytes.copyWithin(0, this.#at, this.#end);
        this.#at = 0;
        this.#end = kept;
      }
    } else this.#move(kept, needed);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Takes what is left into memory of its own: twice as much each time, but no more than a message. */
  #move(kept: number, needed: number): void {
    const whole = this.request.headerSize + Math.min(this.request.size, this.#maxSize);
    const size = Math.max(needed, Math.min(kept * 2, whole));
    const isLarge = size >= LEAST_POOLED_BYTES;
    const target = isLarge ? this.#pool.claim(size) : new Uint8Array(size);
    target.set(this.#bytes.subarray(this.#at, this.#end));
    this.#adopt(target, kept, true);
    if (isLarge) this.#pooled = target;
  }

  #adopt(bytes: Uint8Array, length: number, owned: boolean): void {
    if (this.#pooled) this.#pool.release(this.#pooled);
    this.#pooled = undefined;
    // As a Buffer it tells parts of itself as text without a view of each.
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
    this.#end = length;
    this.#owned = owned;
  }
}
