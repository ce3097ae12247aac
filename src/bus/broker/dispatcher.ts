import { TopicTree } from '../link/topic-tree.ts';

type Done = (error?: Error) => void;
type Listener = (message: Dispatched, done: () => void) => void;
type Dispatched = { readonly topic: string };

/**
 * Brings messages to the subscriptions that match, as aedes asks its emitter for it. The usual one
 * ends a subscription a turn later, so that one that follows at once ends with it; and it takes no
 * more than a hundred messages at a time, so that who takes nothing stops everybody.
 */
export class Dispatcher {
  readonly #listeners = new TopicTree<Listener>();
  #isClosed = false;

  on(filter: string, listener: Listener, done?: () => void): this {
    this.#listeners.add(filter, listener);
    done?.();
    return this;
  }

  removeListener(filter: string, listener: Listener, done?: () => void): this {
    this.#listeners.delete(filter, listener);
    done?.();
    return this;
  }

  /** `done` is called when all who listen took it: who publishes waits for them, nobody else does. */
  emit(message: Dispatched, done: Done = () => {}): this {
    const listeners = this.#isClosed ? [] : this.#listeners.matching(message.topic);
    let rest = listeners.length;
    // Not at once, or who publishes much goes deeper and deeper.
    if (rest === 0) queueMicrotask(() => done());
    const taken = () => {
      if (--rest === 0) done();
    };
    for (const listener of listeners) listener(message, taken);
    return this;
  }

  close(done: () => void): this {
    this.#isClosed = true;
    setImmediate(done);
    return this;
  }
}
