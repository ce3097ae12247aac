import { connect, type Socket } from 'node:net';
import { type Clock, type Log, messageOf } from '../../kernel/index.ts';
import type { PutLogCounters, PutLogSink } from './sink.ts';

const DEFAULT_PORT = 7011;
/** Lines that wait for a server that is slow or away (facts/epics-formats.md 3.3). */
const MOST_LINES = 1000;
const RETRY_MS = 5000;
const KEEPALIVE_MS = 60_000;
/** How long the last lines may take when the IOC ends. */
const GOODBYE_MS = 1000;

export interface LogServerOptions {
  readonly host: string;
  readonly port: number;
  /** Before each line: which IOC it is from. */
  readonly prefix: string;
  readonly counters: PutLogCounters;
  readonly log: Log;
  readonly clock: Clock;
}

/** The server that `host` or `host:port` names; undefined if it names none. */
export function logServerAddress(
  text: string,
): { readonly host: string; readonly port: number } | undefined {
  const [, host, digits] = /^([\w.-]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = Number(digits ?? DEFAULT_PORT);
  return host !== undefined && port > 0 && port <= 65_535 ? { host, port } : undefined;
}

/** A log server over TCP: iocLogServer, or anything that takes lines. Reconnects by itself. */
export class LogServer implements PutLogSink, AsyncDisposable {
  readonly #options: LogServerOptions;
  readonly #where: string;
  #lines: string[] = [];
  #socket: Socket | undefined;
  #retry: Disposable | undefined;
  #connected = false;
  #overflowed = false;
  #failed = false;
  #ended = false;

  constructor(options: LogServerOptions) {
    this.#options = options;
    this.#where = `put log server ${options.host}:${options.port}`;
    this.#connect();
  }

  write(line: string): void {
    const { counters, log } = this.#options;
    if (this.#lines.length >= MOST_LINES) {
      counters.dropped++;
      if (!this.#overflowed) log.warn(`${this.#where} takes no lines; those to come are dropped`);
      this.#overflowed = true;
      return;
    }
    this.#lines.push(`${this.#options.prefix}${line}\n`);
    this.#send();
  }

  /** Gives a server that is there a moment for the last lines. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#retry?.[Symbol.dispose]();
    const socket = this.#socket;
    if (socket) {
      const late = this.#options.clock.after(GOODBYE_MS, () => socket.destroy());
      await new Promise<void>((resolve) => {
        socket.once('close', () => resolve());
        if (this.#connected) socket.end();
        else if (this.#lines.length === 0) socket.destroy();
      });
      late[Symbol.dispose]();
    }
    this.#options.counters.dropped += this.#lines.length;
  }

  #connect(): void {
    const { host, port } = this.#options;
    const socket = connect({ host, port, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS });
    this.#socket = socket;
    socket.on('connect', () => this.#greeted());
    socket.on('drain', () => this.#send());
    // What a server says is of no interest, but must be read for its end to be noticed.
    socket.resume();
    socket.on('error', (cause) => this.#complain(messageOf(cause)));
    socket.on('close', () => this.#closed());
  }

  #greeted(): void {
    this.#connected = true;
    this.#failed = false;
    this.#options.log.info(`${this.#where} connected`);
    this.#send();
    if (this.#ended) this.#socket?.end();
  }

  #closed(): void {
    if (this.#connected) this.#complain('it closed the connection');
    this.#connected = false;
    this.#socket = undefined;
    if (this.#ended) return;
    this.#retry = this.#options.clock.after(RETRY_MS, () => this.#connect());
  }

  /** Once per failure: a server may be away for days. */
  #complain(text: string): void {
    if (!this.#failed && !this.#ended) {
      this.#options.log.warn(`${this.#where} is lost: ${text}; trying again every 5 s`);
    }
    this.#failed = true;
  }

  #send(): void {
    const socket = this.#socket;
    if (!socket || !this.#connected || socket.writableNeedDrain || this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    this.#overflowed = false;
    socket.write(lines.join(''));
  }
}
