import type { BusLink, Receiver } from '../../link.ts';

/**
 * Subscriptions to one channel of all PVs: MQTT has no wildcard for "any levels, then this one", so
 * there is a filter for each number of levels that a path has.
 */
export class ChannelSubscriptions implements Disposable {
  readonly #link: BusLink;
  readonly #prefix: string;
  readonly #channel: string;
  readonly #receive: Receiver;
  readonly #byDepth = new Map<number, Disposable>();

  constructor(link: BusLink, prefix: string, channel: string, receive: Receiver) {
    this.#link = link;
    this.#prefix = prefix;
    this.#channel = channel;
    this.#receive = receive;
  }

  /** Sees to it that messages for paths like these come. */
  cover(paths: Iterable<string>): void {
    for (const path of paths) {
      const depth = path.split('/').length;
      if (this.#byDepth.has(depth)) continue;
      const filter = `${this.#prefix}/${'+/'.repeat(depth)}${this.#channel}`;
      // At QoS 0 the broker keeps nothing for us while we are away: a late wish is no wish.
      this.#byDepth.set(depth, this.#link.subscribe(filter, this.#receive, 0));
    }
  }

  /** The path within a topic of this channel. */
  pathOf(topic: string): string {
    return topic.slice(this.#prefix.length + 1, -(this.#channel.length + 1));
  }

  [Symbol.dispose](): void {
    for (const each of this.#byDepth.values()) each[Symbol.dispose]();
    this.#byDepth.clear();
  }
}
