import { type Log, messageOf } from '../../kernel/index.ts';
import type { Receiver } from '../link.ts';
import type { Received } from '../message.ts';
import { TopicTree } from './topic-tree.ts';

/** A filter as the broker is to know it. */
export interface Filter {
  readonly filter: string;
  readonly qos: 0 | 1;
}

interface Hearing {
  readonly receive: Receiver;
  readonly qos: 0 | 1;
}

/** Who wants to hear what. Several may share a filter, which the broker knows once. */
export class Subscriptions {
  readonly #log: Log;
  readonly #tree = new TopicTree<Hearing>();
  readonly #byFilter = new Map<string, Set<Hearing>>();
  received = 0;
  /** Messages that nobody wanted any more, or not yet. */
  unclaimed = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  add(filter: string, receive: Receiver, qos: 0 | 1): Hearing {
    const hearing = { receive, qos };
    const those = this.#byFilter.get(filter) ?? new Set();
    this.#byFilter.set(filter, those.add(hearing));
    this.#tree.add(withoutShare(filter), hearing);
    return hearing;
  }

  /** Whether nobody is left who wants this filter. */
  delete(filter: string, hearing: Hearing): boolean {
    const those = this.#byFilter.get(filter);
    if (!those?.delete(hearing)) return false;
    this.#tree.delete(withoutShare(filter), hearing);
    if (those.size > 0) return false;
    return this.#byFilter.delete(filter);
  }

  has(filter: string): boolean {
    return this.#byFilter.has(filter);
  }

  /** Each filter once, with the highest QoS that somebody wants. */
  filters(): readonly Filter[] {
    return [...this.#byFilter.keys()].map((filter) => ({ filter, qos: this.qosOf(filter) }));
  }

  qosOf(filter: string): 0 | 1 {
    const those = [...(this.#byFilter.get(filter) ?? [])];
    return those.some(({ qos }) => qos === 1) ? 1 : 0;
  }

  /** Hands a message to all whose filter matches; whether there was anybody. */
  take(message: Received): boolean {
    const those = this.#tree.matching(message.topic);
    this.received++;
    if (those.length === 0) this.unclaimed++;
    for (const { receive } of those) {
      try {
        receive(message);
      } catch (error) {
        this.#log.error(`Message on ${message.topic}: ${messageOf(error)}`);
      }
    }
    return those.length > 0;
  }
}

/** MQTT 5, section 4.8.2: `$share/group/filter` brings topics that match `filter`. */
function withoutShare(filter: string): string {
  return filter.replace(/^\$share\/[^/]+\//, '');
}
