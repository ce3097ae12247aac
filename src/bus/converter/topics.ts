import { type Log, messageOf } from '../../kernel/index.ts';
import type { BusLink } from '../link.ts';
import type { Received } from '../message.ts';
import { Payload } from './payload.ts';

/** Takes the messages of a topic. */
export interface TopicSink {
  take(payload: Payload): void;
}

/** One subscription, and who hears of which of its topics. */
interface Subscribed {
  qos: 0 | 1;
  subscription: Disposable | undefined;
  /** Hear of every topic that it brings; the first to. */
  readonly all: Set<TopicSink>;
  readonly byTopic: Map<string, Set<TopicSink>>;
}

/**
 * The topics that records listen to: one subscription for each filter, however many records have it,
 * and each payload is read once. Records may be opened before there is a link.
 */
export class Topics {
  readonly #log: Log;
  readonly #byFilter = new Map<string, Subscribed>();
  #link: BusLink | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  attach(link: BusLink): void {
    this.#link = link;
    for (const [filter, each] of this.#byFilter) this.#subscribe(filter, each);
  }

  /** Ends every subscription, for good. */
  detach(): void {
    for (const each of this.#byFilter.values()) each.subscription?.[Symbol.dispose]();
    this.#byFilter.clear();
    this.#link = undefined;
  }

  /** Hears of what a filter brings, or of one topic of it, until disposed of. */
  listen(filter: string, qos: 0 | 1, sink: TopicSink, topic = filter): Disposable {
    const subscribed = this.#at(filter, qos);
    const isAll = topic === filter;
    const sinks = isAll ? subscribed.all : sinksOf(subscribed, topic);
    sinks.add(sink);
    return {
      [Symbol.dispose]: () => {
        sinks.delete(sink);
        if (!isAll && sinks.size === 0) subscribed.byTopic.delete(topic);
        if (subscribed.all.size + subscribed.byTopic.size > 0) return;
        subscribed.subscription?.[Symbol.dispose]();
        if (this.#byFilter.get(filter) === subscribed) this.#byFilter.delete(filter);
      },
    };
  }

  /** Subscribes once more, so that the broker tells again what it keeps. */
  renew(): void {
    for (const [filter, each] of this.#byFilter) {
      each.subscription?.[Symbol.dispose]();
      this.#subscribe(filter, each);
    }
  }

  /** Records at QoS 0 and 1 share the subscription at 1. */
  #at(filter: string, qos: 0 | 1): Subscribed {
    const known = this.#byFilter.get(filter);
    if (known && known.qos >= qos) return known;
    known?.subscription?.[Symbol.dispose]();
    const made = known ?? { qos, subscription: undefined, all: new Set(), byTopic: new Map() };
    made.qos = qos;
    this.#byFilter.set(filter, made);
    this.#subscribe(filter, made);
    return made;
  }

  #subscribe(filter: string, subscribed: Subscribed): void {
    const receive = (message: Received) => this.#received(message, subscribed);
    subscribed.subscription = this.#link?.subscribe(filter, receive, subscribed.qos);
  }

  #received(message: Received, { all, byTopic }: Subscribed): void {
    const payload = new Payload(message);
    for (const sink of [...all]) this.#give(sink, payload);
    // The first to hear may have made records for it.
    for (const sink of [...(byTopic.get(message.topic) ?? [])]) this.#give(sink, payload);
  }

  #give(sink: TopicSink, payload: Payload): void {
    try {
      sink.take(payload);
    } catch (cause) {
      this.#log.error(`Message on ${payload.message.topic}: ${messageOf(cause)}`);
    }
  }
}

function sinksOf({ byTopic }: Subscribed, topic: string): Set<TopicSink> {
  const known = byTopic.get(topic);
  if (known) return known;
  const made = new Set<TopicSink>();
  byTopic.set(topic, made);
  return made;
}
