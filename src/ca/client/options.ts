import { hostname, userInfo } from 'node:os';
import { type Clock, type Log, silentLog, systemClock } from '../../kernel/index.ts';
import { arrayBytes, type Complain, type Environment, Variables } from '../environment.ts';

/** How to reach servers; what is left out has the EPICS default (facts/ca.md section 10). */
export interface CaClientOptions {
  /** Where searches go: `host` or `host:port`. */
  readonly addresses?: readonly string[];
  /** Also to the broadcast addresses of this host's interfaces. */
  readonly auto?: boolean;
  /** Servers that are asked over TCP. */
  readonly nameServers?: readonly string[];
  /** Port of addresses that name none. */
  readonly serverPort?: number;
  /** Where beacons are heard of; 0 to hear of none. */
  readonly repeaterPort?: number;
  /** A circuit that is silent so long is asked whether it lives, seconds. */
  readonly connectionTimeout?: number;
  /** Longest wait between two searches of a name, seconds. */
  readonly maxSearchPeriod?: number;
  /** Largest value that is taken or sent. */
  readonly maxArrayBytes?: number;
  /** Who we say we are. */
  readonly user?: string;
  readonly host?: string;
  readonly log?: Log;
  readonly clock?: Clock;
}

/** Options with nothing left out. */
export type CompleteClientOptions = Required<CaClientOptions>;

const SERVER_PORT = 5064;
const REPEATER_PORT = 5065;
const MEBIBYTE = 1024 * 1024;
/** libca waits for up to 300 s, as it hears beacons of servers that come back wherever it runs. */
const SEARCH_PERIOD = 60;
const LEAST_SEARCH_PERIOD = 60;

export function completeClientOptions(options: CaClientOptions): CompleteClientOptions {
  return {
    addresses: options.addresses ?? [],
    auto: options.auto ?? true,
    nameServers: options.nameServers ?? [],
    serverPort: options.serverPort ?? SERVER_PORT,
    repeaterPort: options.repeaterPort ?? REPEATER_PORT,
    connectionTimeout: options.connectionTimeout ?? 30,
    maxSearchPeriod: options.maxSearchPeriod ?? SEARCH_PERIOD,
    maxArrayBytes: options.maxArrayBytes ?? 64 * MEBIBYTE,
    user: options.user ?? userName(),
    host: options.host ?? hostname(),
    log: options.log ?? silentLog,
    clock: options.clock ?? systemClock,
  };
}

/** What the EPICS environment variables say to clients; unset ones and nonsense are left out. */
export function clientOptionsFromEnv(
  env: Environment,
  complain: Complain = () => {},
): CaClientOptions {
  const read = new Variables(env, complain);
  const serverPort = read.port('EPICS_CA_SERVER_PORT');
  const repeaterPort = read.port('EPICS_CA_REPEATER_PORT');
  const connectionTimeout = read.positive('EPICS_CA_CONN_TMO');
  const searchPeriod = read.positive('EPICS_CA_MAX_SEARCH_PERIOD');
  const maxArrayBytes = arrayBytes(read);
  return {
    addresses: read.list('EPICS_CA_ADDR_LIST'),
    auto: read.yes('EPICS_CA_AUTO_ADDR_LIST'),
    nameServers: read.list('EPICS_CA_NAME_SERVERS'),
    ...(serverPort !== undefined && { serverPort }),
    ...(repeaterPort !== undefined && { repeaterPort }),
    ...(connectionTimeout !== undefined && { connectionTimeout }),
    ...(maxArrayBytes !== undefined && { maxArrayBytes }),
    ...(searchPeriod !== undefined && {
      maxSearchPeriod: Math.max(searchPeriod, LEAST_SEARCH_PERIOD),
    }),
  };
}

/** A container may run us under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
