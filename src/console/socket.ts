import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { IocError, type Log, listening, messageOf } from '../kernel/index.ts';
import type { Console } from './console.ts';
import { SocketClients } from './socket-clients.ts';

/** Bytes of `sun_path` in unix(7), without the NUL. */
const LONGEST_PATH = 107;

/** A console on a Unix socket, for as long as it is not disposed of. */
export interface ConsoleSocket extends AsyncDisposable {
  readonly path: string;
  /** Clients now. */
  readonly clients: number;
}

/**
 * Serves the console on a Unix socket that only the IOC's own user may open (mode 0600). A socket
 * file that a crash left is replaced; one that another IOC serves, or another kind of file, is
 * refused with `console/socket`. The file is removed at the end.
 */
export async function serveConsole(
  console: Console,
  given: string,
  log: Log,
  signal: AbortSignal,
): Promise<ConsoleSocket> {
  // A command may change the working directory before the file is removed.
  const path = resolve(given);
  await makeRoom(path);
  const clients = new SocketClients(console, log, signal);
  const server = createServer({ allowHalfOpen: true });
  server.on('connection', (socket) => clients.add(socket));
  await listen(server, path);
  return {
    path,
    get clients() {
      return clients.count;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      await clients[Symbol.asyncDispose]();
      await closed;
    },
  };
}

async function makeRoom(path: string): Promise<void> {
  // The system takes the beginning of a longer one without a word.
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    throw refused(path, `the path has more than ${LONGEST_PATH} bytes`);
  }
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket()) throw refused(path, 'there is a file of that name that is no socket');
  if (await isServed(path)) throw refused(path, 'another process serves it');
  unlinkSync(path);
}

/** Whether somebody answers on a socket file. */
function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket: Socket = connect(path);
    const settle = (isServed: boolean) => {
      socket.destroy();
      resolve(isServed);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code !== 'ECONNREFUSED'));
  });
}

function listen(server: Server, path: string): Promise<void> {
  // Between bind and chmod nobody else may open it.
  const mask = process.umask(0o177);
  const listens = listening(server, { path });
  process.umask(mask);
  return listens.then(
    () => chmodSync(path, 0o600),
    (cause: unknown) => {
      throw refused(path, messageOf(cause), cause);
    },
  );
}

function refused(path: string, why: string, cause?: unknown): IocError {
  const text = `Serve the console on ${path}: ${why}; give another path`;
  return new IocError('console/socket', text, { cause });
}
