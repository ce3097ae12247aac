import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { IocError, type Log, messageOf } from '../kernel/index.ts';
import { broadcastInterfaces, isMulticast, ownAddresses } from './interfaces.ts';
import { ReplyBatch } from './reply-batch.ts';

/** Room for bursts of searches when many clients start at once, bytes. */
const RECEIVE_BUFFER = 1024 * 1024;

const socketOptions = { type: 'udp4', reuseAddr: true, recvBufferSize: RECEIVE_BUFFER } as const;

type Answering = { readonly socket: Socket; readonly replies: ReplyBatch };

/** What to do with a datagram; `send` answers its sender. */
export type OnDatagram = (
  datagram: Uint8Array,
  from: RemoteInfo,
  send: (reply: Uint8Array) => void,
) => void;

/**
 * Hears searches on a port that it shares with other servers of this host. An interface's own socket
 * hears no broadcasts, so each gets a second one on its broadcast address; multicast groups are
 * joined (facts/ca.md section 9). What is not there yet is tried again at each `refresh`.
 */
export class SearchSockets implements AsyncDisposable {
  readonly #wanted: readonly string[];
  readonly #onDatagram: OnDatagram;
  readonly #log: Log;
  /** By address, own, broadcast and group alike. */
  readonly #sockets = new Map<string, Answering>();
  #port: number;
  #isClosed = false;

  private constructor(
    port: number,
    interfaces: readonly string[],
    onDatagram: OnDatagram,
    log: Log,
  ) {
    this.#port = port;
    this.#wanted = interfaces;
    this.#onDatagram = onDatagram;
    this.#log = log;
  }

  /** Throws `ca/listen` when not one of the interfaces can be had. */
  static async open(
    port: number,
    interfaces: readonly string[],
    onDatagram: OnDatagram,
    log: Log,
  ): Promise<SearchSockets> {
    const sockets = new SearchSockets(port, interfaces, onDatagram, log);
    const failures = await sockets.refresh();
    if (sockets.#sockets.size > 0) return sockets;
    const text = `Listen for CA searches on port ${port} failed: ${failures.join('; ')}`;
    throw new IocError('ca/listen', `${text}; check EPICS_CAS_INTF_ADDR_LIST`);
  }

  /** The port, which differs from a wish of 0. */
  get port(): number {
    return this.#port;
  }

  /** Opens what is missing, after the interfaces changed; returns what still is, and why. */
  async refresh(): Promise<string[]> {
    const failures: string[] = [];
    const unicast = this.#wanted.filter((address) => !isMulticast(address));
    for (const address of unicast.length > 0 ? unicast : ['0.0.0.0']) {
      await this.#listen(address, address, failures);
    }
    for (const { address, broadcast } of broadcastInterfaces()) {
      if (unicast.includes(address)) await this.#listen(broadcast, address, failures);
    }
    // Nothing can be sent from a group: the first interface's own socket answers.
    for (const group of this.#wanted.filter(isMulticast)) {
      await this.#listen(group, unicast[0] ?? '0.0.0.0', failures);
      for (const address of unicast.length > 0 ? unicast : ownAddresses()) {
        this.#join(group, address);
      }
    }
    return failures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const closing = [...this.#sockets.values()].map(({ socket }) => closed(socket));
    this.#sockets.clear();
    await Promise.all(closing);
  }

  /** Listens at an address, unless it does already, and answers from another. */
  async #listen(address: string, from: string, failures: string[]): Promise<void> {
    if (this.#sockets.has(address)) return;
    const socket = createSocket({ ...socketOptions, lookup: asWritten });
    try {
      await bind(socket, this.#port, address);
      // The server may have stopped meanwhile.
      if (this.#isClosed) throw new Error('the server has stopped');
    } catch (cause) {
      failures.push(`${address}: ${messageOf(cause)}`);
      await closed(socket);
      return;
    }
    this.#port = socket.address().port;
    this.#sockets.set(address, { socket, replies: new ReplyBatch(socket) });
    // An ICMP answer to an earlier reply, say; the server lives on.
    socket.on('error', ignoreFailure);
    socket.on('message', (datagram, sender) => {
      const answering = this.#sockets.get(from) ?? this.#sockets.get(address);
      this.#onDatagram(datagram, sender, (reply) => answering?.replies.add(reply, sender));
    });
  }

  /**
   * Joins a group on an interface, once more after the interfaces changed: a membership goes with
   * its interface.
   */
  #join(group: string, address: string): void {
    try {
      this.#sockets.get(group)?.socket.addMembership(group, address);
    } catch (cause) {
      const where = `${group} on ${address}`;
      if (!isMember(cause)) this.#log.warn(`CA searches to ${where}: ${messageOf(cause)}`);
    }
  }
}

/** Addresses here are numbers already; nobody needs to be asked, now or in the next tick. */
function asWritten(
  host: string,
  _options: unknown,
  found: (failure: null, address: string, family: number) => void,
): void {
  found(null, host, 4);
}

/** The client is gone, or the network away: it will search again. */
function ignoreFailure(): void {}

function isMember(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
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

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(() => resolve());
    } catch {
      // It was never opened.
      resolve();
    }
  });
}
