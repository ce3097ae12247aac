import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { plainAddress } from './identity.ts';

/** The addresses of a host name; rejects when there are none. */
export type HostLookup = (name: string) => Promise<readonly string[]>;

/** One HAG while rules are made: its entries, and what rules compare, which resolving fills. */
export interface HostGroup {
  readonly entries: readonly string[];
  readonly hosts: Set<string>;
}

/** Addresses by the resolver of the machine. */
export const systemLookup: HostLookup = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** Hosts that clients claim: names as they stand, but for their case. */
export function fillNames(groups: readonly HostGroup[]): void {
  for (const { entries, hosts } of groups)
    for (const entry of entries) hosts.add(entry.toLowerCase());
}

/**
 * Adds the addresses of all entries. A name that cannot be resolved matches nobody; these are
 * returned, to be tried again.
 */
export async function fillAddresses(
  groups: readonly HostGroup[],
  find: HostLookup,
): Promise<readonly string[]> {
  const names = new Set(groups.flatMap(({ entries }) => entries));
  const found = new Map<string, readonly string[]>();
  await Promise.all([...names].map(async (name) => found.set(name, await addressesOf(name, find))));
  for (const { entries, hosts } of groups) {
    for (const entry of entries) for (const address of found.get(entry) ?? []) hosts.add(address);
    // Clients on this host may come by way of any of its addresses.
    if (isOurs(hosts)) for (const address of loopback) hosts.add(address);
  }
  return [...names].filter((name) => found.get(name)?.length === 0);
}

const loopback = ['127.0.0.1', '::1'];

function isOurs(hosts: ReadonlySet<string>): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.some(({ address }) => hosts.has(address));
}

async function addressesOf(entry: string, find: HostLookup): Promise<readonly string[]> {
  if (isIP(entry)) return [plainAddress(entry)];
  try {
    return (await find(entry)).map(plainAddress);
  } catch {
    return [];
  }
}
