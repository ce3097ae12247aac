import { type Attribute, Quality, type Slot } from '../model/index.ts';
import type { Region } from '../twincat/index.ts';
import type { Adoption } from './binding.ts';
import type { Plant } from './plant.ts';

/** The records of one slave that only that slave itself can fill: process data and CoE objects. */
export interface BoundSlave {
  readonly key: string;
  /** `Term 5 (EL3104)` */
  readonly name: string;
  readonly values: readonly Slot[];
  /** Where their bytes come from, each once. */
  readonly regions: readonly Region[];
  readonly adoptions: readonly Adoption[];
  /** The text that tells vendor, product and serial number. */
  readonly identity: Slot | undefined;
}

/** What the master says of a slave in process data, which is true when the slave is away too. */
const health: ReadonlySet<string> = new Set(['wcstate', 'input_toggle', 'infodata_state']);

/** The records of a slave in the making. */
export class SlaveDraft {
  readonly key: string;
  readonly #name: string;
  readonly #values: Slot[] = [];
  readonly #regions = new Set<Region>();
  readonly #adoptions: Adoption[] = [];
  #identity: Slot | undefined;

  constructor(key: string, name: string) {
    this.key = key;
    this.#name = name;
  }

  feeds({ name }: Attribute, slot: Slot, region: Region): void {
    if (region.update === 'poll' || health.has(name)) return;
    this.#values.push(slot);
    this.#regions.add(region);
  }

  drains(adoption: Adoption): void {
    this.#adoptions.push(adoption);
  }

  identifiedBy(slot: Slot): void {
    this.#identity = slot;
  }

  finished(): BoundSlave {
    return {
      ...{ key: this.key, name: this.#name, identity: this.#identity },
      // Copies hold no room for more.
      ...{ values: this.#values.slice(), regions: [...this.#regions] },
      adoptions: this.#adoptions.slice(),
    };
  }
}

/** The values of a slave that is away or another one: INVALID, whatever arrives at their places. */
export function withhold({ places }: Plant, { values, adoptions }: BoundSlave): void {
  for (const slot of values) places.retire(slot);
  const setpoints = adoptions.map(({ setpoint }) => setpoint);
  places.degrade(setpoints, Quality.away);
}

/** The slave is back: its values go to their places, and count from their next samples on. */
export function restore({ places, records }: Plant, { values }: BoundSlave): void {
  for (const slot of values) places.restore(slot, (at, to) => records.place(at, to));
}
