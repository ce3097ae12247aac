import {
  EXTENDED_HEADER_MINOR,
  EXTENDED_HEADER_SIZE,
  emptyRequest,
  HEADER_SIZE,
  type Request,
  readExtension,
  readHeader,
} from './header.ts';

/** What lies at the head of the received bytes. */
export type Arrival = 'message' | 'incomplete' | 'misaligned' | 'too-large';

/**
 * Received bytes, cut into messages in place. A chunk is borrowed as it came; only what is left of
 * it when the next one arrives is copied, so memory follows the bytes that came, not their claims.
 */
export class Input {
  readonly request: Request = emptyRequest();
  readonly #maxSize: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  #end = 0;
  /** The buffer is this input's own and may be appended to. */
  #owned = false;
  /** Bytes of an oversized body that are still to come. */
  #skip = 0;

  /** `maxSize`: largest payload that is accepted. */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
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
  }

  /** Drops everything, and the memory with it. */
  clear(): void {
    this.#adopt(new Uint8Array(0), 0, false);
    this.#skip = 0;
  }

  #append(chunk: Uint8Array): void {
    const kept = this.#end - this.#at;
    const needed = kept + chunk.length;
    if (!this.#owned || this.#end + chunk.length > this.#bytes.length) {
      const fits = this.#owned && needed <= this.#bytes.length;
      const target = fits ? this.#bytes : new Uint8Array(Math.max(needed, kept * 2));
      if (fits) target.copyWithin(0, this.#at, this.#end);
      else target.set(this.#bytes.subarray(this.#at, this.#end));
      this.#adopt(target, kept, true);
    }
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #adopt(bytes: Uint8Array, length: number, owned: boolean): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
    this.#end = length;
    this.#owned = owned;
  }
}
