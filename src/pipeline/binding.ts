import type { Attribute, Block, Slot } from '../model/index.ts';
import { walk } from '../model/index.ts';
import { namedPvs, pvNames } from '../pv/index.ts';
import { type RecordSpec, recordSpecs } from '../records/index.ts';
import type { PlantController, PlantSource, Region } from '../twincat/index.ts';
import type { Plant } from './plant.ts';
import type { Output } from './puts.ts';

/** A setpoint that takes over what the plant says at the start of a session. */
export type Adoption = { readonly setpoint: Slot; readonly readback: Slot };

/** A text that tells the plant's time of the newest sample of a block. */
export type Stamp = { readonly slot: Slot; readonly block: Block };

/** How the records of a plant get their values in this session, and where their puts go. */
export interface PlantBinding {
  readonly notified: readonly Region[];
  readonly polled: readonly Region[];
  readonly once: readonly Region[];
  readonly outputs: ReadonlyMap<Slot, Output>;
  readonly adoptions: readonly Adoption[];
  readonly stamps: readonly Stamp[];
}

/**
 * Makes the records of a tree, or finds those of an earlier session, and ties them to the image.
 * Throws `pv/name-collision` when two attributes come to one name.
 */
export function bindTree(tree: PlantController, plant: Plant): PlantBinding {
  const rule = plant.options.naming;
  namedPvs(rule, tree);
  const draft = new Draft(plant);
  for (const node of walk(tree)) {
    for (const attribute of node.controller.attributes) {
      draft.bind(attribute, recordSpecs(attribute, pvNames(rule, node, attribute)));
    }
  }
  return draft.finished();
}

/** A binding in the making. */
class Draft {
  readonly #plant: Plant;
  readonly #regions = new Map<Block, Region>();
  readonly #outputs = new Map<Slot, Output>();
  readonly #adoptions: Adoption[] = [];
  readonly #stamps: Stamp[] = [];

  constructor(plant: Plant) {
    this.#plant = plant;
  }

  bind(
    attribute: Attribute<PlantSource>,
    specs: { readonly value: RecordSpec; readonly setpoint?: RecordSpec },
  ): void {
    const value = this.#record(specs.value);
    if (value === undefined) return;
    this.#feed(value, attribute);
    const setpoint = specs.setpoint && this.#record(specs.setpoint);
    if (setpoint !== undefined) this.#drain(setpoint, value, attribute);
  }

  finished(): PlantBinding {
    const updated = (update: Region['update']) =>
      [...this.#regions.values()].filter((region) => region.update === update);
    return {
      notified: updated('notify'),
      polled: updated('poll'),
      once: updated('once'),
      outputs: this.#outputs,
      adoptions: this.#adoptions,
      stamps: this.#stamps,
    };
  }

  /** The slot of a record, made now or in an earlier session; undefined when it cannot be served. */
  #record(spec: RecordSpec): Slot | undefined {
    const { records, directory, options } = this.#plant;
    const slot = records.slotOf(spec.name);
    if (slot === undefined) return records.add(spec);
    const type = directory.find(spec.name)?.recordType;
    if (type === spec.type) return slot;
    options.log.error(
      `${spec.name} was ${type} and would now be ${spec.type}: restart the IOC to serve it again`,
    );
    return undefined;
  }

  /** Ties a record to where its value comes from. */
  #feed(slot: Slot, { source, datatype }: Attribute<PlantSource>): void {
    const { records, memory } = this.#plant;
    switch (source.kind) {
      case 'constant': {
        const [seconds, nanoseconds] = memory.now();
        records.adopt(slot, source.value, seconds, nanoseconds);
        break;
      }
      case 'region': {
        const { region, byte, bit } = source;
        records.place(slot, { block: this.#block(region), byte, bit, datatype });
        break;
      }
      case 'stamp':
        this.#stamps.push({ slot, block: this.#block(source.region) });
    }
  }

  /** Ties a setpoint to where its puts go. */
  #drain(setpoint: Slot, readback: Slot, { source, datatype }: Attribute<PlantSource>): void {
    if (source.kind !== 'region' || !source.write) return;
    const { region, write } = source;
    const readBack = region.update === 'notify' ? {} : { readBack: region };
    this.#outputs.set(setpoint, { datatype, write, ...readBack });
    this.#adoptions.push({ setpoint, readback });
  }

  #block(region: Region): Block {
    const block = this.#plant.memory.blockOf(region);
    this.#regions.set(block, region);
    return block;
  }
}
