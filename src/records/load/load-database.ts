import type { Database, DatabaseRecord, DatabaseValue, Position } from '../../database/index.ts';
import { IocError, messageOf } from '../../kernel/index.ts';
import type { Slot } from '../../model/index.ts';
import { BreakTable } from '../break-table.ts';
import type { FieldValue } from '../columns.ts';
import { isError } from '../convert.ts';
import type { FieldDefinition } from '../field-table.ts';
import type { RecordTable } from '../record-table.ts';
import { RecordCode, type RecordType, type RecordTypeName } from '../record-type.ts';
import { recordTypeOf, recordTypes } from '../registry.ts';
import { databaseValue } from './database-text.ts';
import { mostSimilar } from './similar.ts';

/** Mistakes that one message tells of. */
const MOST_PROBLEMS = 20;

/** What a load did. */
export interface LoadSummary {
  readonly made: number;
  /** Records that were there before and got fields, tags or aliases. */
  readonly changed: number;
  /** Names to which fields wait to be added: records that are not there yet. */
  readonly waiting: readonly string[];
}

/**
 * Makes the soft records of a database, and gives fields, info tags and aliases to those that are
 * there: `record("*", …)` to any, another type to none. What it says of a record that is not there
 * waits for it, since plants come later. Every mistake is told, in one error, with its place.
 */
export function loadDatabase(table: RecordTable, database: Database): LoadSummary {
  const load = new Load(table);
  const { breakTables } = table.columns;
  for (const { name, points } of database.breakTables ?? []) {
    // As in a database file, of each name the first counts.
    if (!breakTables.has(name)) breakTables.set(name, new BreakTable(name, points));
  }
  // Columns that grow step by step leave behind as much memory again.
  table.expect(database.records.length);
  for (const record of database.records) load.take(record);
  return load.finished();
}

/** Gives a record what databases said of it before it was there. Mistakes are thrown, all in one. */
export function claimWaiting(table: RecordTable, slot: Slot, waiting: readonly DatabaseRecord[]) {
  const load = new Load(table);
  for (const record of waiting) load.append(slot, record);
  load.finished();
}

class Load {
  readonly #table: RecordTable;
  readonly #problems: string[] = [];
  readonly #waiting: string[] = [];
  #made = 0;
  #changed = 0;

  constructor(table: RecordTable) {
    this.#table = table;
  }

  take(record: DatabaseRecord): void {
    const slot = this.#table.slotOf(record.name);
    if (slot !== undefined) this.append(slot, record);
    else if (record.type === '*') this.#postpone(record);
    else this.#make(record);
  }

  append(slot: Slot, record: DatabaseRecord): void {
    const type = recordTypeOf(this.#table.columns.type[slot] ?? 0);
    if (record.type !== '*' && record.type !== type.name) {
      this.#complain(record.at, `record "${record.name}" is ${type.name}, not ${record.type}`);
      return;
    }
    for (const value of record.fields) {
      const converted = this.#convert(type, record, value);
      if (converted !== undefined) this.#table.configure(slot, value.name, converted);
    }
    this.#adorn(slot, record);
    this.#changed++;
  }

  finished(): LoadSummary {
    const { length } = this.#problems;
    if (length > MOST_PROBLEMS) {
      this.#problems.splice(MOST_PROBLEMS, length, `… and ${length - MOST_PROBLEMS} more`);
    }
    if (length > 0) throw new IocError('records/database', this.#problems.join('\n'));
    return { made: this.#made, changed: this.#changed, waiting: this.#waiting };
  }

  #postpone(record: DatabaseRecord): void {
    this.#table.postpone(record);
    this.#waiting.push(record.name);
  }

  #make(record: DatabaseRecord): void {
    const type = this.#typeOf(record);
    if (!type) return;
    const fields: Record<string, FieldValue> = {};
    for (const value of record.fields) {
      const converted = this.#convert(type, record, value);
      if (converted !== undefined) fields[value.name] = converted;
    }
    this.#try(record.at, () => {
      const slot = this.#table.add({ name: record.name, type: type.name, role: 'soft', fields });
      this.#adorn(slot, record);
      this.#made++;
    });
  }

  #typeOf({ type, name, at }: DatabaseRecord): RecordType | undefined {
    if (type in RecordCode) return recordTypes[type as RecordTypeName];
    const like = mostSimilar(type, Object.keys(RecordCode));
    if (type === 'sub' || type === 'aSub') {
      const instead = 'use calc, calcout or a program that is a client';
      this.#complain(
        at,
        `record "${name}": ${type} runs compiled C code, which is not here; ${instead}`,
      );
    } else {
      this.#complain(at, `record "${name}": there is no record type ${type}${suggestion(like)}`);
    }
    return undefined;
  }

  #convert(type: RecordType, record: DatabaseRecord, value: DatabaseValue): FieldValue | undefined {
    const { name, text, at } = value;
    const where = `${record.name}.${name} (${type.name})`;
    const definition = type.fields.get(name);
    if (!definition) {
      const like = suggestion(mostSimilar(name, type.fields.keys()));
      this.#complain(at, `${where}: there is no such field${like}`);
      return undefined;
    }
    const converted = loadedValue(type, definition, text);
    if (!isError(converted)) return converted as FieldValue;
    this.#complain(at, `${where} cannot be "${text}": ${converted.error}`);
    return undefined;
  }

  #adorn(slot: Slot, { infos, aliases, at }: DatabaseRecord): void {
    if (infos.length > 0) this.#table.addInfos(slot, infos);
    for (const alias of aliases) this.#try(at, () => this.#table.addAlias(slot, alias));
  }

  #try(at: Position, attempt: () => void): void {
    try {
      attempt();
    } catch (error) {
      this.#complain(at, messageOf(error));
    }
  }

  #complain({ file, line, column }: Position, message: string): void {
    this.#problems.push(`${file}:${line}:${column}: ${message}`);
  }
}

function suggestion(like: string | undefined): string {
  return like === undefined ? '' : `; did you mean ${like}?`;
}

/** What a text makes of a field, or why it cannot. */
function loadedValue(type: RecordType, definition: FieldDefinition, text: string) {
  const unset = unsettable(type, definition);
  const value = unset === undefined ? databaseValue(definition, text) : { error: unset };
  if (isError(value)) return value;
  const why = type.refusesAtLoad?.(definition.name, value as FieldValue);
  return why === undefined ? value : { error: why };
}

/** Why no database may set a field. */
function unsettable({ kind }: RecordType, { name, type, size, isAttribute }: FieldDefinition) {
  if (name === 'NAME' || name === 'TIME' || isAttribute) return 'nothing can set it';
  if (name !== 'VAL' && name !== 'OVAL') return undefined;
  const isLong = kind === 'array' || (type === 'STRING' && size === 0);
  return isLong ? 'give it a first value through a constant link' : undefined;
}
