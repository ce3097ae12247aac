import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { type Log, messageOf } from '../kernel/index.ts';
import type { CompleteOptions } from './options.ts';

/** A host, by name or IPv4 address, that may have a port. */
export interface Address {
  readonly address: string;
  readonly port: number | undefined;
}

/** Options in which every host is an IPv4 address; a name that has none is in the log, and left out. */
export async function withAddresses(options: CompleteOptions): Promise<CompleteOptions> {
  const { log, interfaces, ignore, beacons } = options;
  const hosts = async (texts: readonly string[]) =>
    (await resolveAll(texts, log)).map(({ address }) => address);
  const destinations = await resolveAll(beacons.addresses, log);
  return {
    ...options,
    interfaces: await hosts(interfaces),
    ignore: await hosts(ignore),
    beacons: { ...beacons, addresses: destinations.map(addressText) },
  };
}

/** `10.0.0.255` or `10.0.0.255:7065`. */
export function parseAddress(text: string): Address {
  const [address = '', port] = text.split(':');
  return { address, port: port === undefined ? undefined : Number(port) };
}

function addressText({ address, port }: Address): string {
  return port === undefined ? address : `${address}:${port}`;
}

async function resolveAll(texts: readonly string[], log: Log): Promise<Address[]> {
  const found = await Promise.all(texts.map((text) => resolve(text, log)));
  return found.filter((address) => address !== undefined);
}

async function resolve(text: string, log: Log): Promise<Address | undefined> {
  const { address, port } = parseAddress(text);
  try {
    if (port !== undefined && !(port > 0 && port <= 65_535)) throw new Error('no such port');
    if (isIPv4(address)) return { address, port };
    return { address: (await lookup(address, 4)).address, port };
  } catch (cause) {
    log.warn(`CA address "${text}" is left out: ${messageOf(cause)}`);
    return undefined;
  }
}
