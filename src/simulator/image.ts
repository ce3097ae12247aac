import { IndexGroup } from '../ads/index.ts';
import { Result, refused } from './refusal.ts';

/** The half of the process image that an entry lies in, as the plant's terminals see it. */
export type Area = 'outputs' | 'inputs';

/** A run of bits of the image. */
export interface Location {
  /** Of the first bit, in `Image.bytes`. */
  readonly byte: number;
  /** 0 to 7 within that byte. */
  readonly bit: number;
  readonly bits: number;
  /** Bytes that the run takes when it travels: a single bit takes one. */
  readonly size: number;
}

/**
 * The process image: the outputs of all terminals, then their inputs. The byte groups and the bit
 * groups address the same memory. What terminals put out is what the I/O server takes in, so
 * outputs are group 0xF020 ("input image") and inputs 0xF030 (facts/ads.md section 7).
 */
export class Image {
  readonly bytes: Uint8Array;
  readonly #outputs: number;

  constructor(sizes: Readonly<Record<Area, number>>) {
    this.bytes = new Uint8Array(sizes.outputs + sizes.inputs);
    this.#outputs = sizes.outputs;
  }

  /** Bytes of an area. */
  size(area: Area): number {
    return area === 'outputs' ? this.#outputs : this.bytes.length - this.#outputs;
  }

  /** The bits of an area from `bit` on. */
  at(area: Area, bit: number, bits: number): Location {
    const start = area === 'outputs' ? 0 : this.#outputs;
    return {
      byte: start + (bit >>> 3),
      bit: bit & 7,
      bits,
      size: Math.ceil(bits / 8),
    };
  }

  /**
   * What a read, write or notification by group and offset means; undefined when the group is not
   * of the image. One byte at a bit address is a single bit; more bytes are whole bytes from it on.
   */
  locate(group: number, offset: number, length: number): Location | undefined {
    const area = areaOf(group);
    if (area === undefined) return undefined;
    const byBit = group === IndexGroup.inputBits || group === IndexGroup.outputBits;
    const bit = byBit ? offset : offset * 8;
    const end = this.size(area) * 8;
    if (bit >= end) throw refused(Result.invalidOffset);
    const bits = byBit && length === 1 ? 1 : length * 8;
    if (bits === 0 || bit + bits > end) throw refused(Result.invalidSize);
    return this.at(area, bit, bits);
  }

  /** The bytes of a location, owned by the caller; the first bit is bit 0. */
  read(location: Location): Uint8Array {
    const target = new Uint8Array(location.size);
    this.readInto(location, target, 0);
    return target;
  }

  // hot path
  /** Copies the bits of a location to `target` from byte `at` on. */
  readInto(location: Location, target: Uint8Array, at: number): void {
    const { byte, bit, bits, size } = location;
    const source = this.bytes;
    if (bit === 0) {
      for (let i = 0; i < size; i++) target[at + i] = source[byte + i]!;
    } else {
      for (let i = 0; i < size; i++) {
        // The byte after the last of the image reads as undefined, and shifts to 0.
        target[at + i] = (source[byte + i]! >>> bit) | (source[byte + i + 1]! << (8 - bit));
      }
    }
    if ((bits & 7) !== 0) target[at + size - 1]! &= (1 << (bits & 7)) - 1;
  }

  /** Puts `source` in a location without touching its neighbours; the sizes must agree. */
  write(location: Location, source: Uint8Array): void {
    if (source.length !== location.size) throw refused(Result.invalidSize);
    const { byte, bit, bits } = location;
    if (bit === 0 && (bits & 7) === 0) {
      this.bytes.set(source, byte);
      return;
    }
    for (let i = 0; i < bits; i++) {
      this.setBit(byte * 8 + bit + i, ((source[i >>> 3] ?? 0) >>> (i & 7)) & 1);
    }
  }

  // hot path
  /** Sets one bit, counted from the start of `bytes`. */
  setBit(bit: number, value: number): void {
    const mask = 1 << (bit & 7);
    if (value === 0) this.bytes[bit >>> 3]! &= ~mask;
    else this.bytes[bit >>> 3]! |= mask;
  }
}

/** Index groups of an area. */
export const groupsOf: Readonly<Record<Area, { readonly bytes: number; readonly bits: number }>> = {
  outputs: { bytes: IndexGroup.inputBytes, bits: IndexGroup.inputBits },
  inputs: { bytes: IndexGroup.outputBytes, bits: IndexGroup.outputBits },
};

/** The area of an index group of the process image. */
export function areaOf(group: number): Area | undefined {
  if (group === groupsOf.outputs.bytes || group === groupsOf.outputs.bits) return 'outputs';
  if (group === groupsOf.inputs.bytes || group === groupsOf.inputs.bits) return 'inputs';
  return undefined;
}
