import { appendFieldAnswer } from './answer.ts';
import type { Circuit } from './circuit.ts';
import { CommandId } from './header.ts';
import type { Subscription } from './subscription.ts';

/**
 * The updates that a client could not take when they were posted: at most one per subscription,
 * with the value of the moment it is sent (facts/ca.md section 7).
 */
export class OwedUpdates {
  readonly #circuit: Circuit;
  #subscriptions: Subscription[] = [];

  constructor(circuit: Circuit) {
    this.#circuit = circuit;
  }

  /** Updates that wait. */
  get count(): number {
    return this.#subscriptions.length;
  }

  /** Sends an update now if the client takes any, else once it does. */
  add(subscription: Subscription): void {
    const { takesUpdates, world } = this.#circuit;
    if (subscription.dirty) {
      world.tally.squashed++;
      this.#circuit.squashed++;
    } else if (takesUpdates) {
      this.#send(subscription);
      world.publisher.touch(this.#circuit);
    } else {
      subscription.dirty = true;
      this.#subscriptions.push(subscription);
    }
  }

  /** A cancelled subscription is owed nothing. */
  forget(subscription: Subscription): void {
    if (!subscription.dirty) return;
    subscription.dirty = false;
    this.#subscriptions.splice(this.#subscriptions.indexOf(subscription), 1);
  }

  /** Sends what is owed, oldest first, as long as the client takes it. */
  pay(): void {
    const owed = this.#subscriptions;
    if (owed.length === 0) return;
    let paid = 0;
    for (; paid < owed.length && this.#circuit.takesUpdates; paid++) {
      const subscription = owed[paid];
      if (subscription) this.#send(subscription);
    }
    this.#subscriptions = owed.slice(paid);
  }

  #send(subscription: Subscription): void {
    subscription.dirty = false;
    const { id, passed } = subscription;
    appendFieldAnswer(this.#circuit, subscription, CommandId.eventAdd, id, passed);
    subscription.passed = undefined;
    this.#circuit.updates++;
    this.#circuit.world.tally.updates++;
  }
}
