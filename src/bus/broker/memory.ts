import { Readable } from 'node:stream';
import type { BrokerCounters } from './options.ts';
import type { RetainedMessages } from './retained-messages.ts';
import type { KeptFilter, SessionStore } from './session-store.ts';
import type { WaitingMessage } from './waiting-messages.ts';

/** A client, as far as it is remembered. */
type Named = { readonly id: string };
type Numbered = { readonly messageId?: number | undefined };

/** A message to be kept; `payload` may be part of a larger buffer. */
interface Retainable {
  readonly topic: string;
  readonly payload: Uint8Array | string;
  readonly qos: 0 | 1 | 2;
}

/**
 * What aedes asks its persistence for. Its own one in memory has no bounds at all; this one keeps
 * what the limits allow, and of messages at QoS 2 that are on their way in only their identifiers.
 */
export class BrokerMemory {
  readonly #counters: BrokerCounters;
  readonly #retained: RetainedMessages;
  readonly #sessions: SessionStore;
  /** QoS 2: what a client sent and did not release yet; aedes bounds it. */
  readonly #incoming = new Map<string, Set<number | undefined>>();

  constructor(sessions: SessionStore, retained: RetainedMessages, counters: BrokerCounters) {
    this.#sessions = sessions;
    this.#retained = retained;
    this.#counters = counters;
  }

  async setup(): Promise<void> {}

  async destroy(): Promise<void> {}

  async storeRetained({ topic, payload, qos }: Retainable): Promise<void> {
    const message = { topic, qos, payload: Buffer.from(payload as Uint8Array) };
    if (!this.#retained.keep(message)) this.#counters.droppedMessages++;
  }

  createRetainedStream(filter: string): Readable {
    return this.createRetainedStreamCombi([filter]);
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    return Readable.from(this.#retained.matching(filters));
  }

  async addSubscriptions({ id }: Named, filters: readonly KeptFilter[]): Promise<void> {
    this.#sessions.subscribe(id, filters);
  }

  async removeSubscriptions({ id }: Named, filters: readonly string[]): Promise<void> {
    this.#sessions.unsubscribe(id, filters);
  }

  async subscriptionsByClient({ id }: Named): Promise<readonly KeptFilter[]> {
    return this.#sessions.filtersOf(id);
  }

  async subscriptionsByTopic(topic: string): Promise<readonly KeptFilter[]> {
    return [...this.#sessions.interested(topic)];
  }

  async cleanSubscriptions({ id }: Named): Promise<void> {
    this.#sessions.forget(id);
  }

  async outgoingEnqueue(
    { clientId }: { readonly clientId: string },
    packet: WaitingMessage,
  ): Promise<void> {
    // A copy: each client gives it an identifier of its own.
    this.#sessions.keep(clientId, { ...packet });
  }

  async outgoingEnqueueCombi(
    clients: readonly { readonly clientId: string }[],
    packet: WaitingMessage,
  ): Promise<void> {
    for (const { clientId } of clients) this.#sessions.keep(clientId, { ...packet });
  }

  /** What found no room is delivered once, without being kept. */
  async outgoingUpdate({ id }: Named, packet: WaitingMessage): Promise<void> {
    this.#sessions.waitingOf(id)?.update(packet);
  }

  async outgoingClearMessageId(
    { id }: Named,
    packet: WaitingMessage,
  ): Promise<WaitingMessage | undefined> {
    return this.#sessions.waitingOf(id)?.remove(packet);
  }

  outgoingStream({ id }: Named): Readable {
    return Readable.from([...(this.#sessions.waitingOf(id)?.all ?? [])]);
  }

  async incomingStorePacket({ id }: Named, { messageId }: Numbered): Promise<void> {
    const known = this.#incoming.get(id) ?? new Set();
    this.#incoming.set(id, known.add(messageId));
  }

  /** Rejects when it is not known, as aedes expects. */
  async incomingGetPacket({ id }: Named, { messageId }: Numbered): Promise<Numbered> {
    if (this.#incoming.get(id)?.has(messageId)) return { messageId };
    throw new Error('no such packet');
  }

  async incomingDelPacket({ id }: Named, { messageId }: Numbered): Promise<void> {
    if (!this.#incoming.get(id)?.delete(messageId)) throw new Error('no such packet');
  }

  async cleanIncoming({ id }: Named): Promise<void> {
    this.#incoming.delete(id);
  }

  /** Wills are with their connections; only another broker of a cluster would ask for them here. */
  async putWill(): Promise<void> {}

  async delWill(): Promise<void> {}

  streamWill(): Readable {
    return Readable.from([]);
  }
}
