import { type Log, messageOf } from '../../kernel/index.ts';
import type { PutOutcome, PvDirectory, PvField } from '../../pv/index.ts';
import type { PutLogCounters, PutLogSink } from './sink.ts';

/** A PV of this IOC that shows the newest line: a waveform of characters, or a long string. */
export class LogPv implements PutLogSink {
  readonly #directory: PvDirectory;
  readonly #name: string;
  readonly #counters: PutLogCounters;
  readonly #log: Log;
  #failed = false;

  constructor(directory: PvDirectory, name: string, counters: PutLogCounters, log: Log) {
    this.#directory = directory;
    this.#name = name;
    this.#counters = counters;
    this.#log = log;
  }

  /** In the IOC's own name, which no rule restricts: or a put of the log would be logged. */
  write(line: string): void {
    const field = this.#field();
    const outcome = field ? put(field, line) : 'there is no such PV';
    if (typeof outcome === 'string') this.#complain(outcome);
    else void Promise.resolve(outcome).then((end) => this.#settled(end));
  }

  /** A text record is written through its long-string view, which holds more than 39 characters. */
  #field(): PvField | undefined {
    const field = this.#directory.find(this.#name);
    if (field?.type !== 'STRING') return field;
    return this.#directory.find(`${field.record}.${field.field}$`) ?? field;
  }

  #settled(outcome: PutOutcome): void {
    if (outcome.kind === 'done') this.#failed = false;
    else this.#complain(outcome.kind === 'cancelled' ? 'cancelled' : outcome.text);
  }

  #complain(text: string): void {
    this.#counters.dropped++;
    if (!this.#failed) this.#log.warn(`Put log to PV ${this.#name} failed: ${text}`);
    this.#failed = true;
  }
}

const never = new AbortController().signal;

/** Cut to what the field holds, with a NUL at the end. */
function put(field: PvField, line: string): PutOutcome | Promise<PutOutcome> | string {
  const text = Buffer.from(line).subarray(0, field.maxCount - 1);
  const bytes = new Uint8Array(text.length + 1);
  bytes.set(text);
  const value = field.maxCount > 1 ? bytes : line;
  try {
    return field.put(value, { user: 'put log', host: 'localhost' }, never);
  } catch (cause) {
    return messageOf(cause);
  }
}
