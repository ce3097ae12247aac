import type { Delivery, Publication } from '../message.ts';

/** Of memory for a message beside its texts, about. */
const OVERHEAD = 250;

/** A message in the outbox. */
export class Waiting {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly delivery: Delivery;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly isDurable: boolean;
  readonly correlation: Uint8Array | undefined;
  /** Of memory, about. */
  readonly bytes: number;
  /** When it is worth nothing any more, by the monotonic clock; Infinity: always worth it. */
  readonly deadline: number;
  /** Whether the deadline is its own, not the outbox's. */
  readonly expires: boolean;
  /** Place in the order of all messages. One that takes the place of another takes its number. */
  order = 0;
  /** MQTT packet identifier while it waits for its acknowledgement. */
  id = 0;
  /** Number in the journal. */
  entry = 0;

  constructor(message: Publication, now: number, maxAge = Number.POSITIVE_INFINITY) {
    const { topic, payload, delivery, expiry } = message;
    this.topic = topic;
    this.payload = payload;
    this.delivery = delivery;
    this.qos = message.qos ?? (delivery === 'telemetry' ? 0 : 1);
    this.retain = message.retain ?? delivery === 'state';
    this.isDurable = message.isDurable ?? false;
    this.correlation = message.correlation;
    this.bytes = OVERHEAD + topic.length + payload.length;
    const life = expiry === undefined ? maxAge : Math.min(maxAge, expiry * 1000);
    this.deadline = now + life;
    this.expires = expiry !== undefined;
  }
}
