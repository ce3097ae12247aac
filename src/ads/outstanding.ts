import type { Clock } from '../kernel/index.ts';
import { Deadlines } from './deadlines.ts';
import type { Pending } from './exchange.ts';

export type OutstandingLimits = {
  /** Exchanges sent and not answered yet. */
  readonly maxInFlight: number;
  /** Exchanges that wait to be sent. */
  readonly maxQueued: number;
};

/**
 * The exchanges of one connection: those in flight, by invoke id and with their deadlines, and those
 * that wait in order for one of them to end.
 */
export class Outstanding {
  readonly #limits: OutstandingLimits;
  readonly #send: (exchange: Pending) => void;
  readonly #deadlines: Deadlines;
  readonly #inFlight = new Map<number, Pending>();
  readonly #queued = new Set<Pending>();
  #lastInvokeId = 0;

  /** `send` is called once per exchange, when its turn has come. */
  constructor(limits: OutstandingLimits, clock: Clock, send: (exchange: Pending) => void) {
    this.#limits = limits;
    this.#send = send;
    this.#deadlines = new Deadlines(clock);
  }

  get queued(): number {
    return this.#queued.size;
  }

  /** Sends the exchange or lets it wait; false when too many wait already. */
  admit(exchange: Pending): boolean {
    if (this.#inFlight.size < this.#limits.maxInFlight) this.#launch(exchange);
    else if (this.#queued.size < this.#limits.maxQueued) this.#queued.add(exchange);
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
      this.#queued.delete(exchange);
      return;
    }
    this.#deadlines.remove(exchange);
    for (const next of this.#queued) {
      this.#queued.delete(next);
      this.#launch(next);
      return;
    }
  }

  /** Ends everything; returns what was under way or waiting. */
  drain(): Pending[] {
    const all = [...this.#inFlight.values(), ...this.#queued];
    this.#inFlight.clear();
    this.#queued.clear();
    this.#deadlines[Symbol.dispose]();
    return all;
  }

  #launch(exchange: Pending): void {
    this.#lastInvokeId = nextInvokeId(this.#lastInvokeId, this.#inFlight);
    exchange.invokeId = this.#lastInvokeId;
    this.#inFlight.set(exchange.invokeId, exchange);
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
