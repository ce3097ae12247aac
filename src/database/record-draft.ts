import type { DatabaseRecord, DatabaseValue, Position } from './database.ts';
import type { Source } from './source.ts';
import { ValueList } from './value-list.ts';
import type { ValueStore } from './value-store.ts';

const none: readonly DatabaseValue[] = [];

/** A record while database files are read, and after. */
export class RecordDraft implements DatabaseRecord {
  readonly type: string;
  readonly name: string;
  readonly fieldList: ValueList;
  infoList: ValueList | undefined;
  #aliases: string[] | undefined;
  readonly #source: Source;
  readonly #offset: number;

  constructor(type: string, name: string, store: ValueStore, source: Source, offset: number) {
    this.type = type;
    this.name = name;
    this.fieldList = new ValueList(store, source);
    this.#source = source;
    this.#offset = offset;
  }

  get fields(): readonly DatabaseValue[] {
    return this.fieldList.values();
  }

  get infos(): readonly DatabaseValue[] {
    return this.infoList?.values() ?? none;
  }

  get aliases(): readonly string[] {
    return this.#aliases ?? [];
  }

  get at(): Position {
    return this.#source.position(this.#offset);
  }

  addAlias(alias: string): void {
    this.#aliases ??= [];
    this.#aliases.push(alias);
  }

  removeAlias(alias: string): void {
    this.#aliases = this.#aliases?.filter((each) => each !== alias);
  }
}
