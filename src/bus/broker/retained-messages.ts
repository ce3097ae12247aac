import { matchesFilter } from '../topic-filter.ts';
import type { BrokerLimits } from './options.ts';

/** The last message of a topic. */
export interface RetainedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
}

/** The last messages of topics, within bounds. */
export class RetainedMessages {
  /** Counts each change, for who writes them down. */
  changes = 0;
  readonly #limits: Pick<BrokerLimits, 'retained' | 'retainedBytes'>;
  readonly #messages = new Map<string, RetainedMessage>();
  #bytes = 0;

  constructor(limits: Pick<BrokerLimits, 'retained' | 'retainedBytes'>) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#messages.size;
  }

  all(): Iterable<RetainedMessage> {
    return this.#messages.values();
  }

  /** As packets; each once. */
  *matching(filters: readonly string[]): Iterable<RetainedMessage & { readonly cmd: 'publish' }> {
    for (const message of this.#messages.values()) {
      const isWanted = filters.some((filter) => matchesFilter(filter, message.topic));
      if (isWanted) yield { cmd: 'publish', ...message };
    }
  }

  /** Keeps a message in the place of the one before, an empty one clears it; false: no room. */
  keep(message: RetainedMessage): boolean {
    const { topic, payload } = message;
    const before = this.#messages.get(topic);
    const bytes = this.#bytes - bytesOf(before);
    if (payload.length === 0) {
      if (this.#messages.delete(topic)) this.changes++;
      this.#bytes = bytes;
      return true;
    }
    const { retained, retainedBytes } = this.#limits;
    const isFull = before === undefined && this.#messages.size >= retained;
    if (isFull || bytes + bytesOf(message) > retainedBytes) return false;
    this.#messages.set(topic, message);
    this.#bytes = bytes + bytesOf(message);
    this.changes++;
    return true;
  }
}

function bytesOf(message: RetainedMessage | undefined): number {
  return message ? message.topic.length + message.payload.length : 0;
}
