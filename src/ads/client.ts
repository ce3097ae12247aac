import { type Observable, Subject } from 'rxjs';
import { type Clock, type Log, MalformedFrame, systemClock, Writer } from '../kernel/index.ts';
import { AbortWatch } from './abort-watch.ts';
import type { AmsAddress } from './ams.ts';
import {
  AMS_HEADER,
  amsHeader,
  CommandId,
  HeaderAt,
  REQUEST_FLAGS,
  StateFlag,
} from './ams-header.ts';
import type { AdsResult, Command } from './command.ts';
import { Complaints } from './complaints.ts';
import { type AdsCounters, zeroCounters } from './counters.ts';
import { Exchange, type Pending } from './exchange.ts';
import { type InvokeOptions, type Invoker, inLane } from './lane.ts';
import { Outstanding } from './outstanding.ts';
import { busy, ended, unanswered } from './request-errors.ts';
import { SourceCache } from './source-cache.ts';
import type { Transport, TransportCounters, TransportEnd } from './transport/transport.ts';

export type AdsClientOptions = {
  /** Our own address, to which answers come. */
  readonly source: AmsAddress;
  readonly log: Log;
  /** How long an answer may take once the request was sent; 5000 ms unless told. */
  readonly timeoutMs?: number | undefined;
  /** Requests sent and not answered yet; 64 unless told. More could overrun a router's mailbox. */
  readonly maxInFlight?: number | undefined;
  /** Requests that wait to be sent, lane by lane in order; 8192 unless told. One more is refused. */
  readonly maxQueued?: number | undefined;
  readonly clock?: Clock | undefined;
};

/** A device notification frame; `payload` is borrowed for the call, `source` is the same object each time. */
export type Notification = { readonly source: AmsAddress; readonly payload: Uint8Array };

/** Requests to and notifications from everything behind one transport. */
export class AdsClient implements Invoker, AsyncDisposable {
  readonly source: AmsAddress;
  /** For what must not wait behind others: heartbeats, writes. */
  readonly urgent: Invoker = inLane(this, 'urgent');
  /** For bulk that may wait while others ask; it takes half of what may be in flight. */
  readonly patient: Invoker = inLane(this, 'patient');
  readonly notifications$: Observable<Notification>;
  /** Resolves when the connection is over, after every pending request was rejected. */
  readonly ended: Promise<TransportEnd>;
  readonly counters: AdsCounters = zeroCounters();

  readonly #transport: Transport;
  readonly #complaints: Complaints;
  readonly #timeoutMs: number;
  readonly #outstanding: Outstanding;
  readonly #aborts = new AbortWatch<Pending>((exchange, why) => this.#giveUp(exchange, why));
  readonly #notifications = new Subject<Notification>();
  readonly #sources = new SourceCache();
  readonly #scratch = new Writer();
  #end: TransportEnd | undefined;

  /** Whoever opens the transport lets it deliver to `receive`. */
  constructor(transport: Transport, options: AdsClientOptions) {
    this.#transport = transport;
    this.source = options.source;
    const { timeoutMs = 5000, maxInFlight = 64, maxQueued = 8192, clock = systemClock } = options;
    this.#timeoutMs = timeoutMs;
    this.#complaints = new Complaints(transport.peer, options.log, clock);
    this.#outstanding = new Outstanding({ maxInFlight, maxQueued }, clock, this.#send);
    this.notifications$ = this.#notifications.asObservable();
    this.ended = transport.ended.then((end) => this.#finish(end));
  }

  /** What the transport did not deliver as it came, where it may come otherwise. */
  get transportCounters(): Readonly<TransportCounters> | undefined {
    return this.#transport.counters;
  }

  /**
   * Sends one request and waits for its answer. Rejects with AdsError when it was refused, not
   * delivered or not answered, with MalformedFrame when the answer cannot be read, with `ads/ended`
   * when the connection is over, with `ads/busy` when too many wait, or with the signal's reason.
   */
  invoke<Req, Res extends AdsResult>(
    command: Command<Req, Res>,
    target: AmsAddress,
    request: Req,
    options: InvokeOptions = {},
    signal?: AbortSignal,
  ): Promise<Res> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const life = { timeoutMs, lane: options.lane ?? 'usual', onExpired: this.#expire } as const;
    const exchange = new Exchange(command, target, request, this.#scratch, life);
    if (this.#end) return Promise.reject(this.#endedError(exchange, this.#end));
    if (!this.#outstanding.admit(exchange)) {
      return Promise.reject(busy(exchange.describe(), this.#outstanding.queued));
    }
    if (!signal) return exchange.answered;
    this.#aborts.add(signal, exchange);
    return exchange.answered.finally(() => this.#aborts.remove(signal, exchange));
  }

  /** Takes one whole AMS packet, borrowed for the call. Never throws: a bad packet is counted. */
  receive(packet: Uint8Array): void {
    this.counters.bytesReceived += packet.length;
    try {
      this.#accept(packet);
    } catch (cause) {
      this.counters.malformed++;
      this.#complaints.file(packet, cause, this.counters.malformed);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport[Symbol.asyncDispose]();
    await this.ended;
  }

  #accept(packet: Uint8Array): void {
    if (packet.length < AMS_HEADER) throw new MalformedFrame('AMS header cut short', packet);
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    const end = AMS_HEADER + view.getUint32(HeaderAt.length, true);
    if (end > packet.length) throw new MalformedFrame('AMS payload cut short', packet);
    const payload = packet.subarray(AMS_HEADER, end);
    const command = view.getUint16(HeaderAt.command, true);
    if (command === CommandId.deviceNotification) {
      this.counters.notificationFrames++;
      this.#notifications.next({ source: this.#sources.of(packet), payload });
      return;
    }
    const isResponse = (view.getUint16(HeaderAt.stateFlags, true) & StateFlag.response) !== 0;
    const exchange = isResponse
      ? this.#outstanding.take(view.getUint32(HeaderAt.invokeId, true), command)
      : undefined;
    if (!exchange) {
      this.counters.unmatched++;
      return;
    }
    this.counters.responses++;
    exchange.answer(view.getUint32(HeaderAt.errorCode, true), payload);
  }

  readonly #send = (exchange: Pending): void => {
    const w = this.#scratch;
    w.reset();
    amsHeader.encode(w, {
      target: exchange.target,
      source: this.source,
      command: exchange.commandId,
      stateFlags: REQUEST_FLAGS,
      length: exchange.payload.length,
      errorCode: 0,
      invokeId: exchange.invokeId,
    });
    w.bytes(exchange.payload);
    this.counters.requests++;
    this.counters.bytesSent += w.length;
    this.#transport.send(w.view());
  };

  #giveUp(exchange: Pending, reason: unknown): void {
    this.#outstanding.drop(exchange);
    exchange.fail(reason);
  }

  readonly #expire = (exchange: Pending): void => {
    this.counters.timeouts++;
    const error = unanswered(
      exchange.describe(),
      exchange.timeoutMs,
      this.#adviceOnSilence(exchange),
    );
    this.#giveUp(exchange, error);
  };

  #finish(end: TransportEnd): TransportEnd {
    this.#end = end;
    for (const exchange of this.#outstanding.drain()) {
      exchange.fail(this.#endedError(exchange, end));
    }
    this.#notifications.complete();
    return end;
  }

  #endedError(exchange: Pending, end: TransportEnd): Error {
    return ended(exchange.describe(), this.#transport.peer, end, this.#adviceOnSilence(exchange));
  }

  /** A router without a route back accepts the connection and then says nothing, or closes it. */
  #adviceOnSilence({ target }: Pending): string {
    if (this.counters.bytesReceived > 0) return '';
    return (
      this.#transport.adviceOnSilence?.(target.netId) ??
      `; ${this.#transport.peer} accepted the connection but never answered: ` +
        `route missing? Add a route for NetId ${this.source.netId} on the target`
    );
  }
}
