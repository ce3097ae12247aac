import { type Block, Quality, type Slot } from '../model/index.ts';
import { Derivation, type PlantSource, type Region } from '../twincat/index.ts';
import type { Plant } from './plant.ts';
import { regionKey } from './region-key.ts';

/** A record whose value is computed from regions. */
export type Derived = {
  readonly slot: Slot;
  readonly source: Extract<PlantSource, { kind: 'derived' }>;
};

type Life = {
  readonly slot: Slot;
  readonly mayMiss: boolean;
  readonly inputs: readonly { readonly key: string; readonly length: number }[];
  readonly derivation: Derivation;
};

type Notified = { readonly key: string; readonly region: Region; readonly block: Block };

/** The derived values of a session: takes what is read, and computes what follows from it. */
export class DerivedValues {
  readonly #plant: Plant;
  readonly #byRegion = new Map<string, Life[]>();
  readonly #bytes = new Map<string, Uint8Array>();
  /** Regions whose newest read was refused. */
  readonly #refused = new Set<string>();
  readonly #due = new Set<Life>();
  readonly #notified: readonly Notified[];

  constructor(plant: Plant, derived: readonly Derived[]) {
    this.#plant = plant;
    for (const { slot, source } of derived) {
      const inputs = source.inputs.map((each) => ({ key: regionKey(each), length: each.length }));
      const { mayMiss = false } = source;
      const life = { slot, inputs, mayMiss, derivation: new Derivation(source) };
      for (const key of new Set(inputs.map(({ key: each }) => each))) {
        this.#byRegion.set(key, [...(this.#byRegion.get(key) ?? []), life]);
      }
    }
    const inputs = derived.flatMap(({ source }) => source.inputs);
    const notified = inputs.filter(({ update }) => update === 'notify');
    const byKey = new Map(notified.map((region) => [regionKey(region), region]));
    this.#notified = [...byKey].map(([key, region]) => {
      return { key, region, block: plant.memory.blockOf(region) };
    });
  }

  /** Takes the bytes of a region; undefined when it could not be read. */
  take(region: Region, bytes: Uint8Array | undefined): void {
    const key = regionKey(region);
    const lives = this.#byRegion.get(key);
    if (!lives) return;
    if (bytes) {
      this.#refused.delete(key);
      // What follows a short answer must not move up.
      this.#bytes.set(key, bytes.length < region.length ? padded(bytes, region.length) : bytes);
      for (const life of lives) this.#due.add(life);
      return;
    }
    this.#refused.add(key);
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
  #lookAt({ region, key, block }: Notified): void {
    const { image } = this.#plant;
    const slot = image.slotIn(block);
    if (slot === undefined || image.quality[slot] !== Quality.good) return;
    const bytes = image.bytes(slot);
    const known = this.#bytes.get(key);
    const isNews = known === undefined || bytes.some((byte, i) => byte !== known[i]);
    if (isNews && bytes.length === region.length) this.take(region, bytes.slice());
  }

  #compute({ slot, inputs, mayMiss, derivation }: Life): void {
    const { options, memory, records } = this.#plant;
    const parts: Uint8Array[] = [];
    for (const { key, length } of inputs) {
      const isRefused = this.#refused.has(key);
      const known = isRefused && !mayMiss ? undefined : this.#bytes.get(key);
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
