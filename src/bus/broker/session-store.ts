import { matchesFilter } from '../topic-filter.ts';
import type { BrokerCounters, BrokerLimits } from './options.ts';
import { type WaitingMessage, WaitingMessages } from './waiting-messages.ts';

/** A filter that a client that is remembered has subscribed to. */
export interface KeptFilter {
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
}

interface Session {
  readonly filters: Map<string, KeptFilter>;
  readonly waiting: WaitingMessages;
}

/** Clients that are remembered: what they subscribed to, and what waits for them. */
export class SessionStore {
  readonly #limits: Pick<BrokerLimits, 'sessions' | 'queueMessages' | 'subscriptions'>;
  readonly #counters: BrokerCounters;
  /** The longest not heard of first. */
  readonly #sessions = new Map<string, Session>();
  readonly #online = new Set<string>();

  constructor(
    limits: Pick<BrokerLimits, 'sessions' | 'queueMessages' | 'subscriptions'>,
    counters: BrokerCounters,
  ) {
    this.#limits = limits;
    this.#counters = counters;
  }

  get size(): number {
    return this.#sessions.size;
  }

  came(clientId: string): void {
    this.#online.add(clientId);
  }

  /** It is the last to be forgotten. */
  went(clientId: string): void {
    this.#online.delete(clientId);
    const session = this.#sessions.get(clientId);
    if (!session) return;
    this.#sessions.delete(clientId);
    this.#sessions.set(clientId, session);
  }

  filtersOf(clientId: string): readonly KeptFilter[] {
    return [...(this.#sessions.get(clientId)?.filters.values() ?? [])];
  }

  subscribe(clientId: string, filters: readonly KeptFilter[]): void {
    const known = this.#sessions.get(clientId);
    const session = known ?? this.#begin(clientId);
    // aedes brings those that were refused as well, beside one that was not.
    for (const { topic, qos } of filters) {
      const hasRoom = session.filters.size < this.#limits.subscriptions;
      if (hasRoom || session.filters.has(topic)) session.filters.set(topic, { topic, qos });
    }
  }

  unsubscribe(clientId: string, filters: readonly string[]): void {
    for (const filter of filters) this.#sessions.get(clientId)?.filters.delete(filter);
  }

  forget(clientId: string): void {
    this.#sessions.delete(clientId);
  }

  /** Who is remembered, and wants a message at QoS 1 or 2; each once. */
  *interested(topic: string): Iterable<KeptFilter & { readonly clientId: string }> {
    for (const [clientId, { filters }] of this.#sessions) {
      for (const filter of filters.values()) {
        if (filter.qos === 0 || !matchesFilter(filter.topic, topic)) continue;
        yield { clientId, ...filter };
        break;
      }
    }
  }

  waitingOf(clientId: string): WaitingMessages | undefined {
    return this.#sessions.get(clientId)?.waiting;
  }

  keep(clientId: string, message: WaitingMessage): void {
    const session = this.#sessions.get(clientId);
    if (session && !session.waiting.add(message)) this.#counters.droppedMessages++;
  }

  #begin(clientId: string): Session {
    const waiting = new WaitingMessages(this.#limits.queueMessages);
    const session: Session = { filters: new Map(), waiting };
    this.#sessions.set(clientId, session);
    for (const [id, old] of this.#sessions) {
      if (this.#sessions.size <= this.#limits.sessions) break;
      if (this.#online.has(id)) continue;
      this.#counters.droppedMessages += old.waiting.all.length;
      this.#sessions.delete(id);
    }
    return session;
  }
}
