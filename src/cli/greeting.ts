import { relative } from 'node:path';
import type { IocConfig } from '../config/index.ts';
import type { Ioc, SessionSummary } from '../ioc.ts';

import type { PvDirectory } from '../pv/index.ts';
import { packageVersion } from './version.ts';

/** What is served, and how to read and write it, for the person who just started the IOC. */
export function greeting(
  { prefix }: IocConfig,
  file: string,
  { ca, directory, plant }: Ioc,
  { slaves, records }: SessionSummary,
): string {
  const kind = plant.simulator ? 'simulated plant' : 'plant';
  const reading = exampleOf(directory, 'ai') ?? exampleOf(directory, 'bi');
  const switching = exampleOf(directory, 'bo');
  return [
    `twincat-ioc ${packageVersion()} · ${prefix} · ${records} PVs of ${slaves} slaves · ${kind} at ${plant.where}`,
    `Channel Access: TCP ${ca.port}, searches on UDP ${ca.udpPort}`,
    ...environment(ca.udpPort),
    ...(reading ? [`  caget ${reading}`, `  camonitor ${reading}`] : []),
    ...(switching ? [`  caput ${switching} 1`] : []),
    `Every PV: npx twincat-ioc names ${relative('', file)}    Ctrl-C stops.`,
  ].join('\n');
}

function environment(port: number): string[] {
  const where = port === 5064 ? '127.0.0.1' : `127.0.0.1:${port}`;
  return [`  export EPICS_CA_ADDR_LIST=${where} EPICS_CA_AUTO_ADDR_LIST=NO`];
}

/** The first PV of a record type, process data rather than a setting of a terminal (`…Idx8000`). */
function exampleOf(directory: PvDirectory, recordType: string): string | undefined {
  const ofType = [...directory.names()].filter(
    (name) => directory.find(name)?.recordType === recordType,
  );
  return ofType.find((name) => !/Idx[0-9a-f]{4}/.test(name)) ?? ofType[0];
}
