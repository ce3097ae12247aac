import type { AmsPort } from '../ads/index.ts';
import { AlarmStatus, Severity } from '../model/index.ts';
import { buildTree, type PlantFacts } from '../twincat/index.ts';
import { Bell } from './bell.ts';
import { bindTree, type PlantBinding } from './binding.ts';
import type { Found } from './introspection.ts';
import { plantDiff } from './plant-diff.ts';
import type { Session } from './session.ts';
import { type BoundSlave, restore, withhold } from './slave-values.ts';
import type { SymbolVersions } from './version-watch.ts';
import { PlantWriter, tablePorts } from './writer.ts';

/** A plant as one introspection found it, and what of it is served; the next one replaces it. */
export class Configuration {
  readonly facts: PlantFacts;
  readonly versions: SymbolVersions;
  /** AMS ports of the symbol tables that the slaves' values are in. */
  readonly tablePorts: ReadonlySet<AmsPort>;
  readonly binding: PlantBinding;
  readonly writer: PlantWriter;
  /** Rung when the plant must be looked at again, with the reason. */
  readonly doubted = new Bell<string>();
  /** Rung when the next configuration is served. */
  readonly replaced = new Bell<undefined>();
  readonly #session: Session;
  /** Why slaves are not served, by key. */
  readonly #withheld = new Map<string, string>();
  /** Those among them that are another terminal than they should be. */
  readonly #wrong = new Set<string>();
  #distrusted: string | undefined;
  #isRetired = false;

  /** Serves what was found; `before` is what it replaces in the same session. */
  constructor(session: Session, { facts, versions }: Found, before?: Configuration) {
    const { plant, link, intent } = session;
    const { log, definitions } = plant.options;
    this.#session = session;
    this.facts = facts;
    this.versions = versions;
    this.tablePorts = new Set(tablePorts(facts));
    const changes = plant.facts ? plantDiff(plant.facts, facts) : [];
    for (const { text } of changes) log.warn(text);
    plant.facts = facts;
    plant.residents.learn(facts);
    const { tree, problems } = buildTree(facts, definitions, plant.options.tree);
    const known = plant.directory.size;
    this.binding = bindTree(tree, plant);
    for (const news of this.binding.news) log.warn(news);
    plant.options.roster?.take(this.binding.controllers);
    plant.changes.looks++;
    plant.changes.note(changes, this.binding.news);
    if (plant.directory.size > known) plant.options.onNewPvs?.();
    for (const problem of [...problems, ...this.binding.problems]) plant.warnOnce(problem);
    this.writer = new PlantWriter(link, facts, versions);
    intent.want(this.binding.notified);
    if (before) this.#forgetGone(before);
    this.#withholdWrong();
    for (const [key, text] of before?.absent() ?? []) this.withhold(key, text);
    plant.directory.flush();
  }

  /** Why a slave must not be written to, or nothing at all. */
  refusal(slave: string | undefined): string | undefined {
    return this.#distrusted ?? (slave === undefined ? undefined : this.#withheld.get(slave));
  }

  /** Another one takes over: what is still found out by this one says nothing of the plant. */
  retire(): void {
    this.#isRetired = true;
  }

  /** Nothing that was asked for with what is known means what it did. */
  get isDistrusted(): boolean {
    return this.#distrusted !== undefined;
  }

  /**
   * What is known of the plant's memory is void: from now on nothing is written, and no sample
   * counts, until it was looked at again. Values stand as they are.
   */
  distrust(why: string): void {
    if (this.#distrusted !== undefined || this.#isRetired) return;
    const { plant, intent, link } = this.#session;
    this.#distrusted = `${why}; the plant is being looked at again`;
    link.log.warn(this.#distrusted);
    intent.forget();
    plant.memory.forgetHandles(this.tablePorts);
    plant.links.service?.distrust(this.tablePorts, why);
    this.#session.beats = [];
    const blocks = this.binding.notified.map((region) => plant.memory.blockOf(region));
    plant.places.expectIn(new Set(blocks));
    this.doubted.ring(why);
  }

  /** Why a slave is not there, by key. */
  absent(): readonly (readonly [string, string])[] {
    return [...this.#withheld].filter(([key]) => !this.#wrong.has(key));
  }

  isWithheld(key: string): boolean {
    return this.#withheld.has(key);
  }

  /** The values of a slave are INVALID, and puts to it are refused, until it is restored. */
  withhold(key: string, text: string): void {
    const slave = this.binding.slaves.get(key);
    if (!slave || this.#withheld.has(key) || this.#isRetired) return;
    this.#withheld.set(key, text);
    withhold(this.#session.plant, slave);
    this.#session.plant.status.complain(key, text);
  }

  /** A slave that was absent is back; returns it, for its values to be fetched. */
  restore(key: string): BoundSlave | undefined {
    const slave = this.binding.slaves.get(key);
    if (!slave || this.#wrong.has(key) || this.#isRetired) return undefined;
    if (!this.#withheld.delete(key)) return undefined;
    restore(this.#session.plant, slave);
    this.#session.plant.status.settle(key);
    return slave;
  }

  /** Nothing is wrong any more with slaves that are not configured any more. */
  #forgetGone(before: Configuration): void {
    const { plant } = this.#session;
    for (const key of before.#withheld.keys()) {
      if (this.binding.slaves.has(key)) continue;
      plant.wrong.delete(key);
      plant.status.settle(key);
    }
  }

  #withholdWrong(): void {
    const { plant } = this.#session;
    const now = plant.memory.now();
    for (const [key, { identity }] of this.binding.slaves) {
      const text = plant.residents.wrongIdentity(key);
      const alarm = text === undefined ? 0 : Severity.major * 0x100 + AlarmStatus.state;
      if (identity !== undefined) plant.image.setAlarm(identity, alarm, text ?? '', ...now);
      if (text === undefined) {
        if (plant.wrong.delete(key)) plant.status.settle(key);
        continue;
      }
      plant.wrong.add(key);
      this.#wrong.add(key);
      this.withhold(key, text);
    }
  }
}
