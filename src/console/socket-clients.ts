import type { Socket } from 'node:net';
import { type Log, messageOf, sleep } from '../kernel/index.ts';
import type { Console } from './console.ts';

/** Clients at a time; each has a shell. */
const MOST_CLIENTS = 8;
/** Longest line that is typed key by key, in bytes; it is kept in the history. */
const LONGEST_TYPED = 16_384;
/** Echo that a client may leave unread. */
const MOST_UNREAD = 1_048_576;
/** How long a client may take nothing of what a command prints. */
const PATIENCE_MS = 60_000;

/** The clients of a console socket: bounded, and none of them in the way of another. */
export class SocketClients implements AsyncDisposable {
  readonly #console: Console;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  readonly #sessions = new Map<Socket, Promise<void>>();

  constructor(console: Console, log: Log, signal: AbortSignal) {
    this.#console = console;
    this.#log = log;
    this.#signal = signal;
  }

  get count(): number {
    return this.#sessions.size;
  }

  add(socket: Socket): void {
    // What becomes of a session says its promise; without a listener the error would be everyone's.
    socket.on('error', () => {});
    if (this.#sessions.size >= MOST_CLIENTS) {
      socket.end(`This console has ${MOST_CLIENTS} clients already.\n`, () => socket.destroy());
      return;
    }
    const session = this.#serve(socket).finally(() => this.#sessions.delete(socket));
    this.#sessions.set(socket, session);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sessions.keys()) socket.destroy();
    await Promise.all(this.#sessions.values());
  }

  /** Never rejects: what goes wrong with a client ends that client. */
  async #serve(socket: Socket): Promise<void> {
    const closed = new AbortController();
    socket.once('close', () => closed.abort());
    try {
      await this.#session(socket, AbortSignal.any([this.#signal, closed.signal]));
      socket.end(() => socket.destroy());
      // It has so long to read the rest; its closing ends the wait.
      await sleep(PATIENCE_MS, closed.signal);
    } catch (error) {
      if (!socket.destroyed) this.#log.info(`console client dropped: ${messageOf(error)}`);
    }
    socket.destroy();
  }

  async #session(socket: Socket, signal: AbortSignal): Promise<void> {
    socket.write(this.#console.prompt);
    const isTerminal = await sendsKeys(socket, signal);
    if (isTerminal) guard(socket);
    const onInterrupt = () => socket.destroy();
    const terminal = { input: socket, output: socket, isTerminal, isRaw: isTerminal };
    const rules = { isPrompted: true, onInterrupt, patienceMs: PATIENCE_MS };
    await this.#console.session({ ...terminal, ...rules }, signal);
  }
}

/**
 * Whether a client sends each key as it is pressed (`socat -,raw,echo=0`), and so wants to see it:
 * what it sends first has no end of line. Others (`nc -U`) send whole lines.
 */
function sendsKeys(socket: Socket, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const over = () => {
      socket.off('readable', came).off('end', came);
      signal.removeEventListener('abort', stop);
    };
    const came = () => {
      const first = socket.read() as Buffer | null;
      if (first === null && !socket.readableEnded) return;
      over();
      if (first) socket.unshift(first);
      resolve(first !== null && !first.includes(0x0a));
    };
    const stop = () => {
      over();
      reject(signal.reason);
    };
    socket.on('readable', came).once('end', came);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

/** Ends a client that sends keys without end, or reads nothing of their echo. */
function guard(socket: Socket): void {
  let length = 0;
  socket.on('data', (keys: Buffer) => {
    const end = Math.max(keys.lastIndexOf(0x0d), keys.lastIndexOf(0x0a));
    length = end < 0 ? length + keys.length : keys.length - end;
    if (length <= LONGEST_TYPED && socket.writableLength <= MOST_UNREAD) return;
    socket.destroy();
  });
}
