import { createSocket } from 'node:dgram';
import type { Scope } from '../kernel/index.ts';
import { parseAddress } from './addresses.ts';
import { type Beats, beat } from './beacon.ts';
import type { Tally } from './counters.ts';
import { broadcastsOf } from './interfaces.ts';
import type { CompleteOptions } from './options.ts';

type Destination = { readonly address: string; readonly port: number };

/**
 * Beats to the configured addresses and, if wished, the broadcast ones of the moment, until the scope
 * ends.
 */
export async function sendBeacons(
  options: CompleteOptions,
  tcpPort: number,
  tally: Tally,
  scope: Scope,
): Promise<Beats> {
  const { periodSeconds, hops } = options.beacons;
  const socket = createSocket('udp4');
  scope.defer(() => new Promise((resolve) => socket.close(() => resolve())));
  await new Promise<void>((resolve) => socket.bind(0, () => resolve()));
  socket.setBroadcast(true);
  socket.setMulticastTTL(Math.min(255, Math.floor(hops)));
  socket.on('error', () => {});
  const send = (beacon: Uint8Array) => {
    const destinations = destinationsOf(options);
    if (destinations.length > 0) tally.beacons++;
    // Nobody listens, or the network is away: the next beacon tries again.
    for (const { address, port } of destinations) socket.send(beacon, port, address, () => {});
  };
  return scope.use(beat(tcpPort, periodSeconds, options.clock, send));
}

function destinationsOf({ beacons, interfaces }: CompleteOptions): Destination[] {
  const named = beacons.addresses.map((text) => {
    const { address, port = beacons.port } = parseAddress(text);
    return { address, port };
  });
  const broadcasts = beacons.auto ? broadcastsOf(interfaces) : [];
  return [...named, ...broadcasts.map((address) => ({ address, port: beacons.port }))];
}
