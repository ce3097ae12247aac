import { Duplex } from 'node:stream';
import type { Clock } from '../../kernel/index.ts';
import type { BrokerLimits } from './options.ts';
import { PacketScanner } from './packet-scanner.ts';

/** Who stands at a gate, as far as the connection tells. */
export interface GateKeeping {
  readonly limits: Pick<BrokerLimits, 'packet' | 'rate' | 'queueBytes'>;
  readonly clock: Clock;
  /** The IOC itself. */
  readonly isOwn: boolean;
  /** Name in the certificate that the client showed. */
  readonly certified?: string | undefined;
  /** Address, for messages. */
  readonly where: string;
}

/**
 * A client's connection as the broker has it: too long a packet ends it before it is read, who sends
 * too much is read more slowly, and a bounded number of bytes waits for who reads slowly.
 */
export class Gate extends Duplex {
  readonly keeping: GateKeeping;
  readonly #socket: Duplex;
  readonly #scanner: PacketScanner;
  /** Requests that may come at once. */
  #credit: number;
  #seen: number;
  #pause: Disposable | undefined;

  constructor(socket: Duplex, keeping: GateKeeping) {
    super({ writableHighWaterMark: keeping.limits.queueBytes, allowHalfOpen: false });
    this.keeping = keeping;
    this.#socket = socket;
    this.#scanner = new PacketScanner(keeping.limits.packet);
    this.#credit = keeping.limits.rate;
    this.#seen = keeping.clock.monotonic();
    socket.on('data', (chunk: Uint8Array) => this.#take(chunk));
    socket.on('end', () => this.push(null));
    socket.on('close', () => this.destroy());
    socket.on('error', (error) => this.destroy(error));
    socket.pause();
  }

  override _read(): void {
    if (!this.#pause) this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    if (this.#socket.write(chunk)) done();
    else this.#socket.once('drain', done);
  }

  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], done: () => void): void {
    this.#socket.cork();
    let hasRoom = true;
    for (const { chunk } of chunks) hasRoom = this.#socket.write(chunk);
    this.#socket.uncork();
    if (hasRoom) done();
    else this.#socket.once('drain', done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#pause?.[Symbol.dispose]();
    this.#socket.destroy();
    done(error);
  }

  #take(chunk: Uint8Array): void {
    const requests = this.#scanner.take(chunk);
    if (requests === undefined) {
      const { packet } = this.keeping.limits;
      this.destroy(new Error(`sent a packet of more than ${packet} bytes, or no MQTT`));
      return;
    }
    if (!this.push(chunk)) this.#socket.pause();
    if (requests > 0 && !this.keeping.isOwn) this.#spend(requests);
  }

  #spend(requests: number): void {
    const { clock, limits } = this.keeping;
    const now = clock.monotonic();
    const earned = ((now - this.#seen) / 1000) * limits.rate;
    this.#seen = now;
    this.#credit = Math.min(limits.rate, this.#credit + earned) - requests;
    if (this.#credit >= 0 || this.#pause) return;
    this.#socket.pause();
    this.#pause = clock.after((-this.#credit / limits.rate) * 1000, () => {
      this.#pause = undefined;
      this.#socket.resume();
    });
  }
}
