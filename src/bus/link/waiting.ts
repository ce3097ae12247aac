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
  /** Connections that broke while it was in flight. */
  losses = 0;
  /** Number in the journal. */
  entry = 0;

  constructor(
    message: Publication,
    deadline: number = Number.POSITIVE_INFINITY,
    expires: boolean = message.expiry !== undefined,
  ) {
    const { topic, payload, delivery } = message;
    this.topic = topic;
    this.payload = payload;
    this.delivery = delivery;
    this.qos = message.qos ?? (delivery === 'telemetry' ? 0 : 1);
    this.retain = message.retain ?? delivery === 'state';
    // Telemetry of an earlier process is stale.
    this.isDurable = (message.isDurable ?? false) && delivery !== 'telemetry';
    this.correlation = message.correlation;
    // The journal has a copy.
    this.bytes = (OVERHEAD + topic.length + payload.length) * (this.isDurable ? 2 : 1);
    this.deadline = deadline;
    this.expires = expires;
  }
}
