import type { Waiting } from './waiting.ts';

/**
 * Messages at QoS 1 that wait for their acknowledgement. mosquitto stalls beyond 20, and one that
 * has few in flight loses and repeats few; packet identifiers are the places here, so that none is
 * used twice.
 */
export class Window {
  static readonly most = 16;
  readonly #places: (Waiting | undefined)[] = new Array(Window.most).fill(undefined);
  #size = 0;
  /** As the broker wants it (MQTT 5, receive maximum). */
  limit: number = Window.most;

  get isOpen(): boolean {
    return this.#size < this.limit;
  }

  get size(): number {
    return this.#size;
  }

  /** The lowest order number in it. */
  get oldest(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const message of this.#places) {
      if (message && message.order < least) least = message.order;
    }
    return least;
  }

  add(message: Waiting): void {
    message.id = this.#places.indexOf(undefined) + 1;
    this.putBack(message);
  }

  /** Takes its old place again: the broker may know its identifier. */
  putBack(message: Waiting): void {
    this.#places[message.id - 1] = message;
    this.#size++;
  }

  /** The message that this identifier is of, which leaves the window. */
  take(id: number): Waiting | undefined {
    const message = this.#places[id - 1];
    if (!message) return undefined;
    this.#places[id - 1] = undefined;
    this.#size--;
    return message;
  }

  /** Takes all of them out. */
  empty(): readonly Waiting[] {
    const those = this.#places.filter((message) => message !== undefined);
    this.#places.fill(undefined);
    this.#size = 0;
    return those;
  }
}
