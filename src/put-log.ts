import type { IocConfig } from './config/index.ts';
import type { Log, Scope } from './kernel/index.ts';
import { openPutLog } from './ops/index.ts';
import { countRow, type StatusRow } from './pipeline/index.ts';
import type { Directory } from './pv/index.ts';

/** Opens the put log of a configuration, if it has one, and tells what is served of it as PVs. */
export function servePutLog(
  { putLog }: Pick<IocConfig, 'putLog'>,
  directory: Directory,
  log: Log,
  scope: Scope,
): readonly StatusRow[] {
  if (!putLog) return [];
  const { counters } = scope.use(openPutLog(directory, putLog, log));
  return [
    countRow('PutLogLines', 'Lines of the put log', () => counters.lines),
    countRow('PutLogDropped', 'Lines of the put log that were lost', () => counters.dropped),
  ];
}
