import { type Clock, type Log, systemClock } from '../../kernel/index.ts';
import type { BusLink } from '../link.ts';
import type { Received } from '../message.ts';
import { matchesFilter } from '../topic-filter.ts';
import { Echoes } from './echoes.ts';
import type { BridgeCounters, BridgeOptions, BridgeRule, Way } from './options.ts';
import { publishBytes } from './packet-size.ts';

/** The brokers that a bridge joins; its links are its own, and open as those of bridges. */
export interface BridgeEnds {
  readonly local: BusLink;
  readonly remote: BusLink;
}

export interface BridgeMeans extends BridgeEnds {
  readonly log: Log;
  readonly clock?: Clock;
}

/** Topics whose messages were too long that are told; more are only counted. */
const MAX_COMPLAINTS = 20;

/**
 * Carries messages between two brokers by rules: what is to be kept there is kept here, QoS 2 becomes
 * 1, what came from one side does not go back there. What waits for a broker that is away waits in the
 * outbox of its link, within its bounds.
 */
export class Bridge implements Disposable {
  readonly counters: BridgeCounters = { in: 0, out: 0, tooLarge: 0, echoes: 0 };
  readonly #out: Direction;
  readonly #in: Direction;
  readonly #watches: readonly { unsubscribe(): void }[];

  constructor(options: BridgeOptions, { local, remote, log, clock = systemClock }: BridgeMeans) {
    const { counters } = this;
    const { rules, isPrivate } = options;
    const [outward, inward] = [waysOf(rules, 'out'), waysOf(rules, 'in')];
    const tooLong = complainer(options, log);
    // What is said on a side is expected back there where that side is heard of it.
    const here = isPrivate.local ? undefined : new Echoes(outward, clock);
    const there = isPrivate.remote ? undefined : new Echoes(inward, clock);
    this.#out = new Direction(local, outward, (topic, { payload, retain }, qos, source) => {
      if (here?.take(source, payload)) {
        counters.echoes++;
      } else if (publishBytes(Buffer.byteLength(topic), payload.length, qos) > limitOf(options)) {
        counters.tooLarge++;
        tooLong(topic, payload.length);
      } else {
        counters.out++;
        there?.expect(topic, payload);
        publish(remote, topic, payload.slice(), retain, qos);
      }
    });
    this.#in = new Direction(remote, inward, (topic, { payload, retain }, qos, source) => {
      if (there?.take(source, payload)) {
        counters.echoes++;
      } else {
        counters.in++;
        here?.expect(topic, payload);
        publish(local, topic, payload.slice(), retain, qos);
      }
    });
    this.#watches = [
      forgotten(remote, () => this.#out.again()),
      forgotten(local, () => this.#in.again()),
    ];
  }

  [Symbol.dispose](): void {
    for (const watch of this.#watches) watch.unsubscribe();
    this.#out[Symbol.dispose]();
    this.#in[Symbol.dispose]();
  }
}

/** A broker that forgot us may have lost what it kept: it gets all again. */
function forgotten(link: BusLink, again: () => void): { unsubscribe(): void } {
  return link.connected$.subscribe(({ hasSession }) => {
    if (!hasSession) again();
  });
}

type Carry = (topic: string, message: Received, qos: 0 | 1, source: string) => void;

/** Everything that comes from one side. */
class Direction implements Disposable {
  readonly #source: BusLink;
  readonly #ways: readonly Way[];
  readonly #carry: Carry;
  #subscriptions: readonly Disposable[];

  constructor(source: BusLink, ways: readonly Way[], carry: Carry) {
    this.#source = source;
    this.#ways = ways;
    this.#carry = carry;
    this.#subscriptions = this.#subscribed();
  }

  /** Hears again of all that is kept on this side. */
  again(): void {
    const before = this.#subscriptions;
    // The new ones first, so that the broker is never asked to forget them.
    this.#subscriptions = this.#subscribed();
    for (const subscription of before) subscription[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }

  #subscribed(): readonly Disposable[] {
    return this.#ways.map((way) =>
      this.#source.subscribe(way.filter, (message) => this.#take(way, message), way.qos),
    );
  }

  /** The first rule that has a topic counts. */
  #take(way: Way, message: Received): void {
    const { topic, qos } = message;
    if (this.#ways.find(({ filter }) => matchesFilter(filter, topic)) !== way) return;
    const there = way.to + topic.slice(way.from.length);
    this.#carry(there, message, Math.min(qos, way.qos) as 0 | 1, topic);
  }
}

function waysOf(rules: readonly BridgeRule[], direction: 'in' | 'out'): Way[] {
  return rules
    .filter((rule) => rule.direction === direction || rule.direction === 'both')
    .flatMap(({ topics, qos, local, remote }) => {
      const [from, to] = direction === 'out' ? [local, remote] : [remote, local];
      return topics.map((filter) => ({ filter: from + filter, qos, from, to }));
    });
}

/** At QoS 1 each message counts, also one that is kept; at QoS 0 the newest of its topic does. */
function publish(
  link: BusLink,
  topic: string,
  payload: Uint8Array,
  retain: boolean,
  qos: 0 | 1,
): void {
  link.publish({ topic, payload, retain, qos, delivery: qos === 1 ? 'event' : 'telemetry' });
}

function limitOf({ maxPacket = Number.POSITIVE_INFINITY }: BridgeOptions): number {
  return maxPacket;
}

function complainer({ name, maxPacket }: BridgeOptions, log: Log) {
  const told = new Set<string>();
  return (topic: string, bytes: number) => {
    if (told.has(topic) || told.size >= MAX_COMPLAINTS) return;
    told.add(topic);
    log.warn(
      `bridge ${name}: a message of ${bytes} bytes on ${topic} is dropped: packets there have at most ${maxPacket}`,
    );
  };
}
