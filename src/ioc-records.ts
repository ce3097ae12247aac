import {
  Complaint,
  type ListedRecord,
  linkKind,
  type RecordNames,
  type RecordsView,
} from './console/index.ts';
import type { DatabaseLoader } from './database/index.ts';
import type { Directory, PvField } from './pv/index.ts';
import { loadDatabase, type RecordTable, recordTypes } from './records/index.ts';

const typeNames = new Map(Object.values(recordTypes).map(({ code, name }) => [code, name]));

/** The records of an IOC from the first file that is loaded on: declared until iocInit, then real. */
export class IocRecords implements RecordsView, RecordNames {
  readonly #records: RecordTable;
  readonly #directory: Directory;
  /** Until iocInit; a large database is not worth keeping twice. */
  #loader: DatabaseLoader | undefined;

  constructor(records: RecordTable, directory: Directory, loader: DatabaseLoader) {
    this.#records = records;
    this.#directory = directory;
    this.#loader = loader;
  }

  /** Where files are loaded; throws once the records are real. */
  get loader(): DatabaseLoader {
    if (this.#loader) return this.#loader;
    throw new Complaint('Records cannot be loaded after iocInit!');
  }

  /** What was loaded, until the records are real. */
  get pending(): DatabaseLoader | undefined {
    return this.#loader;
  }

  get isRunning(): boolean {
    return this.#loader === undefined;
  }

  /** Makes the records that were declared. Throws every mistake, each with its place. */
  make(): void {
    const { database } = this.loader;
    this.#loader = undefined;
    loadDatabase(this.#records, database);
  }

  *list(): Iterable<ListedRecord> {
    if (this.#loader) yield* declared(this.#loader);
    else yield* this.#made();
  }

  *tags(): Iterable<readonly [record: string, tag: string, text: string]> {
    if (this.#loader) {
      for (const { name: record, infos } of this.#loader.database.records) {
        for (const { name, text } of infos) yield [record, name, text];
      }
      return;
    }
    for (const [record, slot] of this.#records.entries()) {
      for (const [name, text] of this.#records.infos(slot)) yield [record, name, text];
    }
  }

  has(name: string): boolean {
    if (!this.#loader) return this.#directory.has(name);
    const [record] = name.split('.', 1);
    for (const { name: each } of declared(this.#loader)) if (each === record) return true;
    return false;
  }

  find(name: string): PvField | undefined {
    return this.#directory.find(name);
  }

  *recordNames(): Iterable<string> {
    for (const { name } of this.list()) yield name;
  }

  /** Field names of a record; none where it is not there yet. */
  *fieldNames(record: string): Iterable<string> {
    const slot = this.#records.slotOf(record);
    const type = Object.values(recordTypes).find(
      ({ code }) => slot !== undefined && code === this.#records.columns.type[slot],
    );
    yield* type?.fields.keys() ?? [];
  }

  linkKind({ slot, field }: PvField): string {
    return linkKind(this.#records, slot, field);
  }

  process(record: string): void {
    const slot = this.#records.slotOf(record);
    if (slot !== undefined) this.#records.engine.process(slot);
  }

  *#made(): Iterable<ListedRecord> {
    const { columns } = this.#records;
    const aliases = new Map<number, string[]>();
    for (const [alias, slot] of this.#records.aliases()) {
      aliases.set(slot, [...(aliases.get(slot) ?? []), alias]);
    }
    for (const [name, slot] of this.#records.entries()) {
      const type = typeNames.get(columns.type[slot] as never) ?? '';
      yield { name, type };
      for (const alias of aliases.get(slot) ?? []) yield { name: alias, type, aliasOf: name };
    }
  }
}

function* declared(loader: DatabaseLoader): Iterable<ListedRecord> {
  for (const { name, type, aliases } of loader.database.records) {
    yield { name, type };
    for (const alias of aliases) yield { name: alias, type, aliasOf: name };
  }
}
