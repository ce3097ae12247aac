import { createServer, type Server, type Socket } from 'node:net';
import { IocError, listening } from '../kernel/index.ts';
import { Connection } from './connection.ts';
import type { Surroundings } from './conversation.ts';
import type { LocalRouter } from './local-router.ts';

/** The AMS/TCP port: accepts clients, and can leave and come back at the same port. */
export class TcpServer implements AsyncDisposable {
  readonly #host: string;
  readonly #around: Surroundings;
  readonly #localRouter: LocalRouter;
  readonly #connections = new Set<Connection>();
  #server: Server | undefined;
  #port: number;

  constructor(host: string, port: number, around: Surroundings, localRouter: LocalRouter) {
    this.#host = host;
    this.#port = port;
    this.#around = around;
    this.#localRouter = localRouter;
  }

  /** Known after the first `listen` when port 0 was asked for. */
  get port(): number {
    return this.#port;
  }

  /** Those that are open now. */
  get connections(): Iterable<Connection> {
    return this.#connections;
  }

  /** Throws `simulator/listen` when the port cannot be had. */
  async listen(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((socket) => this.#accept(socket));
    await listening(server, { port: this.#port, host: this.#host }).catch((cause: unknown) => {
      const place = `${this.#host}:${this.#port}`;
      const advice = 'choose another port or stop what uses it';
      throw new IocError('simulator/listen', `Listen on ${place}: ${advice}`, { cause });
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

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
    for (const connection of this.#connections) connection.close();
    await closed;
  }

  /** The newest connection of an IP address is the only one. */
  #evict(remoteAddress: string | undefined): void {
    for (const connection of this.#connections) {
      if (connection.remoteAddress === remoteAddress) connection.close();
    }
  }

  #accept(socket: Socket): void {
    const { counters, disturbance, log } = this.#around;
    if (disturbance.onePerPeer) this.#evict(socket.remoteAddress);
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const connection = new Connection(socket, this.#around, this.#localRouter);
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
