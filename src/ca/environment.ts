import { type BeaconOptions, type CaOptions, LEAST_ARRAY_BYTES } from './options.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Takes a line about a variable that says nothing useful. */
export type Complain = (line: string) => void;

/** Ports up to this one are not for users: what EPICS takes for nonsense. */
const LAST_RESERVED_PORT = 5000;
const LAST_PORT = 65_535;

/**
 * What the EPICS environment variables say (facts/ca.md section 10); unset ones are left out, and so
 * is nonsense, after a complaint: the C defaults hold then.
 */
export function caOptionsFromEnv(env: Environment, complain: Complain = () => {}): CaOptions {
  const read = new Variables(env, complain);
  const port = read.port('EPICS_CAS_SERVER_PORT', 'EPICS_CA_SERVER_PORT');
  const maxArrayBytes = arrayBytes(read);
  return {
    ...(port === undefined ? {} : { port }),
    interfaces: interfaces(read),
    ignore: read.list('EPICS_CAS_IGNORE_ADDR_LIST'),
    beacons: beacons(read),
    ...(maxArrayBytes === undefined ? {} : { limits: { maxArrayBytes } }),
  };
}

/** Whether Channel Access is to be served at all; says it when EPICS_IOC_IGNORE_SERVERS names rsrv. */
export function servesCa(env: Environment, say: Complain = () => {}): boolean {
  const isIgnored = (env['EPICS_IOC_IGNORE_SERVERS'] ?? '').split(/\s+/).includes('rsrv');
  if (isIgnored) say('Channel Access is not served: EPICS_IOC_IGNORE_SERVERS names rsrv');
  return !isIgnored;
}

function interfaces(read: Variables): string[] {
  const all = read.list('EPICS_CAS_INTF_ADDR_LIST');
  const named = all.filter((address) => address !== '0.0.0.0');
  if (named.length > 0 && named.length < all.length) {
    read.complain('EPICS_CAS_INTF_ADDR_LIST', '0.0.0.0 counts only when it is alone');
  }
  return named;
}

function beacons(read: Variables): Partial<BeaconOptions> {
  const port = read.port('EPICS_CAS_BEACON_PORT', 'EPICS_CA_REPEATER_PORT');
  const periodSeconds = read.positive('EPICS_CAS_BEACON_PERIOD', 'EPICS_CA_BEACON_PERIOD');
  const hops = read.positive('EPICS_CA_MCAST_TTL');
  return {
    addresses: read.list('EPICS_CAS_BEACON_ADDR_LIST'),
    auto: read.yes('EPICS_CAS_AUTO_BEACON_ADDR_LIST'),
    ...(port === undefined ? {} : { port }),
    ...(periodSeconds === undefined ? {} : { periodSeconds }),
    ...(hops === undefined ? {} : { hops }),
  };
}

/** Largest value, if one is set. */
export function arrayBytes(read: Variables): number | undefined {
  if (read.yes('EPICS_CA_AUTO_ARRAY_BYTES')) return undefined;
  const wanted = read.positive('EPICS_CA_MAX_ARRAY_BYTES') ?? LEAST_ARRAY_BYTES;
  if (wanted < LEAST_ARRAY_BYTES) {
    read.complain('EPICS_CA_MAX_ARRAY_BYTES', `${LEAST_ARRAY_BYTES} is the least there is`);
  }
  return Math.max(wanted, LEAST_ARRAY_BYTES);
}

/** Reads variables; of several names the first that is set counts. */
export class Variables {
  readonly #env: Environment;
  readonly #complain: Complain;

  constructor(env: Environment, complain: Complain) {
    this.#env = env;
    this.#complain = complain;
  }

  complain(name: string, why: string): void {
    this.#complain(`${name}="${this.#env[name] ?? ''}": ${why}`);
  }

  port(...names: readonly string[]): number | undefined {
    const isPort = (value: number) =>
      Number.isInteger(value) && value > LAST_RESERVED_PORT && value <= LAST_PORT;
    return this.#number(names, isPort, `not a port from ${LAST_RESERVED_PORT + 1} on`);
  }

  positive(...names: readonly string[]): number | undefined {
    return this.#number(names, (value) => value > 0 && value < Infinity, 'not a positive number');
  }

  /** YES, in any case, and unset mean yes; everything else means no. */
  yes(name: string): boolean {
    const text = this.#text(name)?.toUpperCase() ?? 'YES';
    if (text !== 'YES' && text !== 'NO') this.complain(name, 'neither YES nor NO, counts as NO');
    return text === 'YES';
  }

  list(name: string): string[] {
    return this.#text(name)?.split(/\s+/) ?? [];
  }

  #number(
    names: readonly string[],
    isGood: (value: number) => boolean,
    why: string,
  ): number | undefined {
    const name = names.find((each) => this.#text(each) !== undefined);
    if (name === undefined) return undefined;
    const value = Number(this.#text(name));
    if (isGood(value)) return value;
    this.complain(name, `${why}, the default holds`);
    return undefined;
  }

  #text(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }
}
