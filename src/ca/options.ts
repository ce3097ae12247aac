import { type Clock, type Log, silentLog, systemClock } from '../kernel/index.ts';

/** Bounds that keep one client, or many, from taking the server down. */
export interface Limits {
  /** Largest payload of a request or an answer, bytes. */
  readonly maxArrayBytes: number;
  readonly circuits: number;
  readonly circuitsPerAddress: number;
  readonly channelsPerCircuit: number;
  readonly subscriptionsPerCircuit: number;
  /** High-water mark of a circuit's output: above it updates squash and requests wait, bytes. */
  readonly outputBytes: number;
  /** A client that takes nothing for this long, while output waits, is dropped. */
  readonly drainSeconds: number;
}

/** Where beacons go and how often. */
export interface BeaconOptions {
  /** `address` or `address:port`. */
  readonly addresses: readonly string[];
  /** Also to the broadcast addresses of the interfaces served. */
  readonly auto: boolean;
  readonly port: number;
  /** Longest time between two beacons, seconds. */
  readonly periodSeconds: number;
}

/** How to serve Channel Access; what is left out has the EPICS default. */
export interface CaOptions {
  /** UDP search port, and the TCP port if it is free; 0 for free ones. Default 5064. */
  readonly port?: number;
  /** IPv4 addresses to listen on, multicast groups to join; none: all interfaces. */
  readonly interfaces?: readonly string[];
  /** IPv4 addresses whose searches are not answered. */
  readonly ignore?: readonly string[];
  readonly beacons?: Partial<BeaconOptions>;
  readonly limits?: Partial<Limits>;
  readonly log?: Log;
  readonly clock?: Clock;
}

/** Options with nothing left out. */
export interface CompleteOptions {
  readonly port: number;
  readonly interfaces: readonly string[];
  readonly ignore: readonly string[];
  readonly beacons: BeaconOptions;
  readonly limits: Limits;
  readonly log: Log;
  readonly clock: Clock;
}

const SERVER_PORT = 5064;
const REPEATER_PORT = 5065;
const MEBIBYTE = 1024 * 1024;

/** EPICS knows no bound when EPICS_CA_AUTO_ARRAY_BYTES is YES; we keep one against broken clients. */
const AUTO_ARRAY_BYTES = 64 * MEBIBYTE;
/** What EPICS_CA_MAX_ARRAY_BYTES cannot go below. */
const LEAST_ARRAY_BYTES = 16_384;

const defaultLimits: Limits = {
  maxArrayBytes: AUTO_ARRAY_BYTES,
  circuits: 2000,
  circuitsPerAddress: 500,
  channelsPerCircuit: 500_000,
  subscriptionsPerCircuit: 500_000,
  outputBytes: MEBIBYTE,
  drainSeconds: 60,
};

export function completeOptions(options: CaOptions): CompleteOptions {
  const beacons = { addresses: [], auto: true, port: REPEATER_PORT, periodSeconds: 15 };
  return {
    port: options.port ?? SERVER_PORT,
    interfaces: options.interfaces ?? [],
    ignore: options.ignore ?? [],
    beacons: { ...beacons, ...options.beacons },
    limits: { ...defaultLimits, ...options.limits },
    log: options.log ?? silentLog,
    clock: options.clock ?? systemClock,
  };
}

/** What the EPICS environment variables say (facts/ca.md section 10); unset ones are left out. */
export function caOptionsFromEnv(env: Readonly<Record<string, string | undefined>>): CaOptions {
  const port = numberIn(env, 'EPICS_CAS_SERVER_PORT') ?? numberIn(env, 'EPICS_CA_SERVER_PORT');
  const maxArrayBytes = maxArrayBytesIn(env);
  return {
    ...(port === undefined ? {} : { port }),
    interfaces: listIn(env, 'EPICS_CAS_INTF_ADDR_LIST').filter((address) => address !== '0.0.0.0'),
    ignore: listIn(env, 'EPICS_CAS_IGNORE_ADDR_LIST'),
    beacons: beaconsIn(env),
    ...(maxArrayBytes === undefined ? {} : { limits: { maxArrayBytes } }),
  };
}

function beaconsIn(env: Readonly<Record<string, string | undefined>>): Partial<BeaconOptions> {
  const port = numberIn(env, 'EPICS_CAS_BEACON_PORT') ?? numberIn(env, 'EPICS_CA_REPEATER_PORT');
  const periodSeconds =
    numberIn(env, 'EPICS_CAS_BEACON_PERIOD') ?? numberIn(env, 'EPICS_CA_BEACON_PERIOD');
  return {
    addresses: listIn(env, 'EPICS_CAS_BEACON_ADDR_LIST'),
    auto: !isNo(env['EPICS_CAS_AUTO_BEACON_ADDR_LIST']),
    ...(port === undefined ? {} : { port }),
    ...(periodSeconds === undefined ? {} : { periodSeconds }),
  };
}

function maxArrayBytesIn(env: Readonly<Record<string, string | undefined>>): number | undefined {
  if (!isNo(env['EPICS_CA_AUTO_ARRAY_BYTES'])) return undefined;
  return Math.max(numberIn(env, 'EPICS_CA_MAX_ARRAY_BYTES') ?? 0, LEAST_ARRAY_BYTES);
}

function isNo(text: string | undefined): boolean {
  return text?.trim().toUpperCase() === 'NO';
}

function listIn(env: Readonly<Record<string, string | undefined>>, name: string): string[] {
  return (env[name] ?? '').split(/\s+/).filter((word) => word !== '');
}

/** A positive number; anything else counts as unset, as EPICS does. */
function numberIn(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): number | undefined {
  const value = Number(env[name]?.trim() || Number.NaN);
  return value > 0 ? value : undefined;
}
