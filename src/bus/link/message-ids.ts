import { Window } from './window.ts';

/** The form of MQTT.js's providers of packet identifiers. */
interface MessageIdProvider {
  allocate(): number | null;
  getLastAllocated(): number | null;
  register(id: number): boolean;
  deallocate(id: number): void;
  clear(): void;
}

/**
 * Packet identifiers for one connection: a message at QoS 1 has that of its place in the window,
 * subscriptions and the like take those above in turn. (MQTT.js's own come round after 65,535
 * without a look, and a message of that number is overwritten.)
 */
export class MessageIds implements MessageIdProvider {
  /** That of the message which is published next. */
  next = 0;
  #last = Window.most;

  allocate(): number {
    const given = this.next;
    this.next = 0;
    if (given > 0) return given;
    this.#last = this.#last < 0xffff ? this.#last + 1 : Window.most + 1;
    return this.#last;
  }

  getLastAllocated(): number {
    return this.#last;
  }

  register(): boolean {
    return true;
  }

  deallocate(): void {}

  clear(): void {}
}
