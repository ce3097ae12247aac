import { connect, type Socket } from 'node:net';
import {
  type Clock,
  Framer,
  IocError,
  type Log,
  messageOf,
  systemClock,
  Writer,
} from '../../kernel/index.ts';
import { AMS_TCP_HEADER, amsTcpRule } from '../packet.ts';
import type { PacketSink, Transport, TransportEnd } from './transport.ts';

export type TcpOptions = {
  readonly host: string;
  /** 48898 unless told. */
  readonly port?: number | undefined;
  /** 5000 ms unless told. */
  readonly connectTimeoutMs?: number | undefined;
  readonly log: Log;
  readonly clock?: Clock | undefined;
};

export const AMS_TCP_PORT = 48898;

/** One read of the socket; large, so that floods of notifications cost few system calls. */
const READ_BYTES = 256 * 1024;
const KEEPALIVE_MS = 3000;
/** Longest work on packets in one turn of the event loop: a flood must leave time for others. */
const TURN_MS = 10;
/** How long a closing socket may take to send what it holds. */
const CLOSE_MS = 1000;

/**
 * Connects to an AMS router. Rejects with `ads/connect` when that fails or takes too long, or with
 * the signal's reason; the signal has no say after that.
 */
export async function openTcp(
  options: TcpOptions,
  onPacket: PacketSink,
  signal?: AbortSignal,
): Promise<Transport> {
  signal?.throwIfAborted();
  const transport = new TcpTransport(options, onPacket);
  await transport.connected(options.connectTimeoutMs ?? 5000, signal);
  return transport;
}

class TcpTransport implements Transport {
  readonly peer: string;
  readonly ended: Promise<TransportEnd>;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #framer = new Framer(amsTcpRule);
  readonly #out = new Writer('le', 64 * 1024);
  #closing = false;
  #failure: unknown;
  /** Monotonic milliseconds at which this turn of the event loop began to take packets. */
  #turnBegan: number | undefined;

  constructor(options: TcpOptions, onPacket: PacketSink) {
    const { host, port = AMS_TCP_PORT } = options;
    this.peer = `tcp://${host}:${port}`;
    this.#clock = options.clock ?? systemClock;
    const buffer = new Uint8Array(READ_BYTES);
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEPALIVE_MS,
      onread: { buffer, callback: (count) => this.#take(buffer.subarray(0, count), onPacket) },
    });
    this.ended = new Promise((resolve) => {
      this.#socket.on('close', () => {
        options.log.debug({ peer: this.peer, cause: this.#failure }, 'AMS/TCP connection closed');
        resolve(this.#endOf());
      });
    });
    this.#socket.on('error', (error) => {
      this.#failure ??= error;
    });
    // Without a consumer the end of the stream would never be seen.
    this.#socket.resume();
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress;
  }

  connected(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        timer[Symbol.dispose]();
        signal?.removeEventListener('abort', onAbort);
        this.#socket.removeListener('connect', onConnect);
        this.#socket.removeListener('close', onClose);
      };
      const onConnect = () => {
        stop();
        resolve();
      };
      const giveUp = (error: unknown) => {
        stop();
        this.#socket.destroy();
        reject(error);
      };
      const onClose = () => giveUp(connectError(this.peer, this.#failure));
      const onAbort = () => giveUp(signal?.reason);
      const timer = this.#clock.after(timeoutMs, () => giveUp(tooSlow(this.peer, timeoutMs)));
      this.#socket.on('connect', onConnect);
      this.#socket.on('close', onClose);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  send(packet: Uint8Array): void {
    const out = this.#out;
    // After the requests of this tick and of the promises that it settled.
    if (out.length === 0) process.nextTick(() => this.#flush());
    out.u16(0);
    out.u32(packet.length);
    out.bytes(packet);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    this.#flush();
    this.#socket.destroySoon();
    const timer = this.#clock.after(CLOSE_MS, () => this.#socket.destroy());
    await this.ended;
    timer[Symbol.dispose]();
  }

  #flush(): void {
    if (this.#out.length > 0 && this.#socket.writable) this.#socket.write(this.#out.take());
    this.#out.reset();
  }

  /**
   * Tells whether to read on in this turn of the event loop; else the next turn does. A stream that
   * cannot be cut any longer ends the connection.
   */
  #take(chunk: Uint8Array, onPacket: PacketSink): boolean {
    const began = this.#turnBegan ?? this.#beginTurn();
    try {
      this.#framer.push(chunk, (frame) => {
        // A reserved word other than 0 marks what local routers tell each other, not AMS packets.
        if (frame[0] === 0 && frame[1] === 0) onPacket(frame.subarray(AMS_TCP_HEADER));
      });
    } catch (error) {
      this.#failure ??= error;
      this.#socket.destroy();
    }
    return this.#clock.monotonic() - began < TURN_MS;
  }

  #beginTurn(): number {
    const began = this.#clock.monotonic();
    this.#turnBegan = began;
    setImmediate(() => {
      this.#turnBegan = undefined;
      // Reads on where a callback that returned false has stopped it; without effect elsewhere.
      if (!this.#socket.destroyed) this.#socket.resume();
    });
    return began;
  }

  #endOf(): TransportEnd {
    if (this.#closing) return { kind: 'closed' };
    if (this.#failure === undefined) return { kind: 'lost', reason: 'closed by the peer' };
    return { kind: 'lost', reason: messageOf(this.#failure), cause: this.#failure };
  }
}

function tooSlow(peer: string, timeoutMs: number): IocError {
  const text = `Connect to ${peer}: no answer within ${timeoutMs} ms: is the host on and reachable?`;
  return new IocError('ads/connect', text);
}

function connectError(peer: string, cause: unknown): IocError {
  const advice: Record<string, string> = {
    ECONNREFUSED: 'refused: is TwinCAT (or the simulator) running there?',
    ENOTFOUND: 'unknown host name',
    EHOSTUNREACH: 'host unreachable',
    ENETUNREACH: 'network unreachable',
    ETIMEDOUT: 'no answer: is the host on and reachable?',
  };
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const text = `Connect to ${peer}: ${advice[code] ?? messageOf(cause ?? 'closed by the peer')}`;
  return new IocError('ads/connect', text, { cause });
}
