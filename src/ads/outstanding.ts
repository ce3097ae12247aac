import type { Clock } from '../kernel/index.ts';
import { Deadlines } from './deadlines.ts';
import type { Pending } from './exchange.ts';
import { type Lane, lanes } from './lane.ts';

export type OutstandingLimits = {
  /** Exchanges sent and not answered yet. */
  readonly maxInFlight: number;
  /** Exchanges that wait to be sent. */
  readonly maxQueued: number;
};

/**
 * The exchanges of one connection: those in flight, by invoke id and with their deadlines, and those
 * that wait in order, lane by lane, for one of them to end. The patient ones take half of what may
 * be in flight, so that whatever else comes is not behind many of them.
 */
export class Outstanding {
  readonly #limits: OutstandingLimits;
  readonly #maxPatient: number;
  readonly #send: (exchange: Pending) => void;
  readonly #deadlines: Deadlines;
  readonly #inFlight = new Map<number, Pending>();
  readonly #waiting: Readonly<Record<Lane, Set<Pending>>> = {
    urgent: new Set(),
    usual: new Set(),
    patient: new Set(),
  };
  #patient = 0;
  #lastInvokeId = 0;

  /** `send` is called once per exchange, when its turn has come. */
  constructor(limits: OutstandingLimits, clock: Clock, send: (exchange: Pending) => void) {
    this.#limits = limits;
    this.#maxPatient = Math.max(1, limits.maxInFlight >> 1);
    this.#send = send;
    this.#deadlines = new Deadlines(clock);
  }

  get queued(): number {
    return lanes.reduce((sum, lane) => sum + this.#waiting[lane].size, 0);
  }

  /** Sends the exchange or lets it wait; false when too many wait already. */
  admit(exchange: Pending): boolean {
    if (this.#hasRoomFor(exchange.lane)) this.#launch(exchange);
    else if (this.queued < this.#limits.maxQueued) this.#waiting[exchange.lane].add(exchange);
    else return false;
    return true;
  }

  /** Ends the exchange that an answer belongs to, if there is one. */
  take(invokeId: number, commandId: number): Pending | undefined {
    const exchange = this.#inFlight.get(invokeId);
    if (exchange?.commandId !== commandId) return undefined;
    this.drop(exchange);
    return exchange;
  }

  /** Ends an exchange, and gives its place to the first that waits. */
  drop(exchange: Pending): void {
    if (!this.#inFlight.delete(exchange.invokeId)) {
      this.#waiting[exchange.lane].delete(exchange);
      return;
    }
    if (exchange.lane === 'patient') this.#patient--;
    this.#deadlines.remove(exchange);
    for (const lane of lanes) {
      const waiting = this.#waiting[lane];
      for (const next of waiting) {
        if (!this.#hasRoomFor(lane)) break;
        waiting.delete(next);
        this.#launch(next);
        return;
      }
    }
  }

  /** Ends everything; returns what was under way or waiting. */
  drain(): Pending[] {
    const waiting = lanes.flatMap((lane) => [...this.#waiting[lane]]);
    const all = [...this.#inFlight.values(), ...waiting];
    this.#inFlight.clear();
    for (const lane of lanes) this.#waiting[lane].clear();
    this.#deadlines[Symbol.dispose]();
    return all;
  }

  #hasRoomFor(lane: Lane): boolean {
    if (this.#inFlight.size >= this.#limits.maxInFlight) return false;
    return lane !== 'patient' || this.#patient < this.#maxPatient;
  }

  #launch(exchange: Pending): void {
    this.#lastInvokeId = nextInvokeId(this.#lastInvokeId, this.#inFlight);
    exchange.invokeId = this.#lastInvokeId;
    this.#inFlight.set(exchange.invokeId, exchange);
    if (exchange.lane === 'patient') this.#patient++;
    this.#deadlines.add(exchange, exchange.timeoutMs);
    this.#send(exchange);
  }
}

/** Ids count up, wrap at 32 bits, and skip 0 and those in use. */
export function nextInvokeId(last: number, inUse: { has(id: number): boolean }): number {
  let id = last;
  do id = (id + 1) >>> 0;
  while (id === 0 || inUse.has(id));
  return id;
}
