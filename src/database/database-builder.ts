import type { BreakTable, Database, Position } from './database.ts';
import { excerpt } from './problem.ts';
import { RecordDraft } from './record-draft.ts';
import type { Source } from './source.ts';
import { ValueList } from './value-list.ts';
import { ValueStore } from './value-store.ts';

/** Takes what is wrong with a declaration; the rest of the text still counts. */
export type Complain = (at: Position, message: string) => void;

/** What the declarations of database files come to, in EPICS' rules of appending and deleting. */
export class DatabaseBuilder {
  readonly #records = new Map<string, RecordDraft>();
  readonly #aliases = new Map<string, RecordDraft>();
  readonly #breakTables = new Map<string, BreakTable>();
  readonly #fields = new ValueStore();
  readonly #infos = new ValueStore();
  readonly #complain: Complain;
  readonly #warn: Complain;
  readonly #keepsOthers: boolean;

  constructor(complain: Complain, warn: Complain, keepsOthers: boolean) {
    this.#complain = complain;
    this.#warn = warn;
    this.#keepsOthers = keepsOthers;
  }

  get database(): Database {
    return {
      records: [...this.#records.values()],
      breakTables: [...this.#breakTables.values()],
    };
  }

  /** The record that a head begins or goes on with; undefined when its body is to be passed over. */
  record(type: string, name: string, source: Source, offset: number): RecordDraft | undefined {
    const at = () => source.position(offset);
    if (!this.#checkName(name, at)) return undefined;
    const there = this.#records.get(name) ?? this.#aliases.get(name);
    if (type === '#') this.#delete(name, at);
    else if (there && (type === '*' || type === there.type)) return there;
    else if (!there && (type !== '*' || this.#keepsOthers)) {
      return this.#add(type, name, source, offset);
    } else if (!there) {
      this.#complain(at(), `record("*",${excerpt(name)}) appends to a record that does not exist`);
    } else {
      const { file, line } = there.at;
      const since = `is of type ${there.type} since ${file}:${line}`;
      this.#complain(at(), `record ${excerpt(name)} ${since}; it cannot become ${excerpt(type)}`);
    }
    return undefined;
  }

  /** Where field values or info tags of a record go. */
  listOf(record: RecordDraft, isInfo: boolean, source: Source): ValueList {
    if (!isInfo) return record.fieldList;
    record.infoList ??= new ValueList(this.#infos, source);
    return record.infoList;
  }

  alias(name: string, alias: string, source: Source, offset: number): void {
    const at = source.position(offset);
    const there = this.#records.get(name) ?? this.#aliases.get(name);
    if (!there && this.#keepsOthers && this.#checkName(name, () => at)) {
      this.aliasOf(this.#add('*', name, source, offset), alias, at);
    } else if (there) this.aliasOf(there, alias, at);
    else this.#complain(at, `alias ${excerpt(alias)}: there is no record ${excerpt(name)}`);
  }

  aliasOf(record: RecordDraft, alias: string, at: Position): void {
    if (!this.#checkName(alias, () => at)) return;
    if (this.#records.has(alias) || this.#aliases.has(alias)) {
      this.#complain(at, `alias ${excerpt(alias)} of ${excerpt(record.name)}: the name is in use`);
      return;
    }
    this.#aliases.set(alias, record);
    record.addAlias(alias);
  }

  /** Keeps the first table of a name, as EPICS base does. */
  breakTable(table: BreakTable): void {
    if (!this.#breakTables.has(table.name)) this.#breakTables.set(table.name, table);
  }

  #add(type: string, name: string, source: Source, offset: number): RecordDraft {
    const draft = new RecordDraft(type, name, this.#fields, source, offset);
    this.#records.set(name, draft);
    return draft;
  }

  /** Deletes a record with its aliases, or an alias alone. */
  #delete(name: string, at: () => Position): void {
    const record = this.#records.get(name);
    const aliased = this.#aliases.get(name);
    if (record) {
      for (const alias of record.aliases) this.#aliases.delete(alias);
      this.#records.delete(name);
    } else if (aliased) {
      aliased.removeAlias(name);
      this.#aliases.delete(name);
    } else this.#warn(at(), `record("#",${excerpt(name)}) deletes a record that does not exist`);
  }

  #checkName(name: string, at: () => Position): boolean {
    if (!isOdd.test(name)) return true;
    if (name === '') this.#complain(at(), 'a record needs a name that is not empty');
    const bad = /[ \t"'.$]/.exec(name)?.[0];
    if (bad !== undefined) {
      this.#complain(at(), `the record name ${excerpt(name)} must not contain ${excerpt(bad)}`);
    }
    if (name !== '' && bad === undefined) {
      this.#warn(at(), `the record name ${excerpt(name)} is unusual; some clients may not take it`);
    }
    return name !== '' && bad === undefined;
  }
}

/** Names that are none, and those that EPICS base warns of; one look for the many that are fine. */
const isOdd = /^$|^[-+[{]|[\0-\x20"'.$]/;
