import type { Waiting } from './waiting.ts';
import type { Window } from './window.ts';

/** A message in flight at so many losses goes alone, to see whether it is the cause. */
const SUSPECT = 3;

/** In flight at so many, alone the last times, it is. */
const GUILTY = 8;

/**
 * Messages that were in flight when a connection broke; they go first on the next, in their order.
 * Some brokers end connections over a message that is too large or forbidden: that would be sent
 * again for ever, and nothing behind it.
 */
export class Repeats {
  #messages: Waiting[] = [];
  #alone: Waiting | undefined;

  get size(): number {
    return this.#messages.length;
  }

  /** The lowest order number among them. */
  get oldest(): number {
    return this.#messages[0]?.order ?? Number.POSITIVE_INFINITY;
  }

  /** Whether another message may be in flight beside those in the window. */
  allow(window: Window): boolean {
    if (this.#alone) return false;
    const next = this.#messages[0];
    return next && next.losses >= SUSPECT ? window.size === 0 : window.isOpen;
  }

  shift(): Waiting | undefined {
    const message = this.#messages.shift();
    if (message && message.losses >= SUSPECT) this.#alone = message;
    return message;
  }

  /** It was acknowledged. */
  clear(message: Waiting): void {
    if (this.#alone === message) this.#alone = undefined;
  }

  /** Takes what was in flight when a connection broke, but for the one to blame, which it returns. */
  add(inFlight: readonly Waiting[]): Waiting | undefined {
    for (const message of inFlight) message.losses++;
    const blamed = this.#alone && this.#alone.losses >= GUILTY ? this.#alone : undefined;
    this.#alone = undefined;
    const all = [...inFlight.filter((message) => message !== blamed), ...this.#messages];
    this.#messages = all.sort((a, b) => a.order - b.order);
    return blamed;
  }
}
