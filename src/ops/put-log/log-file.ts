import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Log, messageOf } from '../../kernel/index.ts';
import type { PutLogCounters, PutLogSink } from './sink.ts';

/** Lines that wait for a disk that is slow. */
const MOST_LINES = 10_000;

export interface LogFileOptions {
  readonly path: string;
  /** A line that would make the file larger begins a new one, bytes. */
  readonly maxBytes: number;
  /** Older files that are kept, as `path.1` (the newest) and so on. */
  readonly keep: number;
  readonly counters: PutLogCounters;
  readonly log: Log;
}

/** A file that grows by lines and is replaced when it is full. */
export class LogFile implements PutLogSink, AsyncDisposable {
  readonly #options: LogFileOptions;
  #lines: string[] = [];
  #writing: Promise<void> | undefined;
  /** Of the file; undefined until it was looked at. */
  #size: number | undefined;
  #failed = false;

  constructor(options: LogFileOptions) {
    this.#options = options;
  }

  write(line: string): void {
    if (this.#lines.length >= MOST_LINES) this.#options.counters.dropped++;
    else this.#lines.push(line);
    this.#writing ??= this.#writeAll();
  }

  /** Waits until everything is in the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#lines.length > 0) {
      const lines = this.#lines;
      this.#lines = [];
      try {
        for (const text of chunks(lines, this.#options.maxBytes)) await this.#append(text);
        this.#failed = false;
      } catch (cause) {
        this.#complain(cause, lines.length);
      }
    }
    this.#writing = undefined;
  }

  async #append(text: string): Promise<void> {
    const { path, maxBytes } = this.#options;
    const bytes = Buffer.byteLength(text);
    this.#size ??= await sizeOf(path);
    if (this.#size > 0 && this.#size + bytes > maxBytes) await this.#rotate();
    await appendFile(path, text);
    this.#size += bytes;
  }

  async #rotate(): Promise<void> {
    const { path, keep } = this.#options;
    const older = (age: number) => (age === 0 ? path : `${path}.${age}`);
    await rm(older(keep), { force: true });
    for (let age = keep - 1; age >= 0; age--) await renameIfThere(older(age), older(age + 1));
    this.#size = 0;
  }

  /** Once per failure; what is not written is not kept, so that memory stays bounded. */
  #complain(cause: unknown, lines: number): void {
    const { counters, log, path } = this.#options;
    counters.dropped += lines;
    this.#size = undefined;
    if (!this.#failed) {
      log.error(`Append to put log ${path} failed: ${messageOf(cause)}; its lines are dropped`);
    }
    this.#failed = true;
  }
}

/** Lines in pieces that fit a file; a single longer one is a piece of its own. */
function* chunks(lines: readonly string[], maxBytes: number): Iterable<string> {
  let text = '';
  for (const line of lines) {
    if (text !== '' && Buffer.byteLength(text) + Buffer.byteLength(line) + 1 > maxBytes) {
      yield text;
      text = '';
    }
    text += `${line}\n`;
  }
  if (text !== '') yield text;
}

async function sizeOf(path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if (isMissing(cause)) return 0;
    throw cause;
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
