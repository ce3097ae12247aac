import { createSocket } from 'node:dgram';
import type { Scope } from '../kernel/index.ts';
import { type Beats, beat } from './beacon.ts';
import type { Tally } from './counters.ts';
import { broadcastsOf } from './interfaces.ts';
import type { CompleteOptions } from './options.ts';

type Destination = { readonly address: string; readonly port: number };

/**
 * Beats to the configured addresses and, if wished, the broadcast ones, until the scope ends;
 * undefined when there are none.
 */
export async function sendBeacons(
  options: CompleteOptions,
  tcpPort: number,
  tally: Tally,
  scope: Scope,
): Promise<Beats | undefined> {
  const destinations = destinationsOf(options);
  if (destinations.length === 0) return undefined;
  const socket = createSocket('udp4');
  scope.defer(() => new Promise((resolve) => socket.close(() => resolve())));
  await new Promise<void>((resolve) => socket.bind(0, () => resolve()));
  socket.setBroadcast(true);
  socket.on('error', () => {});
  const send = (beacon: Uint8Array) => {
    tally.beacons++;
    // Nobody listens, or the network is away: the next beacon tries again.
    for (const { address, port } of destinations) socket.send(beacon, port, address, () => {});
  };
  return scope.use(beat(tcpPort, options.beacons.periodSeconds, options.clock, send));
}

function destinationsOf({ beacons, interfaces }: CompleteOptions): Destination[] {
  const named = beacons.addresses.map((text) => {
    const [address = '', port] = text.split(':');
    return { address, port: port === undefined ? beacons.port : Number(port) };
  });
  const broadcasts = beacons.auto ? broadcastsOf(interfaces) : [];
  return [...named, ...broadcasts.map((address) => ({ address, port: beacons.port }))];
}
