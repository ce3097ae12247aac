import type { Database } from './database.ts';
import { DatabaseLoader, type DatabaseOptions } from './database-loader.ts';

/** A database file, and the macros for it as `A=1,B=2`. */
export type DatabaseFile = string | { readonly file: string; readonly macros?: string };

/** What database files declare, read in order. Throws a `DatabaseError` with every mistake found. */
export function readDatabase(
  files: readonly DatabaseFile[],
  options: DatabaseOptions = {},
): Database {
  const loader = new DatabaseLoader(options);
  for (const each of files) {
    if (typeof each === 'string') loader.loadRecords(each);
    else loader.loadRecords(each.file, each.macros);
  }
  return loader.database;
}
