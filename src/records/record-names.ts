import type { DatabaseRecord } from '../database/index.ts';
import { IocError } from '../kernel/index.ts';
import type { Slot } from '../model/index.ts';

/**
 * EPICS databases stop at 60 characters, where CATio drops attributes without a word; Channel Access
 * carries as many as libca takes (facts/ca.md section 1).
 */
const LONGEST_NAME = 500;

const noInfos: ReadonlyMap<string, string> = new Map();

/** What records are called, and what databases say of them beside their fields. */
export abstract class RecordNames {
  readonly #slots = new Map<string, Slot>();
  /** Names of records beside their own. */
  readonly #aliases = new Map<string, Slot>();
  readonly #infos = new Map<Slot, ReadonlyMap<string, string>>();
  /** Tags by the list that they came from: a template gives one to the records of a whole plant. */
  readonly #shared = new WeakMap<readonly object[], ReadonlyMap<string, string>>();
  /** What databases said of records that are not there yet. */
  readonly #postponed = new Map<string, DatabaseRecord[]>();

  /** Name of a record. */
  protected abstract nameOf(slot: Slot): string;

  get size(): number {
    return this.#slots.size;
  }

  names(): Iterable<string> {
    return this.#slots.keys();
  }

  /** Names and slots, in the order in which records were added. */
  entries(): Iterable<readonly [name: string, slot: Slot]> {
    return this.#slots;
  }

  /** Names that stand for records which have another. */
  aliases(): Iterable<readonly [alias: string, slot: Slot]> {
    return this.#aliases;
  }

  get aliasCount(): number {
    return this.#aliases.size;
  }

  /** The record of a name or alias. */
  slotOf(name: string): Slot | undefined {
    return this.#slots.get(name) ?? this.#aliases.get(name);
  }

  /** Info tags of a record, by name. */
  infos(slot: Slot): ReadonlyMap<string, string> {
    return this.#infos.get(slot) ?? noInfos;
  }

  /** Records with an info tag of that name, and what it says. */
  *tagged(tag: string): Iterable<readonly [record: string, text: string]> {
    for (const [slot, infos] of this.#infos) {
      const text = infos.get(tag);
      if (text !== undefined) yield [this.nameOf(slot), text];
    }
  }

  /** Names of which databases said something, and that are not there yet. */
  awaited(): Iterable<string> {
    return this.#postponed.keys();
  }

  /** Another name for a record. One in use throws. */
  addAlias(slot: Slot, alias: string): void {
    if (this.#aliases.get(alias) === slot) return;
    this.checkName(alias);
    this.#aliases.set(alias, slot);
  }

  /** Info tags of a record; of the same name the later counts. */
  addInfos(slot: Slot, infos: readonly { readonly name: string; readonly text: string }[]): void {
    const before = this.#infos.get(slot);
    const shared = before ? undefined : this.#shared.get(infos);
    const all = shared ?? new Map([...(before ?? []), ...infos.map(tagOf)]);
    if (!before) this.#shared.set(infos, all);
    this.#infos.set(slot, all);
  }

  /** Keeps what a database says of a record until it is there, behind or before what is kept. */
  postpone(record: DatabaseRecord, place: 'last' | 'first' = 'last'): void {
    const waiting = this.#postponed.get(record.name) ?? [];
    this.#postponed.set(record.name, waiting);
    if (place === 'last') waiting.push(record);
    else waiting.unshift(record);
  }

  /** Gives a new record its name. */
  protected named(slot: Slot, name: string): void {
    this.#slots.set(name, slot);
  }

  /** What was said of a record before it was there. */
  protected takePostponed(name: string): readonly DatabaseRecord[] | undefined {
    const waiting = this.#postponed.get(name);
    this.#postponed.delete(name);
    return waiting;
  }

  /** Throws for a name that is none, or in use. */
  protected checkName(name: string): void {
    if (name === '' || name.length > LONGEST_NAME || name.includes('.')) {
      const rule = `a name has 1 to ${LONGEST_NAME} characters, no dot`;
      throw new IocError('records/name', `Add record "${name}": ${rule}`);
    }
    if (this.slotOf(name) !== undefined) {
      throw new IocError('records/name', `Add record "${name}": there is one of that name`);
    }
  }
}

function tagOf({ name, text }: { readonly name: string; readonly text: string }) {
  return [name, text] as const;
}
