import { Quality } from './alarm.ts';
import type { Slot } from './process-image.ts';
import { grown, readBits } from './slot-format.ts';

/** A ring of samples: one slot's, not yet processed. */
export type Ring = number;

/** Where in its block a ring finds its value. */
export type RingSource = {
  readonly byte: number;
  readonly length: number;
  /** For bit fields, else 0. */
  readonly shift: number;
  readonly width: number;
};

/** Samples that one slot may have waiting. */
export const RING_LENGTH = 32;

/** Bytes that a sample of a bit field takes in its ring. */
export const FIELD_BYTES = 4;

/** Takes the oldest sample of a ring: bytes from `at` on, with their time. */
export type TakeSample = (
  slot: Slot,
  bytes: Uint8Array,
  at: number,
  seconds: number,
  nanoseconds: number,
) => void;

/**
 * Every change of the slots that want each one, until a batch processes it. A ring that is full
 * drops its oldest; a sample with the bytes of the one before is not one more, unless the value was
 * not known well.
 */
export class SampleRings {
  /** Samples dropped because their ring was full, and samples dropped because their plant went. */
  dropped = 0;
  discarded = 0;
  readonly #slot: Slot[] = [];
  readonly #source: RingSource[] = [];
  /** Bytes of one sample, and where the ring's begin; the newest sample has a copy at the end. */
  readonly #size: number[] = [];
  readonly #at: number[] = [];
  #head = new Uint8Array(64);
  #fill = new Uint8Array(64);
  /** No sample has come yet. */
  #isNew = new Uint8Array(64);
  #seconds = new Uint32Array(64 * RING_LENGTH);
  #nanoseconds = new Uint32Array(64 * RING_LENGTH);
  #bytes = new Uint8Array(64 * RING_LENGTH);
  #used = 0;
  /** Rings with samples, each once; and rings that no slot has. */
  readonly #pending: Ring[] = [];
  readonly #free: Ring[] = [];

  /** A ring for a slot: one that is free, of the same size, or a new one. */
  add(slot: Slot, source: RingSource): Ring {
    const size = source.width ? FIELD_BYTES : source.length;
    const free = this.#free.findIndex((each) => this.#size[each] === size);
    const ring = free < 0 ? this.#create(size) : (this.#free.splice(free, 1)[0] ?? 0);
    this.#isNew[ring] = 1;
    this.#slot[ring] = slot;
    this.#source[ring] = source;
    return ring;
  }

  /** Gives a ring back; its samples are gone. */
  remove(ring: Ring): void {
    this.forget(ring);
    this.#free.push(ring);
  }

  // hot path
  /** Takes one sample of a block for some of its rings; `quality` is by slot. */
  take(
    rings: readonly Ring[],
    bytes: Uint8Array,
    from: number,
    seconds: number,
    nanoseconds: number,
    quality: Uint8Array,
  ): void {
    for (let i = 0; i < rings.length; i++) {
      const ring = rings[i]!;
      const { byte, length, shift, width } = this.#source[ring]!;
      const isChanged = width
        ? this.#takeField(ring, readBits(bytes, from + byte, length, shift, width))
        : this.#takeBytes(ring, bytes, from + byte);
      // The first sample of a value that is not known well is news whatever it is.
      const isFirst = quality[this.#slot[ring]!] !== Quality.good && this.#fill[ring] === 0;
      if (isChanged || isFirst || this.#isNew[ring]) this.#push(ring, seconds, nanoseconds);
    }
  }

  /** Gives the oldest sample of each ring that has some; tells whether some have more. */
  replay(takeSample: TakeSample): boolean {
    const pending = this.#pending;
    let left = 0;
    for (const ring of pending) {
      this.#pop(ring, takeSample);
      if ((this.#fill[ring] ?? 0) > 0) pending[left++] = ring;
    }
    pending.length = left;
    return left > 0;
  }

  /** The waiting samples go: what the plant has is no longer known. */
  forget(ring: Ring): void {
    this.discarded += this.#fill[ring] ?? 0;
    this.#fill[ring] = 0;
    const at = this.#pending.indexOf(ring);
    if (at >= 0) this.#pending.splice(at, 1);
  }

  // hot path
  /** Makes a field the newest sample; tells whether it differs. */
  #takeField(ring: Ring, field: number): boolean {
    const bytes = this.#bytes;
    const at = this.#at[ring]! + FIELD_BYTES * RING_LENGTH;
    const newest =
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    if (newest === field) return false;
    for (let i = 0; i < FIELD_BYTES; i++) bytes[at + i] = field >>> (8 * i);
    return true;
  }

  // hot path
  #takeBytes(ring: Ring, source: Uint8Array, from: number): boolean {
    const bytes = this.#bytes;
    const size = this.#size[ring]!;
    const at = this.#at[ring]! + size * RING_LENGTH;
    let i = 0;
    while (i < size && bytes[at + i] === source[from + i]) i++;
    if (i === size) return false;
    for (; i < size; i++) bytes[at + i] = source[from + i]!;
    return true;
  }

  // hot path
  /** Puts the newest sample in its ring. */
  #push(ring: Ring, seconds: number, nanoseconds: number): void {
    this.#isNew[ring] = 0;
    const fill = this.#fill[ring]!;
    if (fill === 0) this.#pending.push(ring);
    const entry = (this.#head[ring]! + fill) % RING_LENGTH;
    if (fill === RING_LENGTH) {
      this.#head[ring] = (entry + 1) % RING_LENGTH;
      this.dropped++;
    } else this.#fill[ring] = fill + 1;
    this.#seconds[ring * RING_LENGTH + entry] = seconds;
    this.#nanoseconds[ring * RING_LENGTH + entry] = nanoseconds;
    const size = this.#size[ring]!;
    const to = this.#at[ring]! + size * entry;
    const newest = this.#at[ring]! + size * RING_LENGTH;
    for (let i = 0; i < size; i++) this.#bytes[to + i] = this.#bytes[newest + i]!;
  }

  // hot path
  #pop(ring: Ring, takeSample: TakeSample): void {
    const head = this.#head[ring]!;
    const at = this.#at[ring]! + this.#size[ring]! * head;
    const time = ring * RING_LENGTH + head;
    this.#head[ring] = (head + 1) % RING_LENGTH;
    this.#fill[ring] = this.#fill[ring]! - 1;
    takeSample(this.#slot[ring]!, this.#bytes, at, this.#seconds[time]!, this.#nanoseconds[time]!);
  }

  #create(size: number): Ring {
    const ring = this.#at.push(this.#used) - 1;
    if (ring >= this.#head.length) this.#growRings();
    this.#size.push(size);
    this.#used += size * (RING_LENGTH + 1);
    const room = Math.max(this.#used, this.#bytes.length * 2);
    if (this.#used > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(room));
    return ring;
  }

  #growRings(): void {
    const size = this.#head.length * 2;
    this.#head = grown(this.#head, new Uint8Array(size));
    this.#fill = grown(this.#fill, new Uint8Array(size));
    this.#isNew = grown(this.#isNew, new Uint8Array(size));
    this.#seconds = grown(this.#seconds, new Uint32Array(size * RING_LENGTH));
    this.#nanoseconds = grown(this.#nanoseconds, new Uint32Array(size * RING_LENGTH));
  }
}
