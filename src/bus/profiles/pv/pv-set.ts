import type { Log } from '../../../kernel/index.ts';
import type { Grant, PvDirectory, PvField, Session } from '../../../pv/index.ts';
import type { PvProfileOptions } from './options.ts';
import { describe, type ServedPv } from './served-pv.ts';
import { TopicPaths } from './topic-path.ts';
import { isCharacters } from './value-text.ts';

/** The PVs that the profile serves: VAL of the records that are chosen, by their topics and slots. */
export class PvSet {
  /** In the order in which they came; the index in it is what the publisher knows them by. */
  readonly all: ServedPv[] = [];
  readonly #options: PvProfileOptions;
  readonly #directory: PvDirectory;
  readonly #session: Session;
  readonly #log: Log;
  readonly #paths: TopicPaths;
  readonly #byName = new Map<string, number>();
  readonly #known = new Set<string>();
  /** Index by slot; -1 of others. */
  #bySlot = new Int32Array(0);
  #size = 0;

  constructor(options: PvProfileOptions, directory: PvDirectory, session: Session, log: Log) {
    this.#options = options;
    this.#directory = directory;
    this.#session = session;
    this.#log = log;
    this.#paths = new TopicPaths(options.splitNames);
  }

  /** The index of a slot's PV; negative of a record that is not served. */
  // hot path
  indexOf(slot: number): number {
    return slot < this.#bySlot.length ? this.#bySlot[slot]! : -1;
  }

  /** The PV at a path of topics. */
  at(path: string): ServedPv | undefined {
    const name = this.#paths.nameOf(path);
    return name === undefined ? undefined : this.named(name);
  }

  named(name: string): ServedPv | undefined {
    const index = this.#byName.get(name);
    return index === undefined ? undefined : this.all[index];
  }

  /** The path that the node of a plant has. */
  pathOf(node: string): string {
    return this.#paths.plain(node);
  }

  /** Takes in the records that came since the last time; how many. */
  grow(): number {
    if (this.#directory.size === this.#size) return 0;
    this.#size = this.#directory.size;
    const names: string[] = [];
    for (const name of this.#directory.names()) {
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      if (this.#isChosen(name)) names.push(name);
    }
    const paths = this.#paths.add(names);
    for (const [at, name] of names.entries()) this.#add(name, paths[at] ?? '');
    return names.length;
  }

  /** Asks for the rights of all PVs again: there are new rules, or a record joined another group. */
  regrant(slot?: number): void {
    for (const pv of this.all) {
      if (slot === undefined || pv.field.slot === slot) pv.grant = this.#session.grant(pv.field);
    }
  }

  #isChosen(name: string): boolean {
    const { include, exclude } = this.#options;
    return include.some((each) => each.test(name)) && !exclude.some((each) => each.test(name));
  }

  #add(name: string, path: string): void {
    const field = this.#directory.find(name);
    if (!field) return;
    const expected = this.#paths.plain(name);
    if (path !== expected) {
      this.#log.info(`${name} is ${path} on the bus: another PV comes to ${expected}, too`);
    }
    const index = this.all.length;
    this.all.push(this.#served(name, path, field, this.#session.grant(field)));
    this.#byName.set(name, index);
    this.#place(field.slot, index);
  }

  #served(name: string, path: string, field: PvField, grant: Grant): ServedPv {
    const { prefix, rules, period, set } = this.#options;
    const rule = rules.find((each) => each.pv.test(name));
    const topic = (channel: string) => `${prefix}/${path}/${channel}`;
    const served: ServedPv = {
      ...{ name, field, path, grant, rule },
      topics: { state: topic('state'), meta: topic('meta'), result: topic('result') },
      asText: (rule?.asText ?? false) && isCharacters(field),
      periodMs: (rule?.period ?? period) * 1000,
      isSettable: set?.allow.some((each) => each.test(name)) ?? false,
      ...{ labels: [], states: [], unit: '', deadband: 0 },
    };
    describe(served);
    return served;
  }

  #place(slot: number, index: number): void {
    if (slot >= this.#bySlot.length) {
      const grown = new Int32Array(Math.max(slot + 1, this.#bySlot.length * 2)).fill(-1);
      grown.set(this.#bySlot);
      this.#bySlot = grown;
    }
    this.#bySlot[slot] = index;
  }
}
