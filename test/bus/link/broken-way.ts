import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Scope } from '../../../src/kernel/index.ts';

/** A way to a broker that can be cut, and holds back what the broker says. */
export interface BrokenWay {
  readonly url: string;
  /** First bytes of the PUBLISH packets that went to the broker by themselves. */
  readonly published: readonly (number | undefined)[];
  hold(): void;
  pass(): void;
  /** Ends all connections; the next may pass. */
  cut(): void;
}

export async function brokenWay(scope: Scope, port: number): Promise<BrokenWay> {
  const sockets = new Set<Socket>();
  const published: (number | undefined)[] = [];
  let isHeld = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    near.on('data', (chunk) => {
      if (((chunk[0] ?? 0) & 0xf0) === 0x30) published.push(chunk[0]);
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (!isHeld) near.write(chunk);
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  const cut = () => {
    isHeld = false;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.defer(() => {
    cut();
    server.close();
  });
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    published,
    cut,
    hold: () => {
      isHeld = true;
    },
    pass: () => {
      isHeld = false;
    },
  };
}
