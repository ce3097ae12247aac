import type {
  Database,
  DatabaseRecord,
  DatabaseValue,
  JsonValue,
} from '../../../src/database/index.ts';

type Text = string | number | { readonly json: JsonValue };

/** What `record(type, "name") { field(…) info(…) }` says; lines count records, columns fields. */
export function declared(
  line: number,
  type: string,
  name: string,
  fields: Readonly<Record<string, Text>> = {},
  more: { readonly infos?: Readonly<Record<string, string>>; readonly aliases?: string[] } = {},
): DatabaseRecord {
  const place = (column: number) => ({ file: 'test.db', line, column });
  const values = (texts: Readonly<Record<string, Text>>): DatabaseValue[] =>
    Object.entries(texts).map(([field, text], i) => {
      const value = { name: field, at: place(i + 2) };
      if (typeof text !== 'object') return { ...value, text: String(text) };
      return { ...value, text: JSON.stringify(text.json), json: text.json };
    });
  return {
    type,
    name,
    fields: values(fields),
    infos: values(more.infos ?? {}),
    aliases: more.aliases ?? [],
    at: place(1),
  };
}

/** A database of records in lines from 1 on: `[type, name, fields]`. */
export function database(
  ...records: (readonly [type: string, name: string, fields?: Readonly<Record<string, Text>>])[]
): Database {
  return {
    records: records.map(([type, name, fields], i) => declared(i + 1, type, name, fields)),
  };
}
