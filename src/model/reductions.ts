import type { Slot } from './process-image.ts';
import type { SamplePolicy } from './sample-policy.ts';
import { Format, readBits, readNumber } from './slot-format.ts';

/** One number from the samples of a slot between two batches. */
export type Reduction = {
  readonly slot: Slot;
  readonly policy: Exclude<SamplePolicy, 'last' | 'every'>;
  readonly byte: number;
  readonly length: number;
  readonly format: number;
  readonly shift: number;
  readonly width: number;
  /** The mean is rounded: the plant's integer is served as an integer. */
  readonly isWhole: boolean;
  samples: number;
  /** The sum of the samples for a mean, else their extreme. */
  number: number;
  seconds: number;
  nanoseconds: number;
};

/** Takes the number of a reduction, with its time. */
export type TakeNumber = (slot: Slot, value: number, seconds: number, nanoseconds: number) => void;

/**
 * Slots of which each batch gets the mean (with the time of the newest sample), the least or the
 * largest number (with the time at which it was first reached) of the samples since the last one.
 */
export class Reductions {
  readonly #pending: Reduction[] = [];
  #buffer: ArrayBufferLike = new ArrayBuffer(0);
  #view = new DataView(this.#buffer);

  // hot path
  /** Takes one sample of a block for some of its reductions. */
  take(
    reductions: readonly Reduction[],
    bytes: Uint8Array,
    from: number,
    seconds: number,
    nanoseconds: number,
  ): void {
    for (let i = 0; i < reductions.length; i++) {
      const each = reductions[i]!;
      this.#add(each, this.#number(each, bytes, from + each.byte), seconds, nanoseconds);
    }
  }

  /** Gives the number of each slot that had samples. */
  release(takeNumber: TakeNumber): void {
    for (const each of this.#pending) {
      const value = each.policy === 'mean' ? each.number / each.samples : each.number;
      const told = each.isWhole ? Math.round(value) : value;
      takeNumber(each.slot, told, each.seconds, each.nanoseconds);
      each.samples = 0;
    }
    this.#pending.length = 0;
  }

  /** Forgets the samples of a slot whose plant went. */
  forget(reduction: Reduction): void {
    if (reduction.samples === 0) return;
    reduction.samples = 0;
    this.#pending.splice(this.#pending.indexOf(reduction), 1);
  }

  // hot path
  #add(each: Reduction, value: number, seconds: number, nanoseconds: number): void {
    each.samples++;
    if (each.samples === 1) {
      this.#pending.push(each);
      each.number = value;
    } else if (each.policy === 'mean') each.number += value;
    else if (each.policy === 'min' ? value < each.number : value > each.number) each.number = value;
    else return;
    each.seconds = seconds;
    each.nanoseconds = nanoseconds;
  }

  // hot path
  #number(each: Reduction, bytes: Uint8Array, at: number): number {
    if (each.format === Format.bits) {
      return readBits(bytes, at, each.length, each.shift, each.width);
    }
    // Frames lie in one receive buffer, mostly.
    if (bytes.buffer !== this.#buffer) {
      this.#buffer = bytes.buffer;
      this.#view = new DataView(this.#buffer);
    }
    return readNumber(this.#view, bytes.byteOffset + at, each.format);
  }
}
