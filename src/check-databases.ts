import type { DatabaseConfig } from './config/index.ts';
import { DatabaseLoader } from './database/index.ts';

/** Whether a file says which templates to load, rather than records. */
export function isSubstitutions(file: string): boolean {
  return /\.(substitutions|subs?)$/.test(file);
}

/** Reads the databases of a configuration, and tells how many records they declare. Throws every mistake. */
export function checkDatabases(databases: readonly DatabaseConfig[]): number {
  const loader = new DatabaseLoader({ others: 'kept' });
  for (const { file, macros } of databases) {
    if (isSubstitutions(file)) loader.loadTemplate(file, macros);
    else loader.loadRecords(file, macros);
  }
  return loader.database.records.length;
}
