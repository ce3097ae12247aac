import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { type Ioc, type ServedPlant, startIoc } from '../../src/ioc.ts';
import { type Log, type Scope, silentLog } from '../../src/kernel/index.ts';
import type { PutOutcome, PvField, PvValue } from '../../src/pv/index.ts';
import type { Simulator } from '../../src/simulator/index.ts';

export const repository = resolve(fileURLToPath(import.meta.url), '../../..');
export const shippedChain = join(repository, 'config/chains/cx7000-22.yaml');

/** The demo, quick to retry, on loopback ports that are free. */
export const demoConfig = `
prefix: T
simulate: { chain: ${shippedChain} }
plant: { timeout: 1, retry: { first: 0.05, longest: 0.2 } }
poll: { period: 0.1 }
update: { flush: 0.01 }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
log: { level: silent }
`;

/** Writes a file that is gone with the scope. */
export function temporaryFile(scope: Scope, name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-'));
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** An IOC on one simulated plant, and what that tells of itself. */
export type DemoIoc = Ioc & {
  readonly simulator: Simulator;
  readonly counters: ServedPlant['counters'];
};

/** Starts an IOC on the simulated plant; it ends with the scope. */
export async function demoIoc(
  scope: Scope,
  text: string = demoConfig,
  log: Log = silentLog,
): Promise<DemoIoc> {
  const config = loadConfig(temporaryFile(scope, 'ioc.yaml', text));
  const env = { EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_ADDR_LIST: '127.0.0.1:1' };
  const ioc = scope.use(await startIoc(config, { log, env }, scope.signal));
  const { counters, address } = onlyPlant(ioc);
  if (!address.simulator) throw new Error('the demo has a simulated plant');
  return { ...ioc, counters, simulator: address.simulator };
}

/** The plant of an IOC that has one. */
export function onlyPlant({ plants: [plant] }: Ioc): ServedPlant {
  if (!plant) throw new Error('the IOC has a plant');
  return plant;
}

/** The field of a name, once discovery has made it. */
export function field(ioc: Ioc, name: string): Promise<PvField> {
  return vi.waitFor(
    () => {
      const found = ioc.directory.find(name);
      if (!found) throw new Error(`${name} is not served`);
      return found;
    },
    { timeout: 12_000, interval: 5 },
  );
}

/** Waits until the alarm of a PV is as told. */
export async function alarm(ioc: Ioc, name: string, wanted: readonly [number, number]) {
  const { slot } = await field(ioc, name);
  await vi.waitFor(
    () => {
      const { status, severity } = ioc.directory.columns;
      const now = [status[slot], severity[slot]];
      if (now.join() !== wanted.join()) throw new Error(`${name} has alarm ${now}`);
    },
    { timeout: 12_000, interval: 5 },
  );
}

/** Waits until a PV reads as told. */
export async function reads(ioc: Ioc, name: string, wanted: PvValue) {
  const found = await field(ioc, name);
  await vi.waitFor(
    () => {
      if (found.read() !== wanted) throw new Error(`${name} reads ${String(found.read())}`);
    },
    { timeout: 12_000, interval: 5 },
  );
}

export async function put(ioc: Ioc, name: string, value: PvValue): Promise<PutOutcome> {
  const origin = { user: 'operator', host: 'console', notify: true };
  return (await field(ioc, name)).put(value, origin, new AbortController().signal);
}
