import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { IocError, messageOf, type Scope } from '../kernel/index.ts';
import { broadcastInterfaces, isMulticast } from './interfaces.ts';

/** Room for bursts of searches when many clients start at once, bytes. */
const RECEIVE_BUFFER = 1024 * 1024;

/** What to do with a datagram: `send` answers from the socket it came by. */
export type OnDatagram = (
  datagram: Uint8Array,
  from: RemoteInfo,
  send: (reply: Uint8Array) => void,
) => void;

/**
 * Listens for searches on `port`, shared with other servers of this host. An interface's own
 * socket hears no broadcasts, so each gets a second one on its broadcast address; multicast groups
 * are joined (facts/ca.md section 9). Returns the port, which differs for a wish of 0.
 */
export async function listenUdp(
  port: number,
  interfaces: readonly string[],
  onDatagram: OnDatagram,
  scope: Scope,
): Promise<number> {
  const unicast = interfaces.filter((address) => !isMulticast(address));
  const groups = interfaces.filter(isMulticast);
  let bound = port;
  for (const address of unicast.length > 0 ? unicast : ['0.0.0.0']) {
    bound = await open(bound, address, onDatagram, scope);
  }
  const broadcasts = broadcastInterfaces().filter(({ address }) => unicast.includes(address));
  for (const { broadcast } of broadcasts) await open(bound, broadcast, onDatagram, scope);
  for (const group of groups) await open(bound, group, onDatagram, scope);
  return bound;
}

async function open(
  port: number,
  address: string,
  onDatagram: OnDatagram,
  scope: Scope,
): Promise<number> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true, recvBufferSize: RECEIVE_BUFFER });
  scope.defer(() => new Promise((resolve) => socket.close(() => resolve())));
  try {
    await bind(socket, port, address);
    if (isMulticast(address)) socket.addMembership(address);
  } catch (cause) {
    const text = `Listen for CA searches on ${address}:${port} failed: ${messageOf(cause)}`;
    throw new IocError('ca/listen', `${text}; check EPICS_CAS_INTF_ADDR_LIST`, { cause });
  }
  socket.on('message', (datagram, from) => {
    onDatagram(datagram, from, (reply) => socket.send(reply, from.port, from.address, () => {}));
  });
  // An ICMP answer to an earlier reply: the client is gone, the server lives on.
  socket.on('error', () => {});
  return socket.address().port;
}

function bind(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, address }, () => {
      socket.removeListener('error', reject);
      resolve();
    });
  });
}
