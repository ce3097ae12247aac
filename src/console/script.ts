import { readFile } from 'node:fs/promises';
import { sleep } from '../kernel/index.ts';
import { Complaint } from './complaint.ts';
import { reasonOf } from './redirection.ts';

/** What a file does after a line that failed: `on error …`. */
export type OnError =
  | { readonly kind: 'continue' }
  | { readonly kind: 'break' }
  | { readonly kind: 'halt' }
  | { readonly kind: 'wait'; readonly seconds: number };

/** Longest file that is read; start-up files have some kilobytes. */
const LONGEST_FILE = 16 * 1024 * 1024;

/** Command lines of a file on their way through the shell. */
export class Script implements Iterable<string> {
  readonly name: string;
  onError: OnError;
  /** The line that is being run, from 1. */
  line = 0;
  readonly #lines: readonly string[];

  constructor(name: string, text: string, onError: OnError = { kind: 'continue' }) {
    this.name = name;
    this.#lines = text.split('\n');
    this.onError = onError;
  }

  /** Reads a file. Throws a Complaint that says why it cannot. */
  static async read(path: string, onError?: OnError): Promise<Script> {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new Complaint(`Can't open ${path}: ${reasonOf(cause)}`, { cause });
    });
    if (bytes.length > LONGEST_FILE) throw new Complaint(`${path}: too long for a command file`);
    return new Script(path, bytes.toString(), onError);
  }

  /** `st.cmd:12` for messages. */
  get place(): string {
    return `${this.name}:${this.line}`;
  }

  *[Symbol.iterator](): Generator<string> {
    for (const line of this.#lines) {
      this.line++;
      yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
  }

  /** Whether to go on after an error, once `wait` is over. */
  async goesOn(signal: AbortSignal): Promise<boolean> {
    switch (this.onError.kind) {
      case 'continue':
        return true;
      case 'break':
      case 'halt':
        return false;
      case 'wait':
        await sleep(this.onError.seconds * 1000, signal);
        return true;
    }
  }
}
