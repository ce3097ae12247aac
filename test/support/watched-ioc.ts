import { loadConfig } from '../../src/config/index.ts';
import { type Ioc, startIoc } from '../../src/ioc.ts';
import type { Log, Scope } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import type { PvValue } from '../../src/pv/index.ts';
import { demoIoc, onlyPlant, shippedChain, temporaryFile } from './demo-ioc.ts';

/** The demo with the settings that an operator gets who changes none. */
export const defaultsConfig = `
prefix: T
simulate: { chain: ${shippedChain} }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
log: { level: silent }
`;

export const ANALOGUE = 'T:ETH1:RIO1:MOD2:AiStandardChannel1Value';
export const SWITCH = 'T:ETH1:RIO2:MOD3:Channel1';
export const SWITCH_SYMBOL = 'Term 12 (EL2024-0010).Channel 1';

export type WatchedIoc = Awaited<ReturnType<typeof watchedIoc>>;

/** Settings of an IOC that serves a plant of another process. */
export const remoteConfig = ({
  port,
  netId,
}: {
  readonly port: number;
  readonly netId: string;
}) => `
prefix: T
plant: { host: 127.0.0.1, port: ${port}, netId: ${netId} }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
log: { level: silent }
`;

/** An IOC on a plant of another process, with the same looks. */
export async function remoteIoc(scope: Scope, text: string) {
  const lines: string[] = [];
  const config = loadConfig(temporaryFile(scope, 'ioc.yaml', text));
  const means = { log: logInto(lines), env: {} };
  const ioc = scope.use(await startIoc(config, means, scope.signal));
  return { ...watched(scope, ioc, lines), counters: onlyPlant(ioc).counters };
}

/** An IOC on the simulated plant with looks at its PVs, and with what it said in its log. */
export async function watchedIoc(scope: Scope, config = defaultsConfig) {
  const lines: string[] = [];
  return watched(scope, await demoIoc(scope, config, logInto(lines)), lines);
}

function watched<I extends Ioc>(scope: Scope, ioc: I, lines: readonly string[]) {
  const slotOf = (name: string) => ioc.directory.find(name)?.slot ?? -1;
  const severity = (name: string) => ioc.directory.columns.severity[slotOf(name)];
  const read = (name: string): PvValue | undefined => ioc.directory.find(name)?.read();
  const status = (name: string) => ioc.directory.columns.status[slotOf(name)];
  return {
    ...ioc,
    lines,
    read,
    severity,
    status,
    isGood: (name: string) => severity(name) === Severity.noAlarm,
    isAway: (name: string) =>
      severity(name) === Severity.invalid && status(name) === AlarmStatus.comm,
    isInvalid: (name: string) => severity(name) === Severity.invalid,
    /** Word for the state of the plant. */
    state: () =>
      ['Disconnected', 'Connecting', 'No route', 'Connected', 'Degraded'][
        Number(read('T:IOC:PlantState') ?? 0)
      ],
    text: () => String(read('T:IOC:PlantStatus') ?? ''),
    /** Counts how often PVs turned INVALID from now on. */
    blinks(names: readonly string[]) {
      const slots = new Map(names.map((name) => [slotOf(name), name]));
      const seen: string[] = [];
      const posted = ioc.directory.posted$.subscribe(({ count, slots: changed }) => {
        for (let i = 0; i < count; i++) {
          const name = slots.get(changed[i] ?? -1);
          if (name && severity(name) === Severity.invalid) seen.push(name);
        }
      });
      scope.defer(() => posted.unsubscribe());
      return seen;
    },
  };
}

/** Only what an operator reads: the texts of warnings and worse. */
export function logInto(lines: string[]): Log {
  const take = (...args: unknown[]) => {
    const text = args.find((arg) => typeof arg === 'string');
    lines.push(String(text));
  };
  const quiet = () => {};
  const log = { trace: quiet, debug: quiet, info: take, warn: take, error: take };
  // Which room it is of is no part of what is looked at.
  return { ...log, child: () => logInto(lines) } as unknown as Log;
}
