import {
  type Block,
  byteLength,
  type Datatype,
  type Place,
  Quality,
  type Slot,
  samplePolicies,
  type Value,
} from '../model/index.ts';
import type { PlantMemory } from './plant-memory.ts';

/** What a slot is to the plant; 0 is nothing. */
const State = { none: 0, withoutPlace: 1, placed: 2, retired: 3 } as const;

type PutPlace = (slot: Slot, to: Place) => void;

/**
 * Where in the image the records of the plant lie, from session to session. A value that moved
 * stands as it was until the first sample of its new place: never bytes of somebody else. Columns
 * by slot, since a large plant has a million.
 */
export class Places {
  readonly #memory: PlantMemory;
  #state = new Uint8Array(64);
  #block = new Uint32Array(64);
  #byte = new Uint32Array(64);
  #bit = new Uint8Array(64);
  /** Index in `samplePolicies`, and WHOLE. */
  #policy = new Uint8Array(64);
  readonly #datatype: (Datatype | undefined)[] = [];
  readonly #constants = new Map<Slot, Value>();
  readonly #expected = new Set<Slot>();
  readonly #limbo = new Map<number, Block>();

  constructor(memory: PlantMemory) {
    this.#memory = memory;
  }

  /** Every record of the plant, whether it has a place or not. */
  *slots(): Iterable<Slot> {
    for (let slot = 0; slot < this.#state.length; slot++) {
      if (this.#state[slot] !== State.none) yield slot;
    }
  }

  /** Whether a record is one of the plant's. */
  owns(slot: Slot): boolean {
    return (this.#state[slot] ?? State.none) !== State.none;
  }

  /** A record of the plant that has no place: a setpoint, a constant. */
  own(slot: Slot): void {
    this.#reserve(slot);
    if (this.#state[slot] === State.none) this.#state[slot] = State.withoutPlace;
  }

  /** Whether a constant is another one than before, or is not known well since. */
  isNews(slot: Slot, value: Value): boolean {
    const { quality } = this.#memory.image;
    const isNews = this.#constants.get(slot) !== value || quality[slot] !== Quality.good;
    this.#constants.set(slot, value);
    return isNews;
  }

  /** Puts a slot to its place with `place`; true when it was at another one, or retired, before. */
  put(slot: Slot, to: Place, place: PutPlace): boolean {
    this.#reserve(slot);
    const before = this.#state[slot];
    const isThere = before === State.placed && this.#isAt(slot, to);
    if (isThere) return false;
    place(slot, to);
    this.#state[slot] = State.placed;
    this.#keep(slot, to);
    const isMoved = before === State.placed || before === State.retired;
    if (isMoved) this.expect(slot);
    return isMoved;
  }

  /** What the slot's bytes hold is not its value until the next sample; nobody sees that. */
  expect(slot: Slot): void {
    if (this.#memory.image.expect(slot)) this.#expected.add(slot);
  }

  /** The symbols moved: no place in these blocks can be trusted before its next sample. */
  expectIn(blocks: ReadonlySet<Block>): void {
    for (let slot = 0; slot < this.#state.length; slot++) {
      const isIn = this.#state[slot] === State.placed && blocks.has(this.#block[slot] ?? -1);
      if (isIn) this.expect(slot);
    }
  }

  /** Takes a slot from its place: the last value stands, INVALID, whatever arrives there. */
  retire(slot: Slot): void {
    const datatype = this.#datatype[slot];
    if (this.#state[slot] === State.placed && datatype) {
      const block = this.#limboOf(byteLength(datatype) + 1);
      this.#memory.image.place(slot, { block, byte: 0, bit: 0, datatype });
      this.#state[slot] = State.retired;
    }
    this.degrade([slot], Quality.away);
  }

  /** Puts a retired slot back to its place with `place`. */
  restore(slot: Slot, place: PutPlace): void {
    const home = this.#home(slot);
    if (home) this.put(slot, home, place);
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

  #isAt(slot: Slot, to: Place): boolean {
    const datatype = this.#datatype[slot];
    return (
      this.#block[slot] === to.block &&
      this.#byte[slot] === to.byte &&
      this.#bit[slot] === to.bit &&
      this.#policy[slot] === policyCode(to) &&
      (datatype === to.datatype || JSON.stringify(datatype) === JSON.stringify(to.datatype))
    );
  }

  #keep(slot: Slot, to: Place): void {
    this.#block[slot] = to.block;
    this.#byte[slot] = to.byte;
    this.#bit[slot] = to.bit;
    this.#policy[slot] = policyCode(to);
    this.#datatype[slot] = to.datatype;
  }

  #home(slot: Slot): Place | undefined {
    const datatype = this.#datatype[slot];
    if (!datatype) return undefined;
    const code = this.#policy[slot] ?? 0;
    const [block = 0, byte = 0, bit = 0] = [this.#block[slot], this.#byte[slot], this.#bit[slot]];
    const policy = samplePolicies[code % WHOLE] ?? 'last';
    return { block, byte, bit, datatype, policy, isWhole: code >= WHOLE };
  }

  #limboOf(length: number): Block {
    const known = this.#limbo.get(length);
    if (known !== undefined) return known;
    const block = this.#memory.image.addBlock(length);
    this.#limbo.set(length, block);
    return block;
  }

  #reserve(slot: Slot): void {
    if (slot < this.#state.length) return;
    const size = Math.max(slot + 1, 2 * this.#state.length);
    this.#state = grown(this.#state, new Uint8Array(size));
    this.#block = grown(this.#block, new Uint32Array(size));
    this.#byte = grown(this.#byte, new Uint32Array(size));
    this.#bit = grown(this.#bit, new Uint8Array(size));
    this.#policy = grown(this.#policy, new Uint8Array(size));
  }
}

/** Of means that are rounded; above every index of a policy. */
const WHOLE = 16;

function policyCode({ policy = 'last', isWhole = false }: Place): number {
  return samplePolicies.indexOf(policy) + (isWhole ? WHOLE : 0);
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
