import { mkdirSync, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, IocError, type Log, messageOf, nextTurn } from '../../kernel/index.ts';
import { replaceFile } from '../replaced-file.ts';
import { decodeRecords, encodeRecord, type JournalMessage } from './journal-record.ts';
import type { Keeper } from './outbox.ts';
import { Waiting } from './waiting.ts';

/** A file this much longer than what it keeps is written anew. */
const SLACK_BYTES = 1024 * 1024;

/** What may wait for the disk; beyond it the file is written anew when the disk is back. */
const MOST_PENDING = 4 * 1024 * 1024;

/** After a write that failed. */
const RETRY_MS = 5000;

/**
 * Messages that outlive the process: appended to a file and on the disk with the next batch, until
 * they are settled. What a crash cut off is not missed by the rest.
 */
export class Journal implements Keeper, AsyncDisposable {
  readonly #path: string;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #live = new Map<number, Uint8Array>();
  /** What the last process left, oldest first. */
  readonly left: readonly Waiting[];
  #liveBytes = 0;
  #entry = 0;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Whether something waits that must survive. */
  #isUrgent = false;
  #isStale: boolean;
  #file: FileHandle | undefined;
  #fileBytes = 0;
  #writing: Promise<void> | undefined;
  #retry: Disposable | undefined;
  #isClosed = false;
  /** Writes that failed. */
  failures = 0;

  /** Reads what is there; throws `bus/journal` when the folder or the file cannot be used. */
  constructor(path: string, clock: Clock, log: Log) {
    this.#path = path;
    this.#clock = clock;
    this.#log = log;
    const bytes = readOrMake(path);
    const { records, broken } = decodeRecords(bytes);
    if (broken > 0) log.warn(`Bus: ${broken} bytes of ${path} are no whole messages, and skipped`);
    const left = new Map<number, JournalMessage>();
    for (const record of records) {
      if (record.kind === 'message') left.set(record.entry, record);
      else left.delete(record.entry);
    }
    this.left = [...left.values()].map((message) => this.#waiting(message));
    this.#isStale = bytes.length > 0;
  }

  /** Messages that would outlive the process now. */
  get messages(): number {
    return this.#live.size;
  }

  keep(message: Waiting): void {
    message.entry = ++this.#entry;
    const record = encodeRecord(this.#recordOf(message));
    this.#live.set(message.entry, record);
    this.#liveBytes += record.length;
    this.#isUrgent = true;
    this.#append(record);
  }

  letGo(message: Waiting): void {
    const record = this.#live.get(message.entry);
    if (!record) return;
    this.#live.delete(message.entry);
    this.#liveBytes -= record.length;
    this.#append(encodeRecord({ kind: 'settled', entry: message.entry }));
  }

  /** Resolves when all of it is on the disk, or cannot be. */
  async written(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#retry?.[Symbol.dispose]();
    if (this.#isStale) this.#wake();
    await this.written();
    this.#isClosed = true;
    await this.#file?.close();
  }

  #append(record: Uint8Array): void {
    this.#pending.push(record);
    this.#pendingBytes += record.length;
    if (this.#pendingBytes > MOST_PENDING) this.#startAnew();
    this.#wake();
  }

  /** What waits is in the memory of what lives, too. */
  #startAnew(): void {
    this.#isStale = true;
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #wake(): void {
    if (this.#writing || this.#retry || this.#isClosed) return;
    this.#writing = this.#write().then(() => {
      this.#writing = undefined;
      if (this.#isStale || this.#pending.length > 0) this.#wake();
    });
  }

  async #write(): Promise<void> {
    try {
      // What one turn of the event loop brings is one batch.
      await nextTurn();
      while (this.#isStale || this.#pending.length > 0) {
        const isGrown = this.#fileBytes > SLACK_BYTES + 2 * this.#liveBytes;
        if (this.#isStale || isGrown || !this.#file) await this.#rewrite();
        else await this.#appendBatch(this.#file);
      }
    } catch (error) {
      this.failures++;
      this.#log.error(`Bus: write ${this.#path}: ${messageOf(error)}; tried again in 5 s`);
      this.#startAnew();
      this.#retry = this.#clock.after(RETRY_MS, () => {
        this.#retry = undefined;
        this.#wake();
      });
    }
  }

  async #appendBatch(file: FileHandle): Promise<void> {
    const batch = Buffer.concat(this.#pending);
    const isUrgent = this.#isUrgent;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#isUrgent = false;
    await file.appendFile(batch);
    if (isUrgent) await file.datasync();
    this.#fileBytes += batch.length;
  }

  async #rewrite(): Promise<void> {
    const contents = Buffer.concat([...this.#live.values()]);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#isUrgent = false;
    this.#isStale = false;
    await this.#file?.close();
    this.#file = undefined;
    await replaceFile(this.#path, contents);
    this.#file = await open(this.#path, 'a', 0o600);
    this.#fileBytes = contents.length;
  }

  #recordOf(message: Waiting): JournalMessage {
    const { entry, topic, payload, delivery, qos, retain, deadline, expires } = message;
    const ahead = this.#clock.now() - this.#clock.monotonic();
    return {
      ...{ kind: 'message', entry, topic, delivery, qos, retain, expires },
      payload: typeof payload === 'string' ? new TextEncoder().encode(payload) : payload,
      deadline: deadline + ahead,
    };
  }

  #waiting({ deadline, expires, ...message }: JournalMessage): Waiting {
    const ahead = this.#clock.now() - this.#clock.monotonic();
    return new Waiting({ ...message, isDurable: true }, deadline - ahead, expires);
  }
}

function readOrMake(path: string): Uint8Array {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return readFileSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return new Uint8Array();
    const text = `Keep messages in ${path}: ${messageOf(cause)}; check bus.outbox.folder`;
    throw new IocError('bus/journal', text, { cause });
  }
}
