import { byteLength, type Datatype } from './datatype.ts';
import type { Slot } from './process-image.ts';
import { bitField, Format, formatOf, grown, readNumber } from './slot-format.ts';
import { decodeValue, type Value } from './value.ts';

/** Reads of up to 8 bytes may begin at any byte. */
const MARGIN = 8;
/** More bytes than this are copied faster by a view that must be made first (measured). */
const BULK = 64;

/** The bytes of a process image, and which of them are a slot's. */
export class SlotMemory {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  #format = new Uint8Array(64);
  #at = new Uint32Array(64);
  #length = new Uint32Array(64);
  #shift = new Uint8Array(64);
  #width = new Uint8Array(64);
  readonly #datatypes: (Datatype | undefined)[] = [];

  /** Room for `length` bytes, all zero; returns where. */
  allocate(length: number): number {
    const at = this.#used;
    this.#used += length + MARGIN;
    if (this.#used > this.#bytes.length) this.#growBytes();
    return at;
  }

  /** Makes the bytes from `at` on, and `bit` within them, a slot's. */
  map(slot: Slot, at: number, bit: number, datatype: Datatype): void {
    if (slot >= this.#at.length) this.#growSlots(slot);
    const field = bitField(datatype);
    this.#datatypes[slot] = datatype;
    this.#format[slot] = field ? Format.bits : formatOf(datatype);
    this.#at[slot] = at;
    this.#length[slot] = lengthOf(datatype, bit);
    this.#shift[slot] = bit;
    this.#width[slot] = field;
  }

  // hot path
  /** Whether a slot's bytes differ from those that lie `shift` further on in `source`. */
  differs(slot: Slot, source: Uint8Array, shift: number): boolean {
    const bytes = this.#bytes;
    const at = this.#at[slot]!;
    for (let b = at + this.#length[slot]! - 1; b >= at; b--) {
      if (bytes[b] !== source[b + shift]) return true;
    }
    return false;
  }

  // hot path
  /** Whether bytes of the memory differ from those of `source`. */
  differsAt(at: number, source: Uint8Array, from: number, length: number): boolean {
    const bytes = this.#bytes;
    for (let b = 0; b < length; b++) if (bytes[at + b] !== source[from + b]) return true;
    return false;
  }

  // hot path
  write(at: number, source: Uint8Array, from: number, length: number): void {
    const bytes = this.#bytes;
    if (length > BULK) {
      bytes.set(source.subarray(from, from + length), at);
      return;
    }
    for (let b = 0; b < length; b++) bytes[at + b] = source[from + b]!;
  }

  writeFloat(at: number, value: number): void {
    this.#view.setFloat64(at, value, true);
  }

  // hot path
  /** The number in a slot's bytes; 64-bit integers lose what a double cannot hold. */
  number(slot: Slot): number {
    const view = this.#view;
    const at = this.#at[slot]!;
    const format = this.#format[slot]!;
    if (format === Format.bits) {
      return (view.getUint32(at, true) >>> this.#shift[slot]!) & ((1 << this.#width[slot]!) - 1);
    }
    if (format === Format.other || format === Format.none) return Number(this.value(slot) ?? 0);
    return readNumber(view, at, format);
  }

  /** The decoded value of a slot's bytes, exact; undefined for a slot that has none. */
  value(slot: Slot): Value | undefined {
    const datatype = this.#datatypes[slot];
    if (!datatype) return undefined;
    if (this.#format[slot] === Format.bits) return this.number(slot);
    return decodeValue(datatype, this.bytes(slot));
  }

  /** A view of a slot's bytes, valid until the memory grows. */
  bytes(slot: Slot): Uint8Array {
    const at = this.#at[slot] ?? 0;
    return this.#bytes.subarray(at, at + (this.#length[slot] ?? 0));
  }

  #growBytes(): void {
    this.#bytes = grown(
      this.#bytes,
      new Uint8Array(Math.max(this.#used + MARGIN, this.#bytes.length * 2)),
    );
    this.#view = new DataView(this.#bytes.buffer);
  }

  #growSlots(slot: Slot): void {
    const size = Math.max(slot + 1, this.#at.length * 2);
    this.#format = grown(this.#format, new Uint8Array(size));
    this.#at = grown(this.#at, new Uint32Array(size));
    this.#length = grown(this.#length, new Uint32Array(size));
    this.#shift = grown(this.#shift, new Uint8Array(size));
    this.#width = grown(this.#width, new Uint8Array(size));
  }
}

/** Bytes that a value takes from its first byte on. */
export function lengthOf(datatype: Datatype, bit: number): number {
  const field = bitField(datatype);
  return field ? Math.ceil((bit + field) / 8) : byteLength(datatype);
}
