import type { AutosaveConfig, SaveSetConfig } from './config/index.ts';
import { DatabaseLoader } from './database/index.ts';
import { IocError, type Log, systemClock } from './kernel/index.ts';
import {
  Autosave,
  type AutosaveRecords,
  autosaveStatusDatabase,
  type SaveMethod,
} from './ops/index.ts';
import type { Directory } from './pv/index.ts';
import { loadDatabase, type RecordTable } from './records/index.ts';

/** What is saved, and what is told. */
export interface SavedIoc {
  readonly records: RecordTable;
  readonly directory: Directory;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads what was saved, gives it to the records that are there and to others as they come, and
 * makes the status PVs. Saving begins with `start`. Mistakes in request files are thrown.
 */
export async function openAutosave(config: AutosaveConfig, ioc: SavedIoc): Promise<Autosave> {
  const { sets, requests, ...options } = config;
  const { records, directory, log, env } = ioc;
  addStatusRecords(records, config.status);
  const path = requests.length > 0 ? { path: requests.join(':') } : {};
  const autosave = new Autosave(
    { ...options, ...path, keepsAbsent: true },
    { directory, records: autosaveRecords(records), env, log, clock: systemClock },
  );
  for (const set of sets) addSet(autosave, set);
  records.added = (name) => autosave.take(name);
  for (const pass of [0, 1] as const) await autosave.restore(pass);
  return autosave;
}

/** The records of an IOC as autosave wants them. */
export function autosaveRecords(records: RecordTable): AutosaveRecords {
  return {
    tagged: (tag) => records.tagged(tag),
    configure(name, field, value) {
      const slot = records.slotOf(name);
      if (slot === undefined) throw new IocError('records/name', `Set ${name}.${field}: no record`);
      records.configure(slot, field, value);
    },
  };
}

function addStatusRecords(records: RecordTable, prefix: string): void {
  const loader = new DatabaseLoader({ env: {} });
  loader.loadText('autosave status', autosaveStatusDatabase(), `P=${prefix}`);
  loadDatabase(records, loader.database);
}

function addSet(autosave: Autosave, set: SaveSetConfig): void {
  const { request, macros, passes, tag } = set;
  const added = autosave.addSet({ request, macros, method: methodOf(set), ...(tag && { tag }) });
  for (const pass of passes) autosave.restoreFile({ file: added.fileName, pass });
}

function methodOf({ method, period, trigger = '' }: SaveSetConfig): SaveMethod {
  switch (method) {
    case 'monitored':
    case 'periodic':
      return { kind: method, period };
    case 'triggered':
      return { kind: method, pv: trigger };
    case 'manual':
      return { kind: method };
  }
}
