import { networkInterfaces } from 'node:os';

/** An IPv4 interface that broadcasts. */
export interface BroadcastInterface {
  readonly address: string;
  readonly broadcast: string;
}

/** The IPv4 interfaces of this host that broadcast; loopback and point-to-point ones do not. */
export function broadcastInterfaces(): BroadcastInterface[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address, netmask }) => ({ address, broadcast: broadcastOf(address, netmask) }))
    .filter(({ address, broadcast }) => address !== broadcast);
}

/** The broadcast addresses of some interfaces; of all when none are named. */
export function broadcastsOf(addresses: readonly string[]): string[] {
  const chosen = broadcastInterfaces().filter(
    ({ address }) => addresses.length === 0 || addresses.includes(address),
  );
  return [...new Set(chosen.map(({ broadcast }) => broadcast))];
}

/** `192.168.1.7`, `255.255.255.0` → `192.168.1.255`. */
export function broadcastOf(address: string, netmask: string): string {
  const host = address.split('.').map(Number);
  const mask = netmask.split('.').map(Number);
  return host.map((byte, i) => (byte | ~(mask[i] ?? 0)) & 0xff).join('.');
}

/** Whether an IPv4 address is a multicast group: 224.0.0.0/4. */
export function isMulticast(address: string): boolean {
  const first = Number(address.split('.')[0]);
  return first >= 224 && first <= 239;
}

/** The IPv4 addresses of this host, loopback too. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === 'IPv4')
    .map(({ address }) => address);
}

/** All IPv4 addresses and masks of this host as one text, which changes when any of them does. */
export function interfaceFingerprint(): string {
  const lines = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address, netmask }) => `${name} ${address}/${netmask}`),
  );
  return lines.sort().join(', ');
}
