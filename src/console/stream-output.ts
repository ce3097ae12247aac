import type { Writable } from 'node:stream';
import { IocError, systemClock } from '../kernel/index.ts';
import type { Output } from './output.ts';

/** Text into a stream, no faster than it is taken. */
export class StreamOutput implements Output {
  readonly #stream: Writable;
  readonly #signal: AbortSignal;
  readonly #patienceMs: number | undefined;

  /** With patience, a stream that takes nothing for so long counts as gone. */
  constructor(stream: Writable, signal: AbortSignal, patienceMs?: number) {
    this.#stream = stream;
    this.#signal = signal;
    this.#patienceMs = patienceMs;
  }

  async write(text: string): Promise<void> {
    this.#signal.throwIfAborted();
    if (!this.#stream.writable) throw gone('is gone');
    if (!this.#stream.write(text)) await this.#drained();
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
