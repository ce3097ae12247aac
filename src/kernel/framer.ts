import { IocError } from './errors.ts';

/** How a stream is cut into frames. */
export interface FrameRule {
  readonly name: string;
  /** Bytes needed before the size can be told. */
  readonly headerSize: number;
  /** Largest frame that is accepted; a larger one throws. */
  readonly maxSize: number;
  /** Whole size of the frame that begins at `at`, header included. Throws on a broken header. */
  frameSize(bytes: Uint8Array, at: number): number;
}

/**
 * Cuts received chunks into whole frames. Frames lie in the chunk whenever they can; only one that
 * is split over chunks is copied, into a buffer that grows as its bytes arrive, never by its claim.
 */
export class Framer {
  readonly #rule: FrameRule;
  #kept = new Uint8Array(0);
  #keptLength = 0;

  constructor(rule: FrameRule) {
    this.#rule = rule;
  }

  /** Bytes of the unfinished frame that are kept. */
  get pending(): number {
    return this.#keptLength;
  }

  /** Calls `onFrame` with each whole frame, in order; a frame is borrowed for the call only. */
  push(chunk: Uint8Array, onFrame: (frame: Uint8Array) => void): void {
    let at = this.#keptLength > 0 ? this.#finishKept(chunk, onFrame) : 0;
    while (chunk.length - at >= this.#rule.headerSize) {
      const size = this.#size(chunk, at);
      if (chunk.length - at < size) break;
      onFrame(chunk.subarray(at, at + size));
      at += size;
    }
    if (at < chunk.length) this.#keep(chunk, at, chunk.length);
  }

  /** Completes the kept frame from the chunk's start; returns where the next frame begins. */
  #finishKept(chunk: Uint8Array, onFrame: (frame: Uint8Array) => void): number {
    let at = 0;
    const { headerSize } = this.#rule;
    if (this.#keptLength < headerSize) {
      at = Math.min(headerSize - this.#keptLength, chunk.length);
      this.#keep(chunk, 0, at);
      if (this.#keptLength < headerSize) return at;
    }
    const missing = this.#size(this.#kept, 0) - this.#keptLength;
    const end = Math.min(at + missing, chunk.length);
    this.#keep(chunk, at, end);
    if (end - at < missing) return end;
    const frame = this.#kept.subarray(0, this.#keptLength);
    this.#keptLength = 0;
    this.#kept = new Uint8Array(0);
    onFrame(frame);
    return end;
  }

  #size(bytes: Uint8Array, at: number): number {
    const size = this.#rule.frameSize(bytes, at);
    const { maxSize, headerSize, name } = this.#rule;
    if (!(size >= headerSize && size <= maxSize)) {
      throw new IocError('kernel/frame-size', `${name} frame of ${size} bytes, limit ${maxSize}`);
    }
    return size;
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    const needed = this.#keptLength + (to - from);
    if (needed > this.#kept.length) {
      const grown = new Uint8Array(Math.max(needed, this.#kept.length * 2));
      grown.set(this.#kept.subarray(0, this.#keptLength));
      this.#kept = grown;
    }
    this.#kept.set(chunk.subarray(from, to), this.#keptLength);
    this.#keptLength = needed;
  }
}
