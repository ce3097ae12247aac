import type { Clock } from '../../../../kernel/index.ts';
import type { Slot } from '../../../../model/index.ts';
import { EventMask, type PostedBatch, type PvDirectory } from '../../../../pv/index.ts';
import type { BusLink } from '../../../link.ts';
import type { Received } from '../../../message.ts';
import type { ServedNodes } from '../../../node.ts';
import type { Entities } from '../entities.ts';
import type { Entity } from '../entity.ts';
import { parsedTopic } from '../topic.ts';
import { AlarmBook } from './alarm-book.ts';
import { Causes } from './causes.ts';
import { type AlarmRules, isAlarmType } from './condition.ts';
import { eventTeller } from './events.ts';
import { LinkWatch } from './link-watch.ts';
import { MasterWatch } from './master-watch.ts';
import { RecordAlarms } from './record-alarms.ts';
import { SlaveWatch } from './slave-watch.ts';
import { PlantValues, type Watch, type WatchMeans } from './watch.ts';

/** Where alarms come from and go to. */
export interface PlantAlarmsMeans {
  readonly directory: PvDirectory;
  readonly link: Pick<BusLink, 'publish'>;
  readonly clock: Clock;
  readonly rules: AlarmRules;
  /** PV that tells what of a plant changed last, by what the names of its PVs begin with. */
  readonly lastChangePv: (prefix: string) => string;
}

/** What a slot calls for when it is posted, as bits. */
const Calls = { look: 1, alarm: 2 } as const;

/** Alarms and events of the plants and of their records. */
export class PlantAlarms {
  readonly book: AlarmBook;
  readonly #directory: PvDirectory;
  readonly #rules: AlarmRules;
  readonly #means: WatchMeans;
  readonly #records: RecordAlarms;
  readonly #watches = new Map<string, Watch>();
  readonly #links = new Map<string, LinkWatch>();
  readonly #watchOf = new Map<Slot, Watch>();
  /** Watches that must look again though nothing is posted. */
  #restless = new Set<Watch>();
  #calls = new Uint8Array(0);

  constructor({ directory, link, clock, rules, lastChangePv }: PlantAlarmsMeans) {
    const causes = new Causes(clock);
    this.book = new AlarmBook({
      ...{ link, clock, onDelay: rules.onDelay, offDelay: rules.offDelay },
      isSuppressed: (alarm) => causes.isSuppressed(alarm),
      isKnown: (entity) => causes.isKnown(entity),
    });
    this.#directory = directory;
    this.#rules = rules;
    const values = new PlantValues(directory, lastChangePv);
    this.#means = { values, book: this.book, causes, tell: eventTeller(link), rules, clock };
    this.#records = new RecordAlarms(directory, this.#means);
  }

  /** Watches these entities, and no others any more. */
  serve(entities: Entities, plants: readonly ServedNodes[]): void {
    const known = new Map(this.#watches);
    this.#watches.clear();
    this.#watchOf.clear();
    for (const entity of entities.all) {
      const watch = this.#keptWatch(entity, known.get(entity.topicId));
      if (watch) this.#watches.set(entity.topicId, watch);
    }
    for (const plant of plants) this.#watchLink(plant, entities);
    this.#restless = new Set(this.#watches.values());
    if (this.#rules.records) this.#records.serve(entities.all);
    this.#callFor();
  }

  /** Links to plants came or went. */
  lookAtLinks(): void {
    for (const watch of this.#links.values()) watch.look();
  }

  // hot path
  hear({ count, slots, masks }: PostedBatch): void {
    const calls = this.#calls;
    for (let i = 0; i < count; i++) {
      const call = calls[slots[i]!]!;
      if (call > 0) this.#answer(slots[i] as Slot, call, masks[i]!);
    }
  }

  /** A message on the topic of an alarm. */
  hearMessage(entities: Entities, { topic, payload, retain }: Received): void {
    const { entity, channel } = parsedTopic(topic, entities) ?? {};
    const type = channel?.startsWith('a/') ? channel.slice(2) : '';
    if (entity && isAlarmType(type)) {
      this.book.hear(entity, type, new TextDecoder().decode(payload), retain);
    }
  }

  /** What time alone brings; to be called each second or so. */
  rest(): void {
    this.lookAtLinks();
    for (const watch of this.#restless) if (!watch.look()) this.#restless.delete(watch);
  }

  /** One that watches the same goes on: it knows what it saw last. */
  #keptWatch(entity: Entity, before: Watch | undefined): Watch | undefined {
    const made = this.#newWatch(entity);
    const isSame =
      before?.entity.name === entity.name &&
      before.slots.length === made?.slots.length &&
      before.slots.every((slot, i) => slot === made.slots[i]);
    return isSame ? before : made;
  }

  #newWatch(entity: Entity): Watch | undefined {
    if (entity.kind === 'slave') return new SlaveWatch(entity, this.#means);
    return entity.kind === 'master' ? new MasterWatch(entity, this.#means) : undefined;
  }

  #watchLink(plant: ServedNodes, entities: Entities): void {
    const server = entities.linkOf(plant.name)?.parent;
    if (!server) return;
    const watch = this.#links.get(plant.name) ?? new LinkWatch(server, plant, this.#means);
    this.#links.set(plant.name, watch);
    this.#watches.set(server.topicId, watch);
    watch.look();
  }

  #callFor(): void {
    this.#calls = new Uint8Array(this.#directory.size);
    for (const watch of this.#watches.values()) {
      for (const slot of watch.slots) {
        this.#watchOf.set(slot, watch);
        this.#calls[slot] = Calls.look;
      }
    }
    if (!this.#rules.records) return;
    for (const slot of this.#records.slots)
      this.#calls[slot] = (this.#calls[slot] ?? 0) | Calls.alarm;
  }

  #answer(slot: Slot, call: number, mask: number): void {
    if (call & Calls.alarm && mask & EventMask.alarm) this.#records.look(slot);
    if (!(call & Calls.look)) return;
    const watch = this.#watchOf.get(slot);
    if (watch?.look()) this.#restless.add(watch);
  }
}
