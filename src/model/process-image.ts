import { Quality } from './alarm.ts';
import type { Datatype } from './datatype.ts';
import { type ImageBlock, isBefore, joined, newBlock, reach, STEP_NS } from './image-block.ts';
import { KeptSamples } from './kept-samples.ts';
import type { SamplePolicy } from './sample-policy.ts';
import { bitField, grown } from './slot-format.ts';
import { lengthOf, SlotMemory } from './slot-memory.ts';
import type { Value } from './value.ts';

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
  /** What becomes of the samples between two batches; `last` unless told. */
  readonly policy?: SamplePolicy;
  /** Means are rounded to whole numbers. */
  readonly isWhole?: boolean;
};

/**
 * The plant's memory as last seen: raw bytes by block, time, quality and alarm by slot, and the list
 * of slots that changed since it was last emptied. The south shore writes it, records read it.
 * No slot's time ever goes back: what would is later than the time before by one microsecond.
 */
export class ProcessImage {
  /** EPICS seconds and nanoseconds of the newest sample, by slot. */
  seconds = new Uint32Array(64);
  nanoseconds = new Uint32Array(64);
  /** A `Quality`, by slot. */
  quality = new Uint8Array(64).fill(Quality.never);
  /** Severity × 256 + status that others say of a slot's value; 0 is none. */
  alarm = new Uint16Array(64);
  /** Why a slot has its `alarm`. */
  readonly reason = new Map<Slot, string>();
  /** Slots that changed, `dirtyCount` of them, each once. */
  dirty = new Uint32Array(64);
  dirtyCount = 0;
  /** Samples refused because their size was not their block's. */
  wrongSize = 0;
  /** Samples whose time was before that of an earlier one. */
  held = 0;

  #slots = 0;
  #isDirty = new Uint8Array(64);
  readonly #memory = new SlotMemory();
  readonly #kept = new KeptSamples(this.#memory);
  readonly #blockOf: (Block | undefined)[] = [];
  readonly #blocks: ImageBlock[] = [];

  get slotCount(): number {
    return this.#slots;
  }

  get blockCount(): number {
    return this.#blocks.length;
  }

  /** Samples of `every` slots that were dropped: their ring was full, or their plant went. */
  get dropped(): { readonly full: number; readonly away: number } {
    return { full: this.#kept.rings.dropped, away: this.#kept.rings.discarded };
  }

  /** A new block of `length` zero bytes. */
  addBlock(length: number): Block {
    return this.#blocks.push(newBlock(this.#memory.allocate(length), length)) - 1;
  }

  blockLength(block: Block): number {
    return this.#blocks[block]?.length ?? 0;
  }

  /** Any slot that a block feeds, for the time of the block. */
  slotIn(block: Block): Slot | undefined {
    return this.#blocks[block]?.slots[0];
  }

  /** Whether some slot of a block has a quality. */
  has(block: Block, quality: Quality): boolean {
    return (this.#blocks[block]?.slots ?? []).some((slot) => this.quality[slot] === quality);
  }

  /** Time of a block's newest sample, in microseconds since 1990. */
  microseconds(block: Block): number {
    const { seconds = 0, nanoseconds = 0 } = this.#blocks[block] ?? {};
    return seconds * 1e6 + Math.floor(nanoseconds / 1000);
  }

  /** Whether a block's newest sample is later than a time. */
  isLater(block: Block, seconds: number, nanoseconds: number): boolean {
    const newest = this.#blocks[block];
    return isBefore(seconds, nanoseconds, newest?.seconds, newest?.nanoseconds);
  }

  /** Whether bytes are not those of a block's newest sample. */
  differs(block: Block, bytes: Uint8Array, from: number): boolean {
    const { at = 0, length = 0 } = this.#blocks[block] ?? {};
    return this.#memory.differsAt(at, bytes, from, length);
  }

  /** A new slot, of a place in a block, or of none: then its record holds the value. */
  addSlot(place?: Place): Slot {
    const slot = this.#slots++;
    if (slot >= this.quality.length) this.#growSlots();
    this.#blockOf.push(undefined);
    if (place) this.place(slot, place);
    return slot;
  }

  /** Moves a slot to another place: the plant came back with another layout. */
  place(slot: Slot, place: Place): void {
    const { block, byte, bit, datatype, policy = 'last' } = place;
    const home = this.#blocks[block];
    const length = lengthOf(datatype, bit);
    const isTorn = length > 4 && bitField(datatype) > 0;
    if (!home || byte < 0 || byte + length > home.length || isTorn) {
      throw new RangeError(
        `${length} bytes at ${byte} do not fit block ${block} of ${this.blockLength(block)}`,
      );
    }
    this.#remove(slot);
    const { at } = home;
    this.#blockOf[slot] = block;
    home.slots = joined(home.slots, slot);
    reach(home, this.seconds[slot] ?? 0, this.nanoseconds[slot] ?? 0);
    if (policy === 'last') {
      home.last = joined(home.last, slot);
      this.#memory.map(slot, at + byte, bit, datatype);
    } else {
      home.samples ??= { rings: [], reductions: [] };
      this.#kept.place(slot, place, home.samples);
    }
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
    const home = this.#blocks[block]!;
    if (length !== home.length) {
      this.wrongSize++;
      return;
    }
    if (seconds < home.seconds || (seconds === home.seconds && nanoseconds < home.nanoseconds)) {
      this.held++;
      const next = home.nanoseconds + STEP_NS;
      seconds = next < 1e9 ? home.seconds : home.seconds + 1;
      nanoseconds = next % 1e9;
    }
    home.seconds = seconds;
    home.nanoseconds = nanoseconds;
    const shift = from - home.at;
    const slots = home.last;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      this.seconds[slot] = seconds;
      this.nanoseconds[slot] = nanoseconds;
      if (this.quality[slot] !== Quality.good) {
        this.quality[slot] = Quality.good;
        if (!this.#isDirty[slot]) this.#push(slot);
      } else if (!this.#isDirty[slot] && this.#memory.differs(slot, source, shift)) {
        this.#push(slot);
      }
    }
    this.#memory.write(home.at, source, from, length);
    const { samples } = home;
    if (samples !== undefined) {
      this.#kept.take(samples, source, from, seconds, nanoseconds, this.quality);
    }
  }

  /**
   * Before a batch: slots that want every sample get their oldest, those that want one number from
   * all get it. Tells whether samples are left for a batch after this one.
   */
  replay(): boolean {
    return this.#kept.replay((slot, seconds, nanoseconds) => {
      this.seconds[slot] = seconds;
      this.nanoseconds[slot] = nanoseconds;
      this.quality[slot] = Quality.good;
      if (!this.#isDirty[slot]) this.#push(slot);
    });
  }

  /** Marks a slot's value as not known well, at a time; the last value stands. */
  degrade(slot: Slot, quality: Quality, seconds: number, nanoseconds: number): void {
    if (this.quality[slot] === quality) return;
    // A value that never came stays undefined, whatever happens to the link.
    if (this.quality[slot] === Quality.never && quality === Quality.away) return;
    this.#kept.forget(slot);
    this.quality[slot] = quality;
    this.#stamp(slot, seconds, nanoseconds);
    if (!this.#isDirty[slot]) this.#push(slot);
  }

  /** What a slot holds is not its value until the next sample; tells whether it was known well. */
  expect(slot: Slot): boolean {
    this.#kept.forget(slot);
    if (this.quality[slot] !== Quality.good) return false;
    this.quality[slot] = Quality.never;
    return true;
  }

  /** As `degrade`, for every slot of a block. */
  degradeBlock(block: Block, quality: Quality, seconds: number, nanoseconds: number): void {
    for (const slot of this.#blocks[block]?.slots ?? [])
      this.degrade(slot, quality, seconds, nanoseconds);
  }

  /** Marks a slot that has no block as changed and good, at a time. */
  touch(slot: Slot, seconds: number, nanoseconds: number): void {
    this.#stamp(slot, seconds, nanoseconds);
    this.quality[slot] = Quality.good;
    if (!this.#isDirty[slot]) this.#push(slot);
  }

  /** What others say of a slot's value from a time on; its record processes when that is news. */
  setAlarm(slot: Slot, alarm: number, reason: string, seconds: number, nanoseconds: number): void {
    if (this.alarm[slot] === alarm && (this.reason.get(slot) ?? '') === reason) return;
    this.alarm[slot] = alarm;
    if (reason) this.reason.set(slot, reason);
    else this.reason.delete(slot);
    if (!isBefore(seconds, nanoseconds, this.seconds[slot], this.nanoseconds[slot])) {
      this.#stamp(slot, seconds, nanoseconds);
    }
    if (!this.#isDirty[slot]) this.#push(slot);
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
    return this.#memory.number(slot);
  }

  /** The decoded value of a slot's bytes, exact; undefined for a slot without a block. */
  value(slot: Slot): Value | undefined {
    return this.#memory.value(slot);
  }

  /** A view of a slot's bytes, valid until the image grows. */
  bytes(slot: Slot): Uint8Array {
    return this.#memory.bytes(slot);
  }

  #remove(slot: Slot): void {
    const old = this.#blocks[this.#blockOf[slot] ?? -1];
    if (!old) return;
    old.slots.splice(old.slots.indexOf(slot), 1);
    const last = old.last.indexOf(slot);
    if (last >= 0) old.last.splice(last, 1);
    else if (old.samples) this.#kept.remove(slot, old.samples);
  }

  /** Gives a slot a time, or the next one when that would go back. */
  #stamp(slot: Slot, seconds: number, nanoseconds: number): void {
    const before = this.seconds[slot] ?? 0;
    const next = (this.nanoseconds[slot] ?? 0) + STEP_NS;
    const isBack = isBefore(seconds, nanoseconds, before, this.nanoseconds[slot]);
    this.seconds[slot] = isBack ? before + Math.floor(next / 1e9) : seconds;
    this.nanoseconds[slot] = isBack ? next % 1e9 : nanoseconds;
    const home = this.#blocks[this.#blockOf[slot] ?? -1];
    if (home) reach(home, this.seconds[slot] ?? 0, this.nanoseconds[slot] ?? 0);
  }

  // hot path
  #push(slot: Slot): void {
    this.#isDirty[slot] = 1;
    this.dirty[this.dirtyCount++] = slot;
  }

  #growSlots(): void {
    const size = this.quality.length * 2;
    this.seconds = grown(this.seconds, new Uint32Array(size));
    this.nanoseconds = grown(this.nanoseconds, new Uint32Array(size));
    this.quality = grown(this.quality, new Uint8Array(size).fill(Quality.never));
    this.alarm = grown(this.alarm, new Uint16Array(size));
    this.dirty = grown(this.dirty, new Uint32Array(size));
    this.#isDirty = grown(this.#isDirty, new Uint8Array(size));
  }
}
