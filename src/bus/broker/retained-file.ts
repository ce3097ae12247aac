import { readFile, rename } from 'node:fs/promises';
import { type Clock, IocError, type Log, messageOf } from '../../kernel/index.ts';
import { replaceFile } from '../replaced-file.ts';
import { isTopic } from '../topic-filter.ts';
import type { BrokerCounters } from './options.ts';
import type { RetainedMessage, RetainedMessages } from './retained-messages.ts';

/** The first line of the file. */
const HEADING = 'twincat-ioc retained messages 1';

/** What a file of retained messages is kept with. */
export interface RetainedFileMeans {
  readonly messages: RetainedMessages;
  readonly counters: BrokerCounters;
  readonly log: Log;
  readonly clock: Clock;
}

/** Retained messages in a file: read at the start, written when they changed, and at the end. */
export class RetainedFile implements AsyncDisposable {
  readonly #path: string;
  readonly #means: RetainedFileMeans;
  readonly #turns: Disposable;
  #written = 0;
  #isFailing = false;
  #writing: Promise<void> = Promise.resolve();

  /** Reads the file, if there is one. What cannot be read is put aside and said. */
  static async open(
    path: string,
    periodSeconds: number,
    means: RetainedFileMeans,
  ): Promise<RetainedFile> {
    const { messages, log } = means;
    try {
      for (const message of parseRetained(await readFile(path, 'utf8'))) messages.keep(message);
    } catch (cause) {
      if (!isMissing(cause)) await putAside(path, cause, log);
    }
    return new RetainedFile(path, periodSeconds, means);
  }

  private constructor(path: string, periodSeconds: number, means: RetainedFileMeans) {
    this.#path = path;
    this.#means = means;
    this.#written = means.messages.changes;
    this.#turns = means.clock.every(periodSeconds * 1000, () => this.#write());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#turns[Symbol.dispose]();
    this.#write();
    await this.#writing;
  }

  /** One after the other; a turn that finds the one before at work does nothing more. */
  #write(): void {
    this.#writing = this.#writing.then(() => this.#writeChanges());
  }

  async #writeChanges(): Promise<void> {
    const { messages, counters, log } = this.#means;
    const { changes } = messages;
    if (changes === this.#written) return;
    try {
      await replaceFile(this.#path, formatRetained(messages.all()));
      this.#written = changes;
      this.#isFailing = false;
    } catch (error) {
      counters.failedWrites++;
      if (!this.#isFailing) {
        log.error(`retained messages are not written to ${this.#path}: ${messageOf(error)}`);
      }
      this.#isFailing = true;
    }
  }
}

/** One line of JSON for each message: topic, QoS, payload in Base64. */
export function formatRetained(messages: Iterable<RetainedMessage>): string {
  const lines = [HEADING];
  for (const { topic, qos, payload } of messages) {
    lines.push(JSON.stringify([topic, qos, payload.toString('base64')]));
  }
  return `${lines.join('\n')}\n`;
}

/** Throws `bus/retained-file` with the line that is none. */
export function parseRetained(text: string): RetainedMessage[] {
  const [heading, ...lines] = text.split('\n');
  if (heading !== HEADING) throw noLine(1, 'the heading');
  if (lines.pop() !== '') throw noLine(lines.length + 2, 'its end');
  return lines.map((line, at) => messageOfLine(line) ?? fail(at + 2));
}

function messageOfLine(line: string): RetainedMessage | undefined {
  const [topic, qos, payload, ...rest] = listOf(line);
  if (typeof topic !== 'string' || !isTopic(topic) || rest.length > 0) return undefined;
  if (qos !== 0 && qos !== 1 && qos !== 2) return undefined;
  if (typeof payload !== 'string' || payload === '') return undefined;
  return { topic, qos, payload: Buffer.from(payload, 'base64') };
}

function listOf(line: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(line);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

function fail(line: number): never {
  throw noLine(line, 'a message');
}

function noLine(line: number, what: string): IocError {
  return new IocError('bus/retained-file', `line ${line} is not ${what}`);
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

async function putAside(path: string, cause: unknown, log: Log): Promise<void> {
  const aside = `${path}.unread`;
  log.error(`${path} cannot be read (${messageOf(cause)}); it is kept as ${aside}`);
  await rename(path, aside).catch((error: unknown) => log.error(messageOf(error)));
}
