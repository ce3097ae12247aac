import { f64 } from './datatype.ts';
import type { Place, Slot } from './process-image.ts';
import { type Reduction, Reductions } from './reductions.ts';
import type { SamplePolicy } from './sample-policy.ts';
import { FIELD_BYTES, type Ring, SampleRings } from './sample-rings.ts';
import { bitField, Format, formatOf } from './slot-format.ts';
import { lengthOf, type SlotMemory } from './slot-memory.ts';

/** What one block does for slots that do not take just the newest sample. */
export type BlockSamples = { readonly rings: Ring[]; readonly reductions: Reduction[] };

/**
 * Samples of slots that do not take just the newest, from one batch to the next. Such a slot has
 * bytes of its own, which hold what its record is to see.
 */
export class KeptSamples {
  readonly rings = new SampleRings();
  readonly #memory: SlotMemory;
  readonly #reductions = new Reductions();
  readonly #ownAt: ({ readonly at: number; readonly length: number } | undefined)[] = [];
  readonly #ringOf: (Ring | undefined)[] = [];
  readonly #reductionOf: (Reduction | undefined)[] = [];

  constructor(memory: SlotMemory) {
    this.#memory = memory;
  }

  /** Has a slot's samples kept from now on. */
  place(slot: Slot, place: Place, of: BlockSamples): void {
    const { byte, bit, datatype, policy = 'last' } = place;
    const length = lengthOf(datatype, bit);
    const width = bitField(datatype);
    if (policy === 'every') {
      this.#memory.map(slot, this.#own(slot, width ? FIELD_BYTES : length), 0, datatype);
      const ring = this.rings.add(slot, { byte, length, shift: bit, width });
      this.#ringOf[slot] = ring;
      of.rings.push(ring);
    } else if (policy !== 'last') {
      this.#memory.map(slot, this.#own(slot, 8), 0, f64);
      const reduction = newReduction(slot, place, policy, length);
      this.#reductionOf[slot] = reduction;
      of.reductions.push(reduction);
    }
  }

  /** Keeps a slot's samples no more. */
  remove(slot: Slot, from: BlockSamples): void {
    this.forget(slot);
    const ring = this.#ringOf[slot];
    if (ring !== undefined) {
      this.rings.remove(ring);
      from.rings.splice(from.rings.indexOf(ring), 1);
    }
    const reduction = this.#reductionOf[slot];
    if (reduction) from.reductions.splice(from.reductions.indexOf(reduction), 1);
    this.#ringOf[slot] = undefined;
    this.#reductionOf[slot] = undefined;
  }

  /** Drops what waits: the plant went, or cannot tell any more. */
  forget(slot: Slot): void {
    const ring = this.#ringOf[slot];
    if (ring !== undefined) this.rings.forget(ring);
    const reduction = this.#reductionOf[slot];
    if (reduction) this.#reductions.forget(reduction);
  }

  // hot path
  take(
    { rings, reductions }: BlockSamples,
    source: Uint8Array,
    from: number,
    seconds: number,
    nanoseconds: number,
    quality: Uint8Array,
  ): void {
    if (rings.length > 0) this.rings.take(rings, source, from, seconds, nanoseconds, quality);
    if (reductions.length > 0)
      this.#reductions.take(reductions, source, from, seconds, nanoseconds);
  }

  /**
   * Makes the oldest sample of each ring, and the number of each reduction, what the record sees;
   * `changed` hears of it. Tells whether rings have more.
   */
  replay(changed: (slot: Slot, seconds: number, nanoseconds: number) => void): boolean {
    this.#reductions.release((slot, value, seconds, nanoseconds) => {
      this.#memory.writeFloat(this.#ownAt[slot]?.at ?? 0, value);
      changed(slot, seconds, nanoseconds);
    });
    return this.rings.replay((slot, bytes, at, seconds, nanoseconds) => {
      const own = this.#ownAt[slot];
      if (own) this.#memory.write(own.at, bytes, at, own.length);
      changed(slot, seconds, nanoseconds);
    });
  }

  /** Bytes that are the slot's alone; those of before when they are as many. */
  #own(slot: Slot, length: number): number {
    const known = this.#ownAt[slot];
    if (known?.length === length) return known.at;
    const at = this.#memory.allocate(length);
    this.#ownAt[slot] = { at, length };
    return at;
  }
}

function newReduction(
  slot: Slot,
  { byte, bit, datatype, isWhole = false }: Place,
  policy: Exclude<SamplePolicy, 'last' | 'every'>,
  length: number,
): Reduction {
  const width = bitField(datatype);
  const format = width ? Format.bits : formatOf(datatype);
  const empty = { samples: 0, number: 0, seconds: 0, nanoseconds: 0 };
  return { slot, policy, byte, length, format, shift: bit, width, isWhole, ...empty };
}
