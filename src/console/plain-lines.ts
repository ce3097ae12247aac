import { aborted } from '../kernel/index.ts';
import { Complaint } from './complaint.ts';
import type { LineSource } from './line-source.ts';
import type { Output } from './output.ts';

/** Longest line, in bytes: whoever sends more without an end means no command. */
export const LONGEST_LINE = 65_536;

/**
 * Lines from a pipe, a file or a socket, read no faster than they are run. `echo` prints each line
 * behind its prompt, so that a log of the output tells what was asked.
 */
export class PlainLines implements LineSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #output: Output;
  readonly #echo: boolean;
  readonly #stopped: Promise<IteratorResult<Uint8Array, undefined>>;
  #rest: Buffer = Buffer.alloc(0);
  #hasEnded = false;

  constructor(
    input: AsyncIterable<Uint8Array>,
    output: Output,
    echo: boolean,
    signal: AbortSignal,
  ) {
    this.#stopped = aborted(signal).then(() => ({ done: true, value: undefined }));
    this.#chunks = input[Symbol.asyncIterator]();
    this.#output = output;
    this.#echo = echo;
  }

  async next(prompt: string): Promise<string | undefined> {
    await this.#output.write(prompt);
    const line = await this.#line();
    if (this.#echo) await this.#output.write(`${line ?? ''}\n`);
    return line;
  }

  [Symbol.dispose](): void {
    this.#hasEnded = true;
  }

  async #line(): Promise<string | undefined> {
    let from = 0;
    for (;;) {
      const end = this.#rest.indexOf(0x0a, from);
      if (end >= 0) return this.#take(end, end + 1);
      if (this.#rest.length > LONGEST_LINE) {
        throw new Complaint(`a line of more than ${LONGEST_LINE} bytes`);
      }
      if (this.#hasEnded) return this.#rest.length > 0 ? this.#take() : undefined;
      from = this.#rest.length;
      const { value, done } = await Promise.race([this.#chunks.next(), this.#stopped]);
      if (done) this.#hasEnded = true;
      else this.#rest = Buffer.concat([this.#rest, value]);
    }
  }

  #take(end = this.#rest.length, next = end): string {
    const line = this.#rest.toString('utf8', 0, end);
    this.#rest = this.#rest.subarray(next);
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}
