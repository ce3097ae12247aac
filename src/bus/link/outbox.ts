import type { Publication } from '../message.ts';
import { EveryOne, type Lane, NewestPerTopic } from './lanes.ts';
import type { OutboxBounds } from './options.ts';
import { Waiting } from './waiting.ts';

/** What never left, by reason, since the start. */
export interface Drops {
  /** Gave way to newer ones of its topic: nothing is missing. */
  replaced: number;
  /** Telemetry while the broker was away. */
  stale: number;
  /** No room. */
  full: number;
  /** Older than it or the outbox allows. */
  expired: number;
  /** Larger than the broker or the outbox takes. */
  tooLarge: number;
  /** On a topic that is none. */
  invalid: number;
  /** By the broker, which says so in MQTT 5 only. */
  refused: number;
}

/** Keeps durable messages until they are settled or dropped. */
export interface Keeper {
  keep(message: Waiting): void;
  letGo(message: Waiting): void;
}

/** States that leave in a row before something else gets its turn. */
const STATES_IN_A_ROW = 64;

/**
 * What waits for the broker, within bounds. Telemetry leaves beside the rest; of the rest states go
 * first, since events are about things that states introduce.
 */
export class Outbox {
  readonly #state = new NewestPerTopic();
  readonly #event = new EveryOne();
  /** Telemetry that wants to be acknowledged, and the rest of it. */
  readonly #sure = new NewestPerTopic();
  readonly #quick = new NewestPerTopic();
  readonly #bounds: { readonly messages: number; readonly bytes: number; readonly age: number };
  readonly #keeper: Keeper | undefined;
  readonly drops: Drops = {
    replaced: 0,
    stale: 0,
    full: 0,
    expired: 0,
    tooLarge: 0,
    invalid: 0,
    refused: 0,
  };
  /** Messages here and on their way, until they are settled. */
  messages = 0;
  /** Of memory, about. */
  bytes = 0;
  #order = 0;
  #statesInARow = 0;
  #isEventsTurn = false;

  constructor(bounds: OutboxBounds, keeper?: Keeper) {
    const { maxMessages = 100_000, maxBytes = 32 * 1024 * 1024, maxAgeSeconds = 86_400 } = bounds;
    this.#bounds = { messages: maxMessages, bytes: maxBytes, age: maxAgeSeconds * 1000 };
    this.#keeper = keeper;
  }

  /** The number of the newest message: what was put here before has this one or a lower. */
  get newest(): number {
    return this.#order;
  }

  /** The lowest number of those that wait here. */
  get oldest(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { first } of this.#lanes()) {
      if (first && first.order < least) least = first.order;
    }
    return least;
  }

  put(publication: Publication, now: number): void {
    const { delivery, expiry = Number.POSITIVE_INFINITY } = publication;
    const age = delivery === 'event' ? this.#bounds.age : Number.POSITIVE_INFINITY;
    this.add(new Waiting(publication, now + Math.min(age, expiry * 1000)));
  }

  /** Makes room where there is none: of telemetry first, states last, the oldest of each. */
  add(message: Waiting): void {
    if (message.bytes > this.#bounds.bytes) {
      this.drops.tooLarge++;
      return;
    }
    message.order = ++this.#order;
    this.messages++;
    this.bytes += message.bytes;
    if (message.isDurable) this.#keeper?.keep(message);
    const older = this.#laneOf(message).put(message);
    if (older) this.#drop(older, 'replaced');
    while (this.messages > this.#bounds.messages || this.bytes > this.#bounds.bytes) {
      const lane = this.#lanes().find(({ size }) => size > 0);
      const victim = lane?.shift();
      if (!victim) return;
      this.#drop(victim, 'full');
    }
  }

  /**
   * Takes what leaves next, which stays counted until it is settled; `isWindowOpen` tells whether
   * one may go that waits for an acknowledgement.
   */
  take(isWindowOpen: boolean, now: number): Waiting | undefined {
    for (;;) {
      const lane = this.#turn(isWindowOpen);
      const message = lane?.shift();
      if (!message) return undefined;
      if (message.deadline > now) return message;
      this.#drop(message, 'expired');
    }
  }

  /** It has left and, at QoS 1, was acknowledged. */
  settle(message: Waiting): void {
    this.messages--;
    this.bytes -= message.bytes;
    if (message.isDurable) this.#keeper?.letGo(message);
  }

  /** It left this place, and is given up. */
  giveUp(message: Waiting, why: keyof Drops): void {
    this.#drop(message, why);
  }

  /** Drops what is worth nothing when the broker is away. */
  dropStale(): void {
    for (const lane of [this.#quick, this.#sure]) {
      for (let message = lane.shift(); message; message = lane.shift()) {
        this.#drop(message, 'stale');
      }
    }
  }

  /** Drops events that waited too long. */
  dropExpired(now: number): void {
    for (let { first } = this.#event; first && first.deadline <= now; { first } = this.#event) {
      this.#event.shift();
      this.#drop(first, 'expired');
    }
  }

  #turn(isWindowOpen: boolean): Lane | undefined {
    const lane = this.#acknowledged();
    const { first } = lane;
    if (first && (isWindowOpen || first.qos === 0)) {
      this.#statesInARow = lane === this.#state ? this.#statesInARow + 1 : 0;
      if (lane !== this.#state) this.#isEventsTurn = lane !== this.#event;
      return lane;
    }
    return this.#quick.size > 0 ? this.#quick : undefined;
  }

  #acknowledged(): Lane {
    const hasOthers = this.#event.size + this.#sure.size > 0;
    const isStatesTurn = this.#statesInARow < STATES_IN_A_ROW || !hasOthers;
    if (this.#state.size > 0 && isStatesTurn) return this.#state;
    const [first, second] = this.#isEventsTurn
      ? [this.#event, this.#sure]
      : [this.#sure, this.#event];
    return first.size > 0 ? first : second;
  }

  #laneOf({ delivery, qos }: Waiting): NewestPerTopic | EveryOne {
    if (delivery === 'event') return this.#event;
    if (delivery === 'state') return this.#state;
    return qos === 1 ? this.#sure : this.#quick;
  }

  /** In the order in which they give way. */
  #lanes(): readonly Lane[] {
    return [this.#quick, this.#sure, this.#event, this.#state];
  }

  #drop(message: Waiting, why: keyof Drops): void {
    this.drops[why]++;
    this.messages--;
    this.bytes -= message.bytes;
    if (message.isDurable) this.#keeper?.letGo(message);
  }
}
