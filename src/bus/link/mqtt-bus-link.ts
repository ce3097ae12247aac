import { Observable, type Subscriber } from 'rxjs';
import { type Clock, systemClock } from '../../kernel/index.ts';
import { type BrokerPlace, brokerPlace } from '../../mqtt/index.ts';
import type { BusLink, Connected, Receiver } from '../link.ts';
import type { Publication, Received } from '../message.ts';
import { isTopic } from '../topic-filter.ts';
import { AskedFilters } from './asked-filters.ts';
import { backOff, REFUSED, UNREACHABLE } from './back-off.ts';
import { Connection, type ConnectionHearer } from './connection.ts';
import { type Failure, failureOf, reasonText } from './failure.ts';
import { Flushes } from './flushes.ts';
import type { Grant } from './grant.ts';
import { Journal } from './journal.ts';
import type { BusLinkOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import { Pump } from './pump.ts';
import { LinkStatus } from './status.ts';
import { Subscriptions } from './subscriptions.ts';

/** A connection that held so long was no failure. */
const STEADY_MS = 10_000;

/** How long last words may take from when we were told to stop, and at least from when they are said. */
const LAST_WORDS_MS = 2000;
const LEAST_WORDS_MS = 200;

/** Until then whoever wants to hear something has said so. */
const SETTLED_MS = 60_000;

/** Housekeeping. */
const PERIOD_MS = 1000;

/** The link on MQTT.js: a connection after the other, with an outbox before and a memory beside them. */
export class MqttBusLink implements BusLink, AsyncDisposable {
  readonly clientId: string;
  readonly mqttVersion: '3.1.1' | '5';
  readonly connected$: Observable<Connected>;
  readonly status: LinkStatus;
  readonly outbox: Outbox;
  readonly pump: Pump;
  /** Undefined where nothing outlives the process. */
  readonly journal: Journal | undefined;
  /** What came from the broker. */
  readonly hearing: Pick<Subscriptions, 'received' | 'unclaimed'>;
  readonly #options: BusLinkOptions;
  readonly #place: BrokerPlace;
  readonly #clock: Clock;
  readonly #subscriptions: Subscriptions;
  readonly #filters: AskedFilters;
  readonly #hearers = new Set<Subscriber<Connected>>();
  readonly #flushes = new Flushes();
  readonly #housekeeping: Disposable;
  readonly #unlink: () => void;
  #connection: Connection | undefined;
  #connected: Connected | undefined;
  #acceptedAt = 0;
  #failures = 0;
  #retry: Disposable | undefined;
  /** The session is of an earlier process, which may have subscribed to what nobody wants now. */
  #isInherited = false;
  /** How far we are with ending it: to be left, then to be cleared by a connection without one. */
  #renewal: 'leave' | 'clear' | undefined;
  #isClosing = false;
  /** When we were told to stop: several links that end one by one share the time for last words. */
  #stoppedAt: number | undefined;
  #closed: Promise<void> | undefined;
  #onEnded: () => void = () => {};

  /** When the signal fires a link that is not connected gives up. */
  constructor(options: BusLinkOptions, signal: AbortSignal) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#place = brokerPlace(options.url, options.tls !== undefined);
    this.clientId = options.clientId;
    this.mqttVersion = options.version ?? '3.1.1';
    this.status = new LinkStatus(this.#place.shown);
    const { journal, log } = options;
    this.journal = journal === undefined ? undefined : new Journal(journal, this.#clock, log);
    this.outbox = new Outbox(options.outbox ?? {}, this.journal);
    for (const message of this.journal?.left ?? []) this.outbox.add(message);
    this.pump = new Pump(this.outbox, this.#clock, log);
    this.pump.settled = () => this.#settled();
    this.#subscriptions = new Subscriptions(log);
    this.hearing = this.#subscriptions;
    this.#filters = new AskedFilters(this.#subscriptions, log);
    this.connected$ = new Observable((hearer) => {
      this.#hearers.add(hearer);
      if (this.#connected) hearer.next(this.#connected);
      return () => this.#hearers.delete(hearer);
    });
    this.#housekeeping = this.#clock.every(PERIOD_MS, () => this.#keepHouse());
    const stop = () => this.#stopTrying();
    this.#unlink = () => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  }

  get isConnected(): boolean {
    return this.#connected !== undefined;
  }

  /** Begins to connect. Who subscribes before misses nothing that waited in the broker. */
  start(): void {
    if (this.#isClosing || this.#connection) return;
    this.status.attempts++;
    const clear = this.#renewal === 'clear' && { sessionExpirySeconds: 0 };
    const options = { ...this.#options, ...clear };
    this.#connection = new Connection(this.#place, options, this.#clock, this.#hearer());
  }

  publish(message: Publication): void {
    if (!isTopic(message.topic)) {
      const isFirst = this.outbox.drops.invalid++ === 0;
      if (isFirst) this.#options.log.error(`Bus: "${message.topic}" is no topic; more are counted`);
    } else if (message.delivery === 'telemetry' && !this.#connected) {
      this.outbox.drops.stale++;
    } else {
      this.outbox.put(message, this.#clock.monotonic());
      this.pump.wake();
    }
  }

  subscribe(filter: string, receive: Receiver, qos: 0 | 1 = 1): Disposable {
    const hearing = this.#subscriptions.add(filter, receive, qos);
    if (this.#connected) void this.#filters.ask(filter).then(() => this.#tell());
    return {
      [Symbol.dispose]: () => {
        if (this.#subscriptions.delete(filter, hearing)) this.#filters.forget(filter);
      },
    };
  }

  flushed(signal?: AbortSignal): Promise<void> {
    const done = this.#flushes.wait(this.outbox.newest, signal);
    this.#settled();
    return done;
  }

  /** Lets last words leave, for a while, and says good-bye. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Ends the attempts to connect; a connection that stands goes on until disposed of. */
  #stopTrying(): void {
    this.#isClosing = true;
    this.#stoppedAt ??= this.#clock.monotonic();
    this.#retry?.[Symbol.dispose]();
    if (this.#connection && !this.#connected) this.#connection.close();
  }

  async #close(): Promise<void> {
    this.#unlink();
    this.#stopTrying();
    if (this.#connected) await this.#lastWords();
    this.#housekeeping[Symbol.dispose]();
    if (this.#connection) {
      const ended = new Promise<void>((resolve) => {
        this.#onEnded = resolve;
      });
      this.#connection.close();
      await ended;
    }
    this.status.stopped();
    await this.journal?.[Symbol.asyncDispose]();
    for (const hearer of [...this.#hearers]) hearer.complete();
  }

  async #lastWords(): Promise<void> {
    const late = new AbortController();
    const gone = this.#clock.monotonic() - (this.#stoppedAt ?? 0);
    const left = Math.max(LAST_WORDS_MS - gone, LEAST_WORDS_MS);
    const timer = this.#clock.after(left, () => late.abort());
    this.#onEnded = () => late.abort();
    await this.flushed(late.signal).catch(() => {});
    timer[Symbol.dispose]();
  }

  #hearer(): ConnectionHearer {
    return {
      accepted: (grant) => void this.#accepted(grant),
      message: (message) => this.#take(message),
      acknowledged: (id, reasonCode) => {
        this.pump.acknowledged(id, reasonCode);
        if (reasonCode >= 0x80) this.#tell();
      },
      drained: () => this.pump.wake(),
      ended: (cause, wasAccepted) => this.#ended(cause, wasAccepted),
    };
  }

  #take(message: Received): void {
    if (this.#subscriptions.take(message) || !this.#isInherited) return;
    if (this.#clock.monotonic() - this.#acceptedAt < SETTLED_MS) return;
    this.#options.log.info(`Bus: nobody wants ${message.topic} any more; our session begins anew`);
    this.#isInherited = false;
    this.#renewal = 'leave';
    this.#connection?.close();
  }

  async #accepted(grant: Grant): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    if (this.#renewal === 'clear') return connection.close();
    this.#acceptedAt = this.#clock.monotonic();
    if (!(await this.#filters.agree(connection, grant.hasSession))) return;
    this.#isInherited = grant.hasSession && (this.status.connections === 0 || this.#isInherited);
    this.status.connections++;
    this.#connected = { hasSession: grant.hasSession };
    this.#tell();
    this.#options.log.info(`Bus: connected with ${this.status.text} as ${this.clientId}`);
    for (const hearer of [...this.#hearers]) hearer.next(this.#connected);
    this.pump.open(connection, grant);
  }

  /** What the broker denies us, which is the status of a link that is connected. */
  #tell(): void {
    if (!this.#connected) return;
    const { lastRefusal } = this.pump;
    const refused = lastRefusal && `last message refused: ${refusalText(lastRefusal)}`;
    const limits = [this.#filters.denials, refused].filter(Boolean);
    this.status.connected(limits.join('; '));
  }

  #ended(cause: unknown, wasAccepted: boolean): void {
    this.#connection = undefined;
    this.#connected = undefined;
    this.#filters.lost();
    this.pump.close();
    this.#onEnded();
    if (this.#isClosing) return;
    if (this.#renewal !== undefined && wasAccepted) {
      this.#renewal = this.#renewal === 'leave' ? 'clear' : undefined;
      this.start();
    } else {
      this.#failed(failureOf(cause, wasAccepted, this.clientId), wasAccepted);
    }
  }

  #failed(failure: Failure, wasAccepted: boolean): void {
    const before = this.status.text;
    this.status.failed(failure, new Date(this.#clock.now()).toISOString());
    const level = this.status.text === before ? 'debug' : 'warn';
    this.#options.log[level](`Bus: ${this.status.text}`);
    const held = this.#clock.monotonic() - this.#acceptedAt;
    if (wasAccepted && held > STEADY_MS) this.#failures = 0;
    const rule = failure.kind === 'refused' ? REFUSED : UNREACHABLE;
    this.#retry = this.#clock.after(backOff(this.#failures++, rule), () => this.start());
  }

  #settled(): void {
    if (this.#flushes.size > 0) this.#flushes.settledBelow(this.pump.oldest);
  }

  #keepHouse(): void {
    this.outbox.dropExpired(this.#clock.monotonic());
    this.#settled();
    if (this.pump.isStuck) this.#connection?.abandon(new Error('it acknowledges nothing'));
  }
}

function refusalText({ topic, code }: { readonly topic: string; readonly code: number }): string {
  return `${topic} (${reasonText(code)})`;
}
