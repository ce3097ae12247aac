import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { parseAddress } from '../addresses.ts';

/** A server's place on the network. */
export interface Endpoint {
  /** IPv4. */
  readonly address: string;
  readonly port: number;
}

/** `host` or `host:port` as an endpoint; rejects for a name that has no IPv4 address. */
export async function endpointOf(text: string, defaultPort: number): Promise<Endpoint> {
  const { address, port = defaultPort } = parseAddress(text);
  if (!(port > 0 && port <= 65_535)) throw new Error(`${text} has no valid port`);
  return { address: isIPv4(address) ? address : (await lookup(address, 4)).address, port };
}

export function endpointText({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}

/** An IPv4 address as text. */
export function addressOf(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.');
}
