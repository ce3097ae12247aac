import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { IocError, messageOf, type Scope } from '../kernel/index.ts';
import { broadcastInterfaces, isMulticast } from './interfaces.ts';

/** Room for bursts of searches when many clients start at once, bytes. */
const RECEIVE_BUFFER = 1024 * 1024;

/** What to do with a datagram; `send` answers its sender. */
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
  const own = new Map<string, Socket>();
  let bound = port;
  for (const address of unicast.length > 0 ? unicast : ['0.0.0.0']) {
    const socket = await open(bound, address, scope);
    answer(socket, socket, onDatagram);
    own.set(address, socket);
    bound = socket.address().port;
  }
  // Nothing can be sent from a broadcast or group address: its interface's own socket answers.
  const [first] = own.values();
  for (const group of interfaces.filter(isMulticast)) {
    const socket = await open(bound, group, scope);
    socket.addMembership(group);
    answer(socket, first ?? socket, onDatagram);
  }
  for (const { address, broadcast } of broadcastInterfaces()) {
    const socket = own.get(address);
    if (socket) answer(await open(bound, broadcast, scope), socket, onDatagram);
  }
  return bound;
}

function answer(heardBy: Socket, repliesFrom: Socket, onDatagram: OnDatagram): void {
  heardBy.on('message', (datagram, from) => {
    const send = (reply: Uint8Array) =>
      repliesFrom.send(reply, from.port, from.address, ignoreFailure);
    onDatagram(datagram, from, send);
  });
}

/** The client is gone, or the network away: it will search again. */
function ignoreFailure(): void {}

async function open(port: number, address: string, scope: Scope): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true, recvBufferSize: RECEIVE_BUFFER });
  scope.defer(() => new Promise((resolve) => socket.close(() => resolve())));
  try {
    await bind(socket, port, address);
  } catch (cause) {
    const text = `Listen for CA searches on ${address}:${port} failed: ${messageOf(cause)}`;
    throw new IocError('ca/listen', `${text}; check EPICS_CAS_INTF_ADDR_LIST`, { cause });
  }
  // An ICMP answer to an earlier reply, say; the server lives on.
  socket.on('error', ignoreFailure);
  return socket;
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
