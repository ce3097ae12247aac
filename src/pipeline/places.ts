import {
  type Block,
  byteLength,
  type Place,
  Quality,
  type Slot,
  type Value,
} from '../model/index.ts';
import type { PlantMemory } from './plant-memory.ts';

/**
 * Where in the image the records of the plant lie, from session to session. A value that moved
 * stands as it was until the first sample of its new place: never bytes of somebody else.
 */
export class Places {
  readonly #memory: PlantMemory;
  readonly #places = new Map<Slot, Place>();
  readonly #others = new Set<Slot>();
  readonly #constants = new Map<Slot, Value>();
  readonly #expected = new Set<Slot>();
  readonly #limbo = new Map<number, Block>();

  constructor(memory: PlantMemory) {
    this.#memory = memory;
  }

  /** Every record of the plant, whether it has a place or not. */
  *slots(): Iterable<Slot> {
    yield* this.#places.keys();
    yield* this.#others;
  }

  /** Whether a record is one of the plant's. */
  owns(slot: Slot): boolean {
    return this.#places.has(slot) || this.#others.has(slot);
  }

  /** A record of the plant that has no place: a setpoint, a constant. */
  own(slot: Slot): void {
    this.#others.add(slot);
  }

  /** Whether a constant is another one than before, or is not known well since. */
  isNews(slot: Slot, value: Value): boolean {
    const { quality } = this.#memory.image;
    const isNews = this.#constants.get(slot) !== value || quality[slot] !== Quality.good;
    this.#constants.set(slot, value);
    return isNews;
  }

  /** Puts a slot to its place with `place`; true when it was at another one before. */
  put(slot: Slot, to: Place, place: (slot: Slot, to: Place) => void): boolean {
    const from = this.#places.get(slot);
    if (from && isSame(from, to)) return false;
    place(slot, to);
    this.#places.set(slot, to);
    if (from) this.expect(slot);
    return from !== undefined;
  }

  /** What the slot's bytes hold is not its value until the next sample; nobody sees that. */
  expect(slot: Slot): void {
    if (this.#memory.image.expect(slot)) this.#expected.add(slot);
  }

  /** The symbols moved: no place in these blocks can be trusted before its next sample. */
  expectIn(blocks: ReadonlySet<Block>): void {
    for (const [slot, { block }] of this.#places) if (blocks.has(block)) this.expect(slot);
  }

  /** Takes a slot from its place: the last value stands, INVALID, whatever arrives there. */
  retire(slot: Slot): void {
    const place = this.#places.get(slot);
    if (place) {
      const block = this.#limboOf(byteLength(place.datatype) + 1);
      const nowhere = { block, byte: 0, bit: 0, datatype: place.datatype };
      this.#memory.image.place(slot, nowhere);
      this.#places.set(slot, nowhere);
    }
    this.degrade([slot], Quality.away);
  }

  /** Values stand as they were last, and say that they are not known well. */
  degrade(slots: Iterable<Slot>, quality: Quality): void {
    const { image } = this.#memory;
    const [seconds, nanoseconds] = this.#memory.now();
    for (const slot of slots) {
      // They had a value: it is no more, or not yet, that of the plant.
      if (this.#expected.has(slot) && image.quality[slot] === Quality.never) {
        image.quality[slot] = Quality.good;
      }
      this.#expected.delete(slot);
      image.degrade(slot, quality, seconds, nanoseconds);
    }
  }

  #limboOf(length: number): Block {
    const known = this.#limbo.get(length);
    if (known !== undefined) return known;
    const block = this.#memory.image.addBlock(length);
    this.#limbo.set(length, block);
    return block;
  }
}

function isSame({ datatype, ...a }: Place, { datatype: other, ...b }: Place): boolean {
  const isSameType = datatype === other || JSON.stringify(datatype) === JSON.stringify(other);
  return (
    isSameType &&
    a.block === b.block &&
    a.byte === b.byte &&
    a.bit === b.bit &&
    a.policy === b.policy &&
    a.isWhole === b.isWhole
  );
}
