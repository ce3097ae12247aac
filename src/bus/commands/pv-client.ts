import type { Subscription } from 'rxjs';
import { type Clock, isoTime, messageOf, sleep } from '../../kernel/index.ts';
import {
  fieldText,
  type Grant,
  type PutOutcome,
  type PvDirectory,
  type PvField,
  type PvValue,
  type Session,
} from '../../pv/index.ts';
import { statusWord } from '../alarm-words.ts';
import { typeName } from '../profiles/pv/meta-text.ts';
import type { Json, JsonObject } from './json.ts';
import { CommandFailure } from './operation.ts';

/** Who the bus is, for access security and the put log. */
export interface BusClient {
  readonly user: string;
  /** As rules and logs are to know it: the broker says nothing of where a message comes from. */
  readonly host: string;
}

const severities = ['NO_ALARM', 'MINOR', 'MAJOR', 'INVALID'];

/** The PVs of the IOC as a client of its own sees them, with the rights of that client. */
export class PvClient implements Disposable {
  readonly directory: PvDirectory;
  readonly #session: Session;
  readonly #clock: Clock;

  constructor(directory: PvDirectory, { user, host }: BusClient, clock: Clock) {
    this.directory = directory;
    this.#clock = clock;
    const identity = { user, claimedHost: host, address: host, method: 'mqtt' };
    // Grants are asked for anew with each use, so there is nothing to keep up to date.
    this.#session = directory.security.open(
      { ...identity, authority: [], protocol: 'TCP' },
      () => {},
    );
  }

  /** Throws a `CommandFailure` when there is no such PV. */
  find(name: string): PvField {
    const field = this.directory.find(name);
    if (!field) throw new CommandFailure(`there is no PV ${name}`);
    return field.filter?.whole ?? field;
  }

  grant(field: PvField): Grant {
    return this.#session.grant(field);
  }

  /** What a PV is now; throws a `CommandFailure` when this client may not read it. */
  reading(field: PvField): JsonObject {
    if (!this.grant(field).read) {
      throw new CommandFailure(`${nameOf(field)} may not be read over the bus`);
    }
    const { columns } = this.directory;
    const { slot } = field;
    const value = field.read();
    const seconds = columns.seconds[slot] ?? 0;
    const { units } = field.metadata();
    return {
      pv: nameOf(field),
      value: jsonOf(value),
      ...(typeName(field) === 'enum' &&
        typeof value === 'number' && { text: fieldText(field, value) }),
      ...(units !== '' && { unit: units }),
      severity: severities[columns.severity[slot] ?? 3] ?? 'INVALID',
      alarm: statusWord(columns.status[slot] ?? 0),
      // A record that was never processed has no time.
      ...(seconds !== 0 && { time: isoTime(seconds, columns.nanoseconds[slot] ?? 0) }),
    };
  }

  /** As every client puts: with its rights, the record's own rules, and the put log. Never rejects. */
  async put(
    field: PvField,
    value: PvValue,
    notify: boolean,
    signal: AbortSignal,
  ): Promise<PutOutcome> {
    try {
      return await this.#session.put(field, this.grant(field), value, notify, signal);
    } catch (cause) {
      return { kind: 'failed', text: messageOf(cause) };
    }
  }

  watch(field: PvField): PvWatch {
    return new PvWatch(this.directory, field, this.#clock);
  }

  [Symbol.dispose](): void {
    this.#session[Symbol.dispose]();
  }
}

/** Hears of the updates of a PV's value, from its making until it is disposed of. */
export class PvWatch implements Disposable {
  readonly #clock: Clock;
  readonly #heard: Subscription;
  #updates = 0;
  #wake: () => void = () => {};

  constructor({ posted$ }: PvDirectory, { slot }: PvField, clock: Clock) {
    this.#clock = clock;
    this.#heard = posted$.subscribe(({ count, slots }) => {
      if (slots.subarray(0, count).includes(slot)) this.#update();
    });
  }

  /** Whether `isWanted` comes true within `ms`; looked at now, and at each update. */
  async until(isWanted: () => boolean, ms: number, signal: AbortSignal): Promise<boolean> {
    const end = this.#clock.monotonic() + ms;
    while (!isWanted()) {
      const left = end - this.#clock.monotonic();
      if (left <= 0) return false;
      await this.#next(left, signal);
    }
    return true;
  }

  /** Updates so far. */
  get updates(): number {
    return this.#updates;
  }

  [Symbol.dispose](): void {
    this.#heard.unsubscribe();
  }

  #update(): void {
    this.#updates++;
    this.#wake();
  }

  async #next(ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await sleep(ms, AbortSignal.any([woken.signal, signal]), this.#clock).catch(() => {});
    signal.throwIfAborted();
  }
}

/** `RECORD`, or `RECORD.FIELD` of other fields than VAL. */
export function nameOf({ record, field }: PvField): string {
  return field === 'VAL' ? record : `${record}.${field}`;
}

/** A value as JSON: numbers without a value are null, integers that JSON would round are text. */
export function jsonOf(value: PvValue): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === 'string') return value;
  if (!ArrayBuffer.isView(value)) return value;
  return Array.from(value, (each) => (Number.isFinite(each) ? each : null));
}
