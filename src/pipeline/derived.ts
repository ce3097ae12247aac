import { type Block, Quality, type Slot } from '../model/index.ts';
import { Derivation, type PlantSource, type Region } from '../twincat/index.ts';
import type { Plant } from './plant.ts';

/** A record whose value is computed from regions. */
export type Derived = {
  readonly slot: Slot;
  readonly source: Extract<PlantSource, { kind: 'derived' }>;
};

type Life = {
  readonly slot: Slot;
  readonly mayMiss: boolean;
  readonly inputs: readonly { readonly block: Block; readonly length: number }[];
  readonly derivation: Derivation;
};

type Notified = { readonly region: Region; readonly block: Block };

/** The derived values of a session: takes what is read, and computes what follows from it. */
export class DerivedValues {
  readonly #plant: Plant;
  readonly #byRegion = new Map<Block, Life[]>();
  readonly #bytes = new Map<Block, Uint8Array>();
  /** Regions whose newest read was refused. */
  readonly #refused = new Set<Block>();
  readonly #due = new Set<Life>();
  readonly #notified: readonly Notified[];

  constructor(plant: Plant, derived: readonly Derived[]) {
    this.#plant = plant;
    for (const { slot, source } of derived) {
      const inputs = source.inputs.map((each) => {
        return { block: plant.memory.blockOf(each), length: each.length };
      });
      const { mayMiss = false } = source;
      const life = { slot, inputs, mayMiss, derivation: new Derivation(source) };
      for (const block of new Set(inputs.map((each) => each.block))) {
        const lives = this.#byRegion.get(block);
        if (lives) lives.push(life);
        else this.#byRegion.set(block, [life]);
      }
    }
    const inputs = derived.flatMap(({ source }) => source.inputs);
    const notified = inputs.filter(({ update }) => update === 'notify');
    const byBlock = new Map(notified.map((region) => [plant.memory.blockOf(region), region]));
    this.#notified = [...byBlock].map(([block, region]) => ({ block, region }));
  }

  /** Takes the bytes of a region; undefined when it could not be read. */
  take(region: Region, bytes: Uint8Array | undefined): void {
    const block = this.#plant.memory.blockOf(region);
    const lives = this.#byRegion.get(block);
    if (!lives) return;
    if (bytes) {
      this.#refused.delete(block);
      // What follows a short answer must not move up.
      this.#bytes.set(block, bytes.length < region.length ? padded(bytes, region.length) : bytes);
      for (const life of lives) this.#due.add(life);
      return;
    }
    this.#refused.add(block);
    for (const life of lives) if (life.mayMiss) this.#due.add(life);
    const slots = lives.flatMap(({ slot, mayMiss }) => (mayMiss ? [] : [slot]));
    this.#plant.places.degrade(slots, Quality.bad);
  }

  /** Computes what is due, before a batch. */
  run(): void {
    for (const each of this.#notified) this.#lookAt(each);
    for (const life of this.#due) this.#compute(life);
    this.#due.clear();
  }

  /** What is notified is in the image: a slot that fills its region has the bytes. */
  #lookAt({ region, block }: Notified): void {
    const { image } = this.#plant;
    const slot = image.slotIn(block);
    if (slot === undefined || image.quality[slot] !== Quality.good) return;
    const bytes = image.bytes(slot);
    const known = this.#bytes.get(block);
    const isNews = known === undefined || bytes.some((byte, i) => byte !== known[i]);
    if (isNews && bytes.length === region.length) this.take(region, bytes.slice());
  }

  #compute({ slot, inputs, mayMiss, derivation }: Life): void {
    const { options, memory, records } = this.#plant;
    const parts: Uint8Array[] = [];
    for (const { block, length } of inputs) {
      const isRefused = this.#refused.has(block);
      const known = isRefused && !mayMiss ? undefined : this.#bytes.get(block);
      const part = known ?? (isRefused && mayMiss ? new Uint8Array(length) : undefined);
      if (part === undefined) return;
      parts.push(part);
    }
    const bytes = parts.length === 1 && parts[0] ? parts[0] : joined(parts);
    const value = derivation.next({ at: options.clock.monotonic() / 1000, bytes });
    if (value === undefined) return;
    const [seconds, nanoseconds] = memory.now();
    records.adopt(slot, value, seconds, nanoseconds);
  }
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  whole.set(bytes);
  return whole;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
