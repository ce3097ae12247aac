import type { Clock } from '../../kernel/index.ts';
import type { BusLink, Receiver } from '../link.ts';
import { commandFilter } from './topic.ts';

/** What commands are subscribed to with. */
export interface SubscriptionMeans {
  readonly link: BusLink;
  readonly root: string;
  readonly operations: readonly { readonly name: string }[];
  readonly clock: Clock;
  /** The group that commands are shared with. */
  readonly share: string | undefined;
}

/** How long messages of a subscription that was given back may still be on their way; milliseconds. */
const ON_THEIR_WAY_MS = 1000;

/**
 * The subscriptions to the commands of all operations. A shared one brings nothing that the broker
 * keeps, so a member of a group first looks at that by itself, and only then joins: what is published
 * meanwhile is for the others.
 */
export class CommandSubscriptions implements Disposable {
  readonly #means: SubscriptionMeans;
  readonly #receive: Receiver;
  #subscriptions: readonly Disposable[];
  #joining: Disposable | undefined;

  constructor(means: SubscriptionMeans, receive: Receiver) {
    this.#means = means;
    this.#receive = receive;
    const isAlone = means.share === undefined;
    this.#subscriptions = this.#subscribe('', (message) => {
      if (isAlone || message.retain) receive(message);
    });
  }

  /** All came that the broker keeps. */
  join(): void {
    const { share, clock } = this.#means;
    if (share === undefined) return;
    this.#unsubscribe();
    this.#joining = clock.after(ON_THEIR_WAY_MS, () => {
      this.#subscriptions = this.#subscribe(`$share/${share}/`, this.#receive);
    });
  }

  [Symbol.dispose](): void {
    this.#joining?.[Symbol.dispose]();
    this.#unsubscribe();
  }

  #subscribe(prefix: string, receive: Receiver): Disposable[] {
    const { link, root, operations } = this.#means;
    return operations.map(({ name }) => {
      return link.subscribe(`${prefix}${commandFilter(root, name)}`, receive);
    });
  }

  #unsubscribe(): void {
    for (const each of this.#subscriptions) each[Symbol.dispose]();
    this.#subscriptions = [];
  }
}
