import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Scope } from '../../src/kernel/index.ts';

/** A wire to a port of the loopback that can be cut. */
export interface Relay {
  readonly port: number;
  /** Breaks all connections; nobody gets through until `mend`. */
  cut(): void;
  mend(): void;
}

/** Carries bytes to a port and back, until the scope ends. */
export async function relay(scope: Scope, to: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      // One end that goes takes the other with it.
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  scope.defer(async () => {
    cut();
    server.close();
    await once(server, 'close');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    cut,
    mend: () => {
      isCut = false;
    },
  };
}
