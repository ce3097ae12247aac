import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseLoader, type DatabaseRecord, type DatabaseValue } from './database/index.ts';
import { type Log, messageOf } from './kernel/index.ts';
import type { NewRecords } from './pipeline/index.ts';
import { loadDatabase, type RecordTable } from './records/index.ts';

/** Stand for the names of records in a template that is read once for many. */
const VALUE = '\ue000';
const SETPOINT = '\ue001';

/**
 * What templates say of the records of a plant, before they are made: limits, severities,
 * dead-bands, info tags. A template is `<terminal type>.<name>.template` or `<name>.template` in the
 * first folder that has one.
 */
export class RecordTemplates {
  readonly #folders: readonly string[];
  readonly #records: RecordTable;
  readonly #log: Log;
  /** Templates that were read, by file and macros. */
  readonly #read = new Map<string, readonly DatabaseRecord[]>();
  readonly #files = new Map<string, string | undefined>();

  constructor(folders: readonly string[], records: RecordTable, log: Log) {
    this.#folders = folders;
    this.#records = records;
    this.#log = log;
  }

  /** Says of records that are about to be made what their template says. */
  dress(made: NewRecords): void {
    const { template, terminal, value, setpoint } = made;
    const file = this.#fileOf(template, terminal);
    if (file === undefined) return;
    // The last first: each goes before what is there.
    for (const record of this.#recordsOf(file, macrosOf(made))) {
      if (setpoint === undefined && record.name.includes(SETPOINT)) continue;
      this.#take(named(record, value, setpoint ?? value), file);
    }
  }

  /** What a database of the site says holds, too, and wins: it was there before, and comes after. */
  #take(record: DatabaseRecord, file: string): void {
    if (record.type === '*') this.#records.postpone(record, 'first');
    else {
      try {
        loadDatabase(this.#records, { records: [record] });
      } catch (error) {
        this.#log.error(`${file}: ${messageOf(error)}`);
      }
    }
  }

  #recordsOf(file: string, macros: string): readonly DatabaseRecord[] {
    const key = `${file} ${macros}`;
    const known = this.#read.get(key);
    if (known) return known;
    const records = this.#load(file, macros);
    this.#read.set(key, records);
    return records;
  }

  #load(file: string, macros: string): readonly DatabaseRecord[] {
    // What a template includes may be a site's, too.
    const loader = new DatabaseLoader({ others: 'kept', path: this.#folders.join(':') });
    try {
      loader.loadRecords(file, `${macros},PV=${VALUE},SP=${SETPOINT}`);
    } catch (error) {
      this.#log.error(`template: ${messageOf(error)}`);
      return [];
    }
    // Fields are read out once, not for every record.
    const { records } = loader.database;
    return records.toReversed().map(({ type, name, fields, infos, aliases, at }) => {
      return { type, name, fields, infos, aliases, at };
    });
  }

  #fileOf(template: string, terminal: string): string | undefined {
    const key = `${terminal} ${template}`;
    if (!this.#files.has(key)) this.#files.set(key, this.#find(template, terminal));
    return this.#files.get(key);
  }

  #find(template: string, terminal: string): string | undefined {
    const names = [`${terminal}.${template}.template`, `${template}.template`];
    const paths = this.#folders.flatMap((folder) => names.map((name) => join(folder, name)));
    const found = paths.find((path) => existsSync(path));
    if (found === undefined) {
      const where = this.#folders.join(', ');
      this.#log.error(`template ${template} of ${terminal} is in none of ${where}`);
    }
    return found;
  }
}

function macrosOf({ terminal, step, low, high, states: [zero, one] }: NewRecords): string {
  return `TYPE="${terminal}",LSB=${step},LOW=${low},HIGH=${high},ZSV=${zero},OSV=${one}`;
}

/** A record of a template under the names of a plant's records. */
function named(record: DatabaseRecord, value: string, setpoint: string): DatabaseRecord {
  const text = (given: string) => given.replaceAll(VALUE, value).replaceAll(SETPOINT, setpoint);
  // Values that are the same for all records are one list, which records can share.
  const values = (given: readonly DatabaseValue[]) =>
    given.every((each) => isPlain(each.text))
      ? given
      : given.map((each) => ({ ...each, at: each.at, text: text(each.text) }));
  return {
    type: record.type,
    name: text(record.name),
    fields: values(record.fields),
    infos: values(record.infos),
    aliases: record.aliases.map(text),
    at: record.at,
  };
}

function isPlain(text: string): boolean {
  return !text.includes(VALUE) && !text.includes(SETPOINT);
}
