import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Scope } from '../../../src/kernel/index.ts';

/** A client that sends bytes, whatever they are, and keeps what comes. */
export interface RawHttp {
  readonly socket: Socket;
  /** All that came so far. */
  readonly text: () => string;
  /** Resolves with all that came once the server has closed. */
  readonly closed: Promise<string>;
}

export async function rawHttp(scope: Scope, port: number): Promise<RawHttp> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.setNoDelay(true);
  scope.defer(() => {
    socket.destroy();
  });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  await once(socket, 'connect');
  return { socket, text: () => text, closed };
}

/** What the server says to some bytes, up to where it closes. */
export async function answerTo(scope: Scope, port: number, bytes: string): Promise<string> {
  const raw = await rawHttp(scope, port);
  raw.socket.write(bytes, 'latin1');
  return raw.closed;
}
