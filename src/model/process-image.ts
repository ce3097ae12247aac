import { Quality } from './alarm.ts';
import { byteLength, type Datatype } from './datatype.ts';
import { bitField, Format, formatOf } from './slot-format.ts';
import { decodeValue, type Value } from './value.ts';

/** Index of one attribute's place in the image; records use the same index. */
export type Slot = number;
/** Index of one range of plant memory that arrives as a whole. */
export type Block = number;

/** Where in its block a value lies. */
export type Place = {
  readonly block: Block;
  readonly byte: number;
  /** Bit within the byte, for bit fields. */
  readonly bit: number;
  readonly datatype: Datatype;
};

/**
 * The plant's memory as last seen: raw bytes by block, time and quality by slot, and the list of
 * slots that changed since it was last emptied. The south shore writes it, records read it.
 */
export class ProcessImage {
  /** EPICS seconds and nanoseconds of the newest sample, by slot. */
  seconds = new Uint32Array(64);
  nanoseconds = new Uint32Array(64);
  /** A `Quality`, by slot. */
  quality = new Uint8Array(64).fill(Quality.never);
  /** Slots that changed, `dirtyCount` of them, each once. */
  dirty = new Uint32Array(64);
  dirtyCount = 0;
  /** Samples refused because their size was not their block's. */
  wrongSize = 0;

  #slots = 0;
  #isDirty = new Uint8Array(64);
  #format = new Uint8Array(64);
  #at = new Uint32Array(64);
  #length = new Uint32Array(64);
  #shift = new Uint8Array(64);
  #width = new Uint8Array(64);
  readonly #datatypes: (Datatype | undefined)[] = [];
  readonly #blockOf: (Block | undefined)[] = [];

  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;
  readonly #blockAt: number[] = [];
  readonly #blockLength: number[] = [];
  readonly #blockSlots: Slot[][] = [];

  get slotCount(): number {
    return this.#slots;
  }

  get blockCount(): number {
    return this.#blockAt.length;
  }

  /** A new block of `length` zero bytes. */
  addBlock(length: number): Block {
    const at = this.#used;
    // Room for an 8-byte read at any bit field near the end.
    this.#used += length + 8;
    if (this.#used > this.#bytes.length) this.#growBytes();
    this.#blockAt.push(at);
    this.#blockLength.push(length);
    this.#blockSlots.push([]);
    return this.#blockAt.length - 1;
  }

  blockLength(block: Block): number {
    return this.#blockLength[block] ?? 0;
  }

  /** Any slot that a block feeds, for the time of the block. */
  slotIn(block: Block): Slot | undefined {
    return this.#blockSlots[block]?.[0];
  }

  /** A new slot, of a place in a block, or of none: then its record holds the value. */
  addSlot(place?: Place): Slot {
    const slot = this.#slots++;
    if (slot >= this.quality.length) this.#growSlots();
    this.#datatypes.push(undefined);
    if (place) this.place(slot, place);
    return slot;
  }

  /** Moves a slot to another place: the plant came back with another layout. */
  place(slot: Slot, place: Place): void {
    const old = this.#blockSlots[this.#blockOf[slot] ?? -1];
    old?.splice(old.indexOf(slot), 1);
    this.#datatypes[slot] = place.datatype;
    this.#map(slot, place);
  }

  // hot path
  /** Takes one sample of a block: stamps its slots, and marks dirty those whose bytes changed. */
  apply(
    block: Block,
    source: Uint8Array,
    from: number,
    length: number,
    seconds: number,
    nanoseconds: number,
  ): void {
    const slots = this.#blockSlots[block]!;
    if (length !== this.#blockLength[block]!) {
      this.wrongSize++;
      return;
    }
    const base = this.#blockAt[block]!;
    const bytes = this.#bytes;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      this.seconds[slot] = seconds;
      this.nanoseconds[slot] = nanoseconds;
      if (this.quality[slot] !== Quality.good) {
        this.quality[slot] = Quality.good;
        if (!this.#isDirty[slot]) this.#push(slot);
        continue;
      }
      if (this.#isDirty[slot]) continue;
      const at = this.#at[slot]!;
      const shift = from - base;
      for (let b = at + this.#length[slot]! - 1; b >= at; b--) {
        if (bytes[b] !== source[b + shift]) {
          this.#mark(slot);
          break;
        }
      }
    }
    for (let b = 0; b < length; b++) bytes[base + b] = source[from + b]!;
  }

  /** Marks a slot's value as not known well, at a time; the last value stands. */
  degrade(slot: Slot, quality: Quality, seconds: number, nanoseconds: number): void {
    if (this.quality[slot] === quality) return;
    // A value that never came stays undefined, whatever happens to the link.
    if (this.quality[slot] === Quality.never && quality === Quality.away) return;
    this.quality[slot] = quality;
    this.seconds[slot] = seconds;
    this.nanoseconds[slot] = nanoseconds;
    if (!this.#isDirty[slot]) this.#push(slot);
  }

  /** As `degrade`, for every slot of a block. */
  degradeBlock(block: Block, quality: Quality, seconds: number, nanoseconds: number): void {
    for (const slot of this.#blockSlots[block] ?? [])
      this.degrade(slot, quality, seconds, nanoseconds);
  }

  /** Marks a slot that has no block as changed and good, at a time. */
  touch(slot: Slot, seconds: number, nanoseconds: number): void {
    this.seconds[slot] = seconds;
    this.nanoseconds[slot] = nanoseconds;
    if (this.#isDirty[slot]) this.quality[slot] = Quality.good;
    else this.#mark(slot);
  }

  // hot path
  /** Empties the dirty list, once its slots were processed. */
  clearDirty(): void {
    for (let i = 0; i < this.dirtyCount; i++) this.#isDirty[this.dirty[i]!] = 0;
    this.dirtyCount = 0;
  }

  // hot path
  /** The number in a slot's bytes; 64-bit integers lose what a double cannot hold. */
  number(slot: Slot): number {
    const view = this.#view;
    const at = this.#at[slot]!;
    switch (this.#format[slot]!) {
      case Format.bits:
        return (view.getUint32(at, true) >>> this.#shift[slot]!) & ((1 << this.#width[slot]!) - 1);
      case Format.u8:
        return view.getUint8(at);
      case Format.i8:
        return view.getInt8(at);
      case Format.u16:
        return view.getUint16(at, true);
      case Format.i16:
        return view.getInt16(at, true);
      case Format.u32:
        return view.getUint32(at, true);
      case Format.i32:
        return view.getInt32(at, true);
      case Format.f32:
        return view.getFloat32(at, true);
      case Format.f64:
        return view.getFloat64(at, true);
      case Format.i64:
        return Number(view.getBigInt64(at, true));
      case Format.u64:
        return Number(view.getBigUint64(at, true));
      default:
        return Number(this.value(slot) ?? 0);
    }
  }

  /** The decoded value of a slot's bytes, exact; undefined for a slot without a block. */
  value(slot: Slot): Value | undefined {
    const datatype = this.#datatypes[slot];
    if (!datatype) return undefined;
    if (this.#format[slot] === Format.bits) return this.number(slot);
    return decodeValue(datatype, this.bytes(slot));
  }

  /** A view of a slot's bytes, valid until the image grows. */
  bytes(slot: Slot): Uint8Array {
    const at = this.#at[slot] ?? 0;
    return this.#bytes.subarray(at, at + (this.#length[slot] ?? 0));
  }

  #map(slot: Slot, { block, byte, bit, datatype }: Place): void {
    const field = bitField(datatype);
    const length = field ? Math.ceil((bit + field) / 8) : byteLength(datatype);
    if (byte < 0 || byte + length > this.blockLength(block) || (length > 4 && field)) {
      throw new RangeError(
        `${length} bytes at ${byte} do not fit block ${block} of ${this.blockLength(block)}`,
      );
    }
    this.#format[slot] = field ? Format.bits : formatOf(datatype);
    this.#at[slot] = (this.#blockAt[block] ?? 0) + byte;
    this.#length[slot] = length;
    this.#shift[slot] = bit;
    this.#width[slot] = field;
    this.#blockOf[slot] = block;
    this.#blockSlots[block]?.push(slot);
  }

  #mark(slot: Slot): void {
    this.quality[slot] = Quality.good;
    this.#push(slot);
  }

  #push(slot: Slot): void {
    this.#isDirty[slot] = 1;
    this.dirty[this.dirtyCount++] = slot;
  }

  #growBytes(): void {
    const grown = new Uint8Array(Math.max(this.#used, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  #growSlots(): void {
    const size = this.quality.length * 2;
    this.seconds = grown(this.seconds, new Uint32Array(size));
    this.nanoseconds = grown(this.nanoseconds, new Uint32Array(size));
    this.quality = grown(this.quality, new Uint8Array(size).fill(Quality.never));
    this.dirty = grown(this.dirty, new Uint32Array(size));
    this.#isDirty = grown(this.#isDirty, new Uint8Array(size));
    this.#format = grown(this.#format, new Uint8Array(size));
    this.#at = grown(this.#at, new Uint32Array(size));
    this.#length = grown(this.#length, new Uint32Array(size));
    this.#shift = grown(this.#shift, new Uint8Array(size));
    this.#width = grown(this.#width, new Uint8Array(size));
  }
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
