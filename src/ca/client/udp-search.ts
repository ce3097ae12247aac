import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Clock, Log } from '../../kernel/index.ts';
import { messageOf } from '../../kernel/index.ts';
import { CommandId, NONE, type Request } from '../header.ts';
import { Input } from '../input.ts';
import { broadcastsOf } from '../interfaces.ts';
import { Output } from '../output.ts';
import { Beacons } from './beacons.ts';
import { addressOf, type Endpoint, endpointOf } from './endpoint.ts';
import type { CompleteClientOptions } from './options.ts';
import { searchFrames } from './search-frames.ts';
import type { Search } from './searches.ts';

/** How often registering for beacons is tried, until the repeater confirms. */
const REGISTER_MS = 10_000;
/** Names of destinations are resolved again, and broadcast addresses looked up, this often. */
const REFRESH_MS = 60_000;
/** Room for bursts of answers, bytes. */
const RECEIVE_BUFFER = 1024 * 1024;

/** Who hears of what the network says. */
export interface SearchListener {
  found(cid: number, server: Endpoint): void;
  /** A server came, or came back. */
  networkChanged(): void;
}

/** Searches over UDP, and the beacons that the CA repeater of this host passes on, if there is one. */
export class UdpSearch implements AsyncDisposable {
  readonly #options: CompleteClientOptions;
  readonly #listener: SearchListener;
  readonly #socket: Socket;
  readonly #beacons: Beacons;
  readonly #timers: Disposable[] = [];
  #destinations: readonly Endpoint[] = [];
  #sequence = 0;
  #registered = false;

  private constructor(options: CompleteClientOptions, listener: SearchListener, socket: Socket) {
    this.#options = options;
    this.#listener = listener;
    this.#socket = socket;
    this.#beacons = new Beacons(options.clock);
    socket.on('message', (datagram, from) => this.#receive(datagram, from));
    // An ICMP answer to an earlier search, say.
    socket.on('error', () => {});
  }

  static async open(options: CompleteClientOptions, listener: SearchListener): Promise<UdpSearch> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER });
    const search = new UdpSearch(options, listener, socket);
    await new Promise<void>((resolve) => socket.bind(0, () => resolve()));
    socket.setBroadcast(true);
    await search.#resolve(options.log);
    search.#begin(options.clock);
    return search;
  }

  /** Sends searches to every destination. */
  send(searches: readonly Search[], frames: number): { sent: number; frames: number } {
    this.#sequence = (this.#sequence + 1) >>> 0;
    const { datagrams, sent } = searchFrames(searches, frames, this.#sequence);
    for (const { address, port } of this.#destinations) {
      // The network is away: the next search tries again.
      for (const datagram of datagrams) this.#socket.send(datagram, port, address, () => {});
    }
    return { sent, frames: datagrams.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #begin(clock: Clock): void {
    this.#timers.push(clock.every(REFRESH_MS, () => void this.#resolve(undefined)));
    if (this.#options.repeaterPort === 0) return;
    this.#register();
    this.#timers.push(clock.every(REGISTER_MS, () => this.#register()));
  }

  /** `log`: who hears of names that nobody knows. */
  async #resolve(log: Log | undefined): Promise<void> {
    const { addresses, auto, serverPort } = this.#options;
    const named = await Promise.all(
      addresses.map(async (text) => {
        try {
          return [await endpointOf(text, serverPort)];
        } catch (cause) {
          log?.warn(`CA searches cannot be sent to ${text}: ${messageOf(cause)}`);
          return [];
        }
      }),
    );
    const found = auto ? broadcastsOf([]) : [];
    // A host without a network still has its own servers.
    const local = auto && found.length === 0 ? ['127.0.0.1'] : found;
    this.#destinations = [
      ...named.flat(),
      ...local.map((address) => ({ address, port: serverPort })),
    ];
  }

  /** A zero datagram would do; the message also tells our address. */
  #register(): void {
    if (this.#registered) return;
    const out = new Output();
    out.message(CommandId.repeaterRegister, 0, 0, 0, 0, 0x7f00_0001);
    const { repeaterPort } = this.#options;
    this.#socket.send(out.pending(), repeaterPort, '127.0.0.1', () => {});
  }

  #receive(datagram: Uint8Array, from: RemoteInfo): void {
    const input = new Input(datagram.length);
    input.push(datagram);
    for (; input.next(0) === 'message'; input.take()) this.#take(input.request, from);
  }

  #take({ command, type, count, p1, p2 }: Request, from: RemoteInfo): void {
    switch (command) {
      case CommandId.search: {
        const address = p1 === NONE ? from.address : addressOf(p1);
        this.#listener.found(p2, { address, port: type });
        return;
      }
      case CommandId.rsrvIsUp: {
        const address = p2 === 0 ? from.address : addressOf(p2);
        if (this.#beacons.take({ address, port: count }, p1)) this.#listener.networkChanged();
        return;
      }
      case CommandId.repeaterConfirm:
        this.#registered = true;
    }
  }
}
