import type { BareIoc } from './bare-ioc.ts';
import type { CaServer } from './ca/index.ts';
import { shippedDatabases } from './config/index.ts';
import { type Log, systemClock } from './kernel/index.ts';
import { IocStats } from './ops/index.ts';
import { packageVersion } from './release.ts';

/** What an IOC can tell of itself only with the help of who started it. */
export interface IocAbout {
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The Channel Access server, once it listens. */
  readonly server: () => CaServer | undefined;
  /** Configuration or start-up file. */
  readonly script?: string;
  readonly engineer?: string | undefined;
  readonly location?: string | undefined;
  /** Ends the process, to be started again; left out where clients may not. */
  readonly restart?: () => void;
}

/** Records about the IOC itself: load with `IOC=` the prefix. */
export const iocStatsTemplate = `${shippedDatabases}/iocStats.template`;

/** The device support of records about an IOC. */
export function iocStatsOf(ioc: BareIoc, about: IocAbout): IocStats {
  const { log, env, server, script, engineer, location, restart } = about;
  const facts = {
    version: packageVersion(),
    script: script ?? env['STARTUP'] ?? '',
    engineer: engineer ?? env['ENGINEER'] ?? '',
    location: location ?? env['LOCATION'] ?? '',
    clients: () => server()?.counters.circuits ?? 0,
    connections: () => server()?.counters.channels ?? 0,
    records: () => ioc.directory.size,
  };
  const reloadAccess = () => ioc.access.init();
  const canReload = () => ioc.access.isNamed;
  const commands = { reloadAccess, canReload, ...(restart && { restart }) };
  return new IocStats(facts, commands, log, systemClock);
}
