import type { ListenOptions, Server } from 'node:net';

/**
 * Resolves when a server listens and rejects with the system's error when it cannot. What fails
 * later is accept(), for want of descriptors say: that client is refused, and the server listens
 * on. Without a listener such an error would end the process.
 */
export function listening(server: Server, place: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(place, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
}
