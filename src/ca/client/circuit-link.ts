import { connect, type Socket } from 'node:net';
import { messageOf } from '../../kernel/index.ts';
import { type CircuitHost, ClientCircuit } from './client-circuit.ts';
import { type Endpoint, endpointText } from './endpoint.ts';

const KEEPALIVE_MS = 60_000;
/** How long a server may take to answer whether it lives, ms (facts/ca.md section 10). */
const ECHO_MS = 5000;

/** How long a server that does not answer may take until it is given up, ms after the question. */
const GIVE_UP_MS = 60_000;

/** Hears of a link's life. */
export interface LinkListener {
  opened?(): void;
  /** Called once, with what became of it. */
  lost(link: CircuitLink, why: string): void;
}

/** Joins a client's circuit to its TCP socket, and watches that the server answers. */
export class CircuitLink implements Disposable {
  readonly circuit: ClientCircuit;
  readonly #socket: Socket;
  readonly #host: CircuitHost;
  readonly #timeoutMs: number;
  #connected = false;
  /** When something came from the server last; monotonic ms. */
  #heardAt: number;
  #echoAt: number | undefined;
  #why: string | undefined;

  constructor(
    host: CircuitHost,
    { server, priority }: { readonly server: Endpoint; readonly priority: number },
    timeoutSeconds: number,
    listener: LinkListener,
  ) {
    this.#host = host;
    this.#timeoutMs = timeoutSeconds * 1000;
    this.#heardAt = host.clock.monotonic();
    this.circuit = new ClientCircuit(host, server, priority, () => this.#flush());
    const { address, port } = server;
    const options = { host: address, port, noDelay: true, keepAlive: true };
    this.#socket = connect({ ...options, keepAliveInitialDelay: KEEPALIVE_MS });
    this.#socket.on('connect', () => {
      this.#opened();
      listener.opened?.();
    });
    this.#socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    this.#socket.on('drain', () => this.#flush());
    this.#socket.on('error', (cause) => {
      this.#why ??= messageOf(cause);
    });
    const where = endpointText(server);
    this.#socket.on('close', () => listener.lost(this, this.#why ?? `${where} closed the circuit`));
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** To be called every second or so: asks a silent server whether it lives. */
  inspect(): void {
    const { circuit } = this;
    const now = this.#host.clock.monotonic();
    if (!this.#connected) {
      if (now - this.#heardAt > this.#timeoutMs) this.#end('it did not take the connection');
    } else if (this.#echoAt !== undefined) {
      const silence = now - this.#echoAt;
      if (silence > ECHO_MS && circuit.responsive) circuit.fallSilent();
      // Its host may be gone without a word: another one may have its PVs now.
      if (silence > GIVE_UP_MS) this.#end('it does not answer');
    } else if (now - this.#heardAt > this.#timeoutMs) {
      this.#echoAt = now;
      circuit.echo();
    }
  }

  [Symbol.dispose](): void {
    this.#end('it was closed');
  }

  #opened(): void {
    this.#connected = true;
    this.#heardAt = this.#host.clock.monotonic();
    this.#flush();
  }

  #receive(chunk: Uint8Array): void {
    this.#heardAt = this.#host.clock.monotonic();
    this.#echoAt = undefined;
    try {
      this.circuit.receive(chunk);
    } catch (cause) {
      this.#end(messageOf(cause));
    }
  }

  #flush(): void {
    const { output } = this.circuit;
    if (!this.#connected || this.#socket.writableNeedDrain || output.length === 0) return;
    this.#socket.write(output.pending());
    output.reset(this.#socket.writableLength === 0);
  }

  #end(why: string): void {
    this.#why ??= why;
    this.#socket.destroy();
  }
}
