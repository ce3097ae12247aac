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
  /** A connection that never says VERSION is dropped after this time. */
  readonly helloSeconds: number;
  /** A circuit without channels on which nothing comes for this long is dropped. */
  readonly idleSeconds: number;
  /** Search datagrams that one address may send at once, and per second in the long run. */
  readonly searchBurst: number;
  readonly searchesPerSecond: number;
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
  /** Routers that a beacon to a multicast group may pass, one less: its time to live. */
  readonly hops: number;
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
const AUTO_ARRAY_BYTES = 256 * MEBIBYTE;
/** What EPICS_CA_MAX_ARRAY_BYTES cannot go below. */
export const LEAST_ARRAY_BYTES = 16_384;

const defaultLimits: Limits = {
  maxArrayBytes: AUTO_ARRAY_BYTES,
  circuits: 2000,
  circuitsPerAddress: 1000,
  channelsPerCircuit: 500_000,
  subscriptionsPerCircuit: 500_000,
  outputBytes: MEBIBYTE,
  drainSeconds: 60,
  helloSeconds: 30,
  idleSeconds: 600,
  // libca asks for 100,000 names in some 6,000 datagrams.
  searchBurst: 50_000,
  searchesPerSecond: 5000,
};

export function completeOptions(options: CaOptions): CompleteOptions {
  const beacons = {
    ...{ addresses: [], auto: true, port: REPEATER_PORT },
    ...{ periodSeconds: 15, hops: 1 },
  };
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
