import type { IocConfig } from './config/index.ts';
import { type Log, type Scope, systemClock } from './kernel/index.ts';
import { openPutLog, type PutLogCounters } from './ops/index.ts';
import type { StatusRow } from './pipeline/index.ts';
import { AccessControl, type Directory, type InputSource, LocalInputs } from './pv/index.ts';

/** Who may what in an IOC, and the log of what they did. */
export interface IocSecurity {
  /** Reads the rules again; undefined where there are none. */
  readonly control: AccessControl | undefined;
  /** What is told of it as PVs. */
  readonly rows: readonly StatusRow[];
}

/**
 * Puts the rules of a configuration in force, and opens its put log, until the scope ends. PVs that
 * rules depend on and that are not ours come from `remote`.
 */
export async function openSecurity(
  { access, putLog }: Pick<IocConfig, 'access' | 'putLog'>,
  directory: Directory,
  remote: InputSource,
  { log, env }: { readonly log: Log; readonly env: Readonly<Record<string, string | undefined>> },
  scope: Scope,
): Promise<IocSecurity> {
  const { security } = directory;
  const puts = putLog && scope.use(openPutLog(directory, putLog, log));
  const rows = puts ? putLogRows(puts.counters) : [];
  if (!access) return { control: undefined, rows };
  const inputs = scope.use(new LocalInputs(directory, remote));
  const { file, macros } = access;
  const control = await AccessControl.open(security, {
    ...{ file, env, inputs, log, clock: systemClock },
    ...(macros !== undefined && { macros }),
  });
  return { control: scope.use(control), rows };
}

function putLogRows(counters: Readonly<PutLogCounters>): readonly StatusRow[] {
  const shape = 'count';
  return [
    { name: 'PutLogLines', description: 'Lines of the put log', shape, read: () => counters.lines },
    {
      ...{ name: 'PutLogDropped', description: 'Lines of the put log that were lost' },
      ...{ shape, read: () => counters.dropped },
    },
  ];
}
