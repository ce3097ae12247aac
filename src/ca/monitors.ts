import { appendDenial } from './answer.ts';
import type { Circuit } from './circuit.ts';
import { CommandId } from './header.ts';
import { OwedUpdates } from './owed-updates.ts';
import type { Subscription } from './subscription.ts';

/** The subscriptions of one circuit: which of them are fed, and the updates that are owed. */
export class Monitors {
  count = 0;
  readonly owed: OwedUpdates;
  readonly #circuit: Circuit;

  constructor(circuit: Circuit) {
    this.#circuit = circuit;
    this.owed = new OwedUpdates(circuit);
  }

  /** Begins a subscription: one update now, then one per matching event if it may be read. */
  begin(subscription: Subscription, readable: boolean): void {
    this.count++;
    this.#circuit.world.tally.subscriptions++;
    if (readable) this.unmute(subscription);
    else this.mute(subscription);
  }

  /** Ends a subscription; its channel forgets it by itself. */
  end(subscription: Subscription): void {
    this.#silence(subscription);
    this.count--;
    this.#circuit.world.tally.subscriptions--;
  }

  /** The client may not read it: it is told so once, and then hears nothing. */
  mute(subscription: Subscription): void {
    this.#silence(subscription);
    appendDenial(this.#circuit, subscription, CommandId.eventAdd, subscription.id);
  }

  /** The client may read it: an update now, unless filters say no, then one per matching event. */
  unmute(subscription: Subscription): void {
    this.#circuit.world.publisher.add(subscription);
    const { filter } = subscription.field;
    if (filter) subscription.passed = filter.eventLog(subscription.mask);
    if (!filter || subscription.passed) this.owed.add(subscription);
  }

  #silence(subscription: Subscription): void {
    this.owed.forget(subscription);
    this.#circuit.world.publisher.remove(subscription);
  }
}
