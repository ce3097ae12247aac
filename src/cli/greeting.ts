import { relative } from 'node:path';
import type { CaServer } from '../ca/index.ts';
import type { IocConfig } from '../config/index.ts';
import type { Ioc, ServedPlant, SessionSummary } from '../ioc.ts';
import type { PvDirectory } from '../pv/index.ts';
import { packageVersion } from '../release.ts';

/** What is served, and how to read and write it, for the person who just started the IOC. */
export function greeting(
  { naming }: IocConfig,
  file: string,
  { ca, bus, directory }: Ioc,
  { prefix, address }: ServedPlant,
  { slaves, records }: SessionSummary,
): string {
  const kind = address.simulator ? 'simulated plant' : 'plant';
  const own = { directory, prefix };
  const isMeasured = (name: string) => /^(V|mA|°C)$/.test(unitsOf(directory, name));
  const isSwitch = (name: string) =>
    directory.has(`${name}${naming.readback}`) &&
    directory.find(name)?.metadata().labels.join() === 'Off,On';
  const reading = exampleOf(own, 'ai', isMeasured) ?? exampleOf(own, 'bi', () => true);
  // Nobody shall switch a real output because a greeting said so.
  const switching = address.simulator ? exampleOf(own, 'bo', isSwitch) : undefined;
  return [
    `twincat-ioc ${packageVersion()} · ${prefix} · ${records} PVs of ${slaves} slaves · ${kind} at ${address.where}`,
    ...(ca ? whereServed(ca) : ['No Channel Access.']),
    ...(reading ? [`  caget ${reading}`, `  camonitor ${reading}`] : []),
    ...(switching ? [`  caput ${switching} 1`] : []),
    ...(bus ? busTold(bus) : []),
    `Every PV: npx twincat-ioc names ${relative('', file)}    Ctrl-C stops.`,
  ].join('\n');
}

function unitsOf(directory: PvDirectory, name: string): string {
  return directory.find(name)?.metadata().units ?? '';
}

function whereServed({ port, udpPort }: CaServer): string[] {
  const where = udpPort === 5064 ? '127.0.0.1' : `127.0.0.1:${udpPort}`;
  return [
    `Channel Access: TCP ${port}, searches on UDP ${udpPort}`,
    `  export EPICS_CA_ADDR_LIST=${where} EPICS_CA_AUTO_ADDR_LIST=NO`,
  ];
}

/** How to look at the bus, where the broker is our own and plain. */
function busTold({ urls }: NonNullable<Ioc['bus']>): string[] {
  const url = urls.map((each) => new URL(each)).find(({ protocol }) => protocol === 'mqtt:');
  if (!url) return [];
  const host = /^(127\.|0\.0\.0\.0|\[::1?\])/.test(url.hostname) ? '' : ` -h ${url.hostname}`;
  const port = url.port === '1883' ? '' : ` -p ${url.port}`;
  return [
    `MQTT: the embedded broker on port ${url.port}`,
    `  mosquitto_sub${host}${port} -t 'te/#' -v`,
  ];
}

/** A PV to try: an analogue value in units, or an output whose read-back shows what it does. */
function exampleOf(
  { directory, prefix }: { readonly directory: PvDirectory; readonly prefix: string },
  recordType: string,
  isGood: (name: string) => boolean,
): string | undefined {
  for (const name of directory.names()) {
    if (!name.startsWith(prefix)) continue;
    // Settings of terminals (`…Idx8000`) are no toys.
    const isSetting = /Idx[0-9a-f]{4}/.test(name);
    const found = isSetting ? undefined : directory.find(name);
    if (found?.recordType === recordType && isGood(name)) return name;
  }
  return undefined;
}
