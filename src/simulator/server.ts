import { createServer, type Server, type Socket } from 'node:net';
import { IocError } from '../kernel/index.ts';
import { Connection, type Surroundings } from './connection.ts';

/** The AMS/TCP port: accepts clients, and can leave and come back at the same port. */
export class TcpServer implements AsyncDisposable {
  readonly #host: string;
  readonly #around: Surroundings;
  readonly #connections = new Set<Connection>();
  #server: Server | undefined;
  #port: number;

  constructor(host: string, port: number, around: Surroundings) {
    this.#host = host;
    this.#port = port;
    this.#around = around;
  }

  /** Known after the first `listen` when port 0 was asked for. */
  get port(): number {
    return this.#port;
  }

  get connections(): Iterable<Connection> {
    return this.#connections;
  }

  /** Throws `simulator/listen` when the port cannot be had. */
  async listen(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => {
        const place = `${this.#host}:${this.#port}`;
        const advice = 'choose another port or stop what uses it';
        reject(new IocError('simulator/listen', `Listen on ${place}: ${advice}`, { cause }));
      });
      server.listen(this.#port, this.#host, resolve);
    });
    const address = server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
    this.#server = server;
  }

  /** Accepts no more clients; those that are connected stay. */
  stopListening(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  disconnectAll(): void {
    for (const connection of this.#connections) connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
    this.disconnectAll();
    await closed;
  }

  #accept(socket: Socket): void {
    const { counters, log } = this.#around;
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const connection = new Connection(socket, this.#around);
    this.#connections.add(connection);
    counters.connections++;
    counters.open++;
    log.debug({ peer }, 'client connected');
    socket.on('close', () => {
      this.#connections.delete(connection);
      counters.open--;
      log.debug({ peer }, 'client gone');
    });
  }
}
