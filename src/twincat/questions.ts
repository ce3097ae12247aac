import { AdsError } from '../ads/index.ts';
import { type Log, MalformedFrame, messageOf } from '../kernel/index.ts';

/** Questions to one device or slave, each of which may fail without harm to the others. */
export class Questions {
  readonly #log: Log;
  readonly #subject: string;
  readonly #failures: unknown[] = [];

  constructor(log: Log, subject: string) {
    this.#log = log;
    this.#subject = subject;
  }

  /** The answer, or `fallback` when this question alone failed. */
  async ask<T, F>(answer: Promise<T>, fallback: F): Promise<T | F> {
    try {
      return await answer;
    } catch (error) {
      if (!concernsOneRequest(error)) throw error;
      this.#failures.push(error);
      return fallback;
    }
  }

  /** One line, however many questions failed. */
  report(): void {
    const [first] = this.#failures;
    if (first === undefined) return;
    const count = this.#failures.length;
    const failures = count === 1 ? 'a question' : `${count} questions`;
    this.#log.warn(`${this.#subject} failed to answer ${failures}: ${messageOf(first)}`);
  }
}

/** Refused, not delivered, not answered or not readable: the connection itself is well. */
export function concernsOneRequest(error: unknown): boolean {
  return error instanceof AdsError || error instanceof MalformedFrame;
}
