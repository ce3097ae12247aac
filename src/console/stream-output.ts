import type { Writable } from 'node:stream';
import { IocError, systemClock } from '../kernel/index.ts';
import type { Output } from './output.ts';

/** What a stream is like. */
export interface StreamRules {
  /** One that takes nothing for so long, in milliseconds, counts as gone. */
  readonly patienceMs?: number | undefined;
  /** A terminal without anybody who makes line ends of it. */
  readonly isRaw?: boolean | undefined;
}

/** Text into a stream, no faster than it is taken. */
export class StreamOutput implements Output {
  readonly #stream: Writable;
  readonly #signal: AbortSignal;
  readonly #patienceMs: number | undefined;
  readonly #isRaw: boolean;

  constructor(
    stream: Writable,
    signal: AbortSignal,
    { patienceMs, isRaw = false }: StreamRules = {},
  ) {
    this.#stream = stream;
    this.#signal = signal;
    this.#patienceMs = patienceMs;
    this.#isRaw = isRaw;
  }

  async write(text: string): Promise<void> {
    this.#signal.throwIfAborted();
    if (!this.#stream.writable) throw gone('is gone');
    const sent = this.#isRaw ? text.replaceAll('\n', '\r\n') : text;
    if (!this.#stream.write(sent)) await this.#drained();
  }

  #drained(): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = (error?: Error) => {
        this.#stream.off('drain', over).off('close', closed);
        this.#signal.removeEventListener('abort', aborted);
        timer?.[Symbol.dispose]();
        if (error) reject(error);
        else resolve();
      };
      const closed = () => over(gone('is gone'));
      const aborted = () => over(gone('was told to stop'));
      const late = () => over(gone(`took nothing for ${this.#patienceMs} ms`));
      const timer =
        this.#patienceMs === undefined ? undefined : systemClock.after(this.#patienceMs, late);
      this.#stream.once('drain', over).once('close', closed);
      this.#signal.addEventListener('abort', aborted, { once: true });
    });
  }
}

function gone(why: string): IocError {
  return new IocError('console/gone', `Print to a console: whoever read it ${why}`);
}
