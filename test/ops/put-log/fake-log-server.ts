import { createServer, type Server, type Socket } from 'node:net';
import type { Scope } from '../../../src/kernel/index.ts';

/** A log server that keeps the lines it gets, and may be closed and opened again on its port. */
export class FakeLogServer {
  readonly lines: string[] = [];
  /** Takes connections, but reads nothing from them. */
  deaf = false;
  port = 0;
  connections = 0;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  async open(scope: Scope): Promise<this> {
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address) this.port = address.port;
    scope.defer(() => this.close());
    return this;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    let rest = '';
    if (this.deaf) return;
    socket.on('data', (chunk) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      this.lines.push(...parts);
    });
  }
}
