import {
  type Attribute,
  type Block,
  byteLength,
  Quality,
  type Slot,
  type Value,
  walk,
} from '../model/index.ts';
import { pvNames } from '../pv/index.ts';
import { type AttributeRecords, type RecordSpec, recordSpecs } from '../records/index.ts';
import type { PlantController, PlantSource, Region } from '../twincat/index.ts';
import type { Derived } from './derived.ts';
import { newRecords } from './dressing.ts';
import { lodgingOf } from './lodging.ts';
import type { Plant } from './plant.ts';
import type { Output } from './puts.ts';
import { refusedText } from './refused-text.ts';
import { keyOf, type Node } from './residents.ts';
import type { BoundAttribute, ServedController } from './roster.ts';
import { type BoundSlave, SlaveDraft } from './slave-values.ts';
import { SlotSet } from './slot-set.ts';
import type { Toggle } from './standstill.ts';
import type { ValuePlan } from './value-rules.ts';

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
  readonly derived: readonly Derived[];
  readonly toggles: readonly Toggle[];
  /** Every slave of the tree by its key. */
  readonly slaves: ReadonlyMap<string, BoundSlave>;
  /** Parents first; none where nobody keeps a roster. */
  readonly controllers: readonly ServedController[];
  /** Regions of which a record has its value now, and had it from elsewhere or not before. */
  readonly moved: readonly Region[];
  /** Slaves that were not there when the plant was looked at before. */
  readonly newcomers: readonly BoundSlave[];
  /** Where newcomers are served, one sentence each. */
  readonly news: readonly string[];
  /** What could not be served, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Makes the records of a tree, or finds those of an earlier session, and ties them to the image;
 * records of the plant that the tree has no more are INVALID from now on. Of two attributes that
 * come to one name the first is served.
 */
export function bindTree(tree: PlantController, plant: Plant): PlantBinding {
  const draft = new Draft(plant);
  plant.qualifications.begin();
  for (const node of walk(tree)) draft.bindNode(node);
  return draft.finished();
}

/** A binding in the making. */
class Draft {
  readonly #plant: Plant;
  readonly #regions = new Map<Block, Region>();
  readonly #outputs = new Map<Slot, Output>();
  readonly #adoptions: Adoption[] = [];
  readonly #stamps: Stamp[] = [];
  readonly #derived: Derived[] = [];
  readonly #toggles: Toggle[] = [];
  readonly #slaves = new Map<string, SlaveDraft>();
  readonly #newcomers = new Map<string, string>();
  /** Of controllers that were bound: parents come first. */
  readonly #paths = new Map<PlantController, string>();
  readonly #controllers: ServedController[] = [];
  readonly #problems: string[] = [];
  /** What of the controller at hand could not be served. */
  #refused: string[] = [];
  readonly #moved = new Set<Region>();
  readonly #served = new SlotSet();

  constructor(plant: Plant) {
    this.#plant = plant;
    this.#served.add(plant.versionSlot);
  }

  bindNode(node: Node<PlantController>): void {
    const { options, residents, qualifications } = this.#plant;
    const { controller } = node;
    const above = node.ancestors.at(-1);
    const parent = above && this.#paths.get(above);
    const { path, news } = residents.residenceOf(node, parent);
    this.#paths.set(controller, path);
    const key = keyOf(node);
    const slave = key === undefined ? undefined : new SlaveDraft(key, controller.name);
    if (slave) this.#slaves.set(slave.key, slave);
    if (slave && news !== undefined) this.#newcomers.set(slave.key, news);
    const { roster } = options;
    const lodging = roster && lodgingOf(this.#plant, node, path, parent);
    const served = lodging && roster.housed(controller, lodging, this.#plant.records);
    if (served) this.#controllers.push(served);
    const slots = new Map<string, Slot>();
    this.#refused = [];
    for (const [index, attribute] of controller.attributes.entries()) {
      const specs = recordSpecs(attribute, pvNames(options.naming, path, attribute));
      this.#dress(attribute, specs, controller.type);
      const bound = this.#bind(attribute, specs, slave);
      if (!bound) continue;
      slots.set(attribute.name, bound.value);
      served?.serve(index, bound);
    }
    if (this.#refused.length > 0) this.#problems.push(refusedText(controller.name, this.#refused));
    qualifications.bind(controller.attributes, slots);
  }

  finished(): PlantBinding {
    this.#retireOthers();
    for (const pattern of this.#plant.values.unused) {
      this.#plant.warnOnce(`values: no PV of the plant matches ${pattern}`);
    }
    const updated = (update: Region['update']) =>
      [...this.#regions.values()].filter((region) => region.update === update);
    const slaves = new Map([...this.#slaves].map(([key, slave]) => [key, slave.finished()]));
    return {
      notified: updated('notify'),
      polled: updated('poll'),
      once: updated('once'),
      outputs: this.#outputs,
      adoptions: this.#adoptions,
      stamps: this.#stamps,
      derived: this.#derived,
      toggles: this.#toggles,
      slaves,
      newcomers: [...this.#newcomers.keys()].flatMap((key) => slaves.get(key) ?? []),
      news: [...this.#newcomers.values()],
      ...{ controllers: this.#controllers, moved: [...this.#moved] },
      problems: this.#problems,
    };
  }

  /** What the tree has no more is INVALID, and nothing that arrives at its old place changes that. */
  #retireOthers(): void {
    const { places } = this.#plant;
    for (const slot of places.slots()) if (!this.#served.has(slot)) places.retire(slot);
  }

  #bind(
    attribute: Attribute<PlantSource>,
    specs: { readonly value: RecordSpec; readonly setpoint?: RecordSpec },
    slave: SlaveDraft | undefined,
  ): BoundAttribute | undefined {
    const value = this.#record(specs.value);
    if (value === undefined) return undefined;
    const names = specs.setpoint ? [specs.value.name, specs.setpoint.name] : [specs.value.name];
    this.#feed(value, attribute, this.#plant.values.planOf(names, attribute), slave);
    const setpoint = specs.setpoint && this.#record(specs.setpoint);
    if (setpoint === undefined) return { value };
    this.#plant.places.own(setpoint);
    this.#drain(setpoint, value, attribute, slave);
    return { value, setpoint };
  }

  /** Lets a template say more of records that are about to be made. */
  #dress(attribute: Attribute, specs: AttributeRecords, terminal: string): void {
    const { options, records } = this.#plant;
    if (records.slotOf(specs.value.name) !== undefined) return;
    const made = newRecords(attribute, specs, terminal);
    if (made) options.dress?.(made);
  }

  /** The slot of a record, made now or in an earlier session; undefined when it cannot be served. */
  #record(spec: RecordSpec): Slot | undefined {
    const slot = this.#plant.records.slotOf(spec.name);
    if (slot === undefined) return this.#serve(this.#plant.records.add(spec));
    const obstacle = this.#obstacle(slot, spec);
    if (obstacle === undefined) return this.#serve(slot);
    this.#refused.push(`${spec.name} ${obstacle}`);
    return undefined;
  }

  /** Why the record that has a name already is not that of an attribute. */
  #obstacle(slot: Slot, { name, type }: RecordSpec): string | undefined {
    const { directory, places } = this.#plant;
    if (this.#served.has(slot)) {
      return 'is another value already: change the naming templates or the terminal definition';
    }
    if (!places.owns(slot)) return 'is a record that is not of this plant';
    const before = directory.find(name)?.recordType;
    if (before === type) return undefined;
    return `was ${before} and would now be ${type}: restart the IOC to serve it again`;
  }

  #serve(slot: Slot): Slot {
    this.#served.add(slot);
    return slot;
  }

  /** Ties a record to where its value comes from. */
  #feed(
    slot: Slot,
    attribute: Attribute<PlantSource>,
    plan: ValuePlan,
    slave: SlaveDraft | undefined,
  ): void {
    const { source, datatype, name } = attribute;
    if (source.kind === 'region') this.#place(slot, attribute, source, plan, slave);
    else this.#plant.places.own(slot);
    switch (source.kind) {
      case 'region':
        return;
      case 'constant':
        this.#adopt(slot, source.value);
        if (name === 'identity') slave?.identifiedBy(slot);
        return;
      case 'stamp':
        this.#stamps.push({ slot, block: this.#block(source.region) });
        return;
      case 'derived':
        for (const input of source.inputs) this.#block(input);
        this.#derived.push({ slot, source });
        return;
      case 'command':
        this.#adopt(slot, 0);
        this.#outputs.set(slot, { kind: 'command', datatype, request: source.request });
    }
  }

  /** Gives a record a value that the image does not hold. */
  #adopt(slot: Slot, value: Value): void {
    const { records, places, memory } = this.#plant;
    if (!places.isNews(slot, value)) return;
    const [seconds, nanoseconds] = memory.now();
    records.adopt(slot, value, seconds, nanoseconds);
  }

  #place(
    slot: Slot,
    attribute: Attribute<PlantSource>,
    { region, byte, bit }: Extract<PlantSource, { kind: 'region' }>,
    plan: ValuePlan,
    slave: SlaveDraft | undefined,
  ): void {
    const { records, places, options } = this.#plant;
    const { datatype, toggles } = attribute;
    const { policy, isWhole } = plan;
    const block = this.#block(region);
    const place = { block, byte, bit, datatype, policy, isWhole };
    this.#keep(slot, block, region, plan);
    const isMoved = places.put(slot, place, (at, to) => records.place(at, to));
    const isNew = slave !== undefined && this.#newcomers.has(slave.key);
    if (isMoved || isNew) this.#moved.add(region);
    // What it holds may be of a slave whose names a newcomer took over.
    if (isNew) places.degrade([slot], Quality.away);
    if (toggles) {
      const limit = plan.toggle ?? options.supervision.toggle;
      const bits = datatype.kind === 'bool' ? 1 : 8 * byteLength(datatype);
      this.#toggles.push({ slot, region, byte, bit, bits, limit });
    }
    slave?.feeds(attribute, slot, region);
  }

  /** What the value's rule says beside its policy. */
  #keep(slot: Slot, block: Block, region: Region, { notification, age, problem }: ValuePlan): void {
    const { memory, ages, warnOnce } = this.#plant;
    if (notification && region.update === 'notify') memory.demand(region, notification);
    ages.limit(slot, block, age);
    if (problem !== undefined) warnOnce(problem);
  }

  /** Ties a setpoint to where its puts go. */
  #drain(
    setpoint: Slot,
    readback: Slot,
    { source, datatype }: Attribute<PlantSource>,
    slave: SlaveDraft | undefined,
  ): void {
    if (source.kind !== 'region' || !source.write) return;
    const { region, write } = source;
    const readBack = region.update === 'notify' ? {} : { readBack: region };
    const owner = slave ? { slave: slave.key } : {};
    this.#outputs.set(setpoint, { kind: 'write', datatype, write, ...readBack, ...owner });
    const adoption = { setpoint, readback };
    this.#adoptions.push(adoption);
    slave?.drains(adoption);
  }

  #block(region: Region): Block {
    const block = this.#plant.memory.blockOf(region);
    this.#regions.set(block, region);
    return block;
  }
}
