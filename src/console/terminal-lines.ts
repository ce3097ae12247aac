import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { MOST_REMEMBERED } from './history.ts';
import type { LineSource } from './line-source.ts';

/** What a terminal needs beside its streams. */
export interface TerminalOptions {
  readonly complete: (line: string) => [string[], string];
  /** Lines of before, newest first; the new ones are put in it. */
  readonly history: string[];
  /** Ctrl-C, where there was nothing typed that it could drop. */
  readonly onInterrupt: () => void;
  /** Ctrl-Z suspends the process, and its history is long. */
  readonly isOwn: boolean;
}

/** Lines that wait while a command runs; whoever pastes more waits. */
const MOST_WAITING = 1000;
/** Lines of history of a client on a socket. */
const REMEMBERED_OF_CLIENTS = 100;

/** Lines that a person edits, with history and completion. */
export class TerminalLines implements LineSource {
  readonly #readline: Interface;
  readonly #waiting: string[] = [];
  #taker: ((line: string | undefined) => void) | undefined;
  #hasEnded = false;

  constructor(input: Readable, output: Writable, options: TerminalOptions) {
    const { complete, history, isOwn } = options;
    this.#readline = createInterface({
      input,
      output,
      terminal: true,
      completer: complete,
      history,
      historySize: isOwn ? MOST_REMEMBERED : REMEMBERED_OF_CLIENTS,
      removeHistoryDuplicates: true,
    });
    this.#readline.on('line', (line) => this.#came(line));
    this.#readline.on('close', () => this.#ended());
    // What input breaks with ends it, and nobody else.
    this.#readline.on('error', () => this.#ended());
    this.#readline.on('history', (lines) => history.splice(0, history.length, ...lines));
    // Without a listener node:readline stops the whole process, whoever pressed Ctrl-Z.
    if (!isOwn) this.#readline.on('SIGTSTP', () => {});
    this.#readline.on('SIGINT', () => this.#interrupted(options.onInterrupt));
  }

  next(prompt: string): Promise<string | undefined> {
    const line = this.#waiting.shift();
    if (line !== undefined || this.#hasEnded) return Promise.resolve(line);
    this.#readline.setPrompt(prompt);
    this.#readline.resume();
    this.#readline.prompt(true);
    return new Promise((taker) => {
      this.#taker = taker;
    });
  }

  [Symbol.dispose](): void {
    this.#readline.close();
  }

  #came(line: string): void {
    const taker = this.#taker;
    this.#taker = undefined;
    if (taker) taker(line);
    else if (this.#waiting.push(line) >= MOST_WAITING) this.#readline.pause();
  }

  #ended(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    // A program that forgot the end of its last line meant it all the same.
    if (this.#readline.line !== '') this.#came(this.#readline.line);
    this.#taker?.(undefined);
    this.#taker = undefined;
  }

  /** Ctrl-C drops what was typed; on an empty line it is for the IOC. */
  #interrupted(onInterrupt: () => void): void {
    if (this.#readline.line === '' || !this.#taker) onInterrupt();
    else this.#readline.write(null, { ctrl: true, name: 'u' });
  }
}
