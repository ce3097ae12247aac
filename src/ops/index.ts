export { Autosave } from './autosave/autosave.ts';
export type { FileCalls } from './autosave/disk.ts';
export {
  type AutosaveMeans,
  type AutosaveOptions,
  type AutosaveRecords,
  type Report,
  type RestoreFile,
  type SaveMethod,
  type SaveSetOptions,
  SaveStatus,
} from './autosave/options.ts';
export { type SaveSet, saveFileOf } from './autosave/save-set.ts';
export { restoredValue } from './autosave/saved-text.ts';
export { autosaveStatusDatabase } from './autosave/status-database.ts';
export type { IocFacts } from './iocstats/facts.ts';
export { type IocCommands, IocStats } from './iocstats/ioc-stats.ts';
export type { PutLogMode } from './put-log/burst-filter.ts';
export { logServerAddress } from './put-log/log-server.ts';
export { openPutLog, type PutLog, type PutLogOptions } from './put-log/put-log.ts';
export type { PutLogCounters } from './put-log/sink.ts';
