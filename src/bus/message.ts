/**
 * What becomes of a message that cannot leave at once:
 * - `telemetry`: the newest of its topic wins; what is stale after an outage is not sent at all,
 *   since a full image follows each connection. QoS 0 unless told.
 * - `state`: retained; the newest of its topic wins, the order of topics stays. QoS 1.
 * - `event`: each one counts and leaves in order, within the bounds of the outbox. QoS 1.
 *
 * Each topic keeps its order. Between kinds there is none: states go before events, telemetry at
 * QoS 0 passes both. Who needs one waits for `flushed()`.
 */
export type Delivery = 'telemetry' | 'state' | 'event';

/** A message on its way to the broker. */
export interface Publication {
  readonly topic: string;
  /** Text leaves as UTF-8; an empty one clears a retained topic. */
  readonly payload: string | Uint8Array;
  readonly delivery: Delivery;
  /** As `delivery` says unless told. */
  readonly qos?: 0 | 1;
  /** `state` is retained, the others are not, unless told: an alarm is a retained event. */
  readonly retain?: boolean;
  /** Outlives the process where the outbox has a folder. */
  readonly isDurable?: boolean;
  /** Seconds after which it is worth nothing, here and (MQTT 5) in the broker. */
  readonly expiry?: number;
  /** MQTT 5: what the asker gave to tell its answers apart. */
  readonly correlation?: Uint8Array;
}

/** A message that the broker brought. */
export interface Received {
  readonly topic: string;
  /** Borrowed: valid during the call only. */
  readonly payload: Uint8Array;
  /** Was kept by the broker: it tells what was said before we asked. */
  readonly retain: boolean;
  readonly qos: 0 | 1 | 2;
  /** The broker may have brought it before. */
  readonly isDuplicate: boolean;
  /**
   * Milliseconds from the broker's acceptance of this connection to the message: what comes right
   * after it may have waited in the broker while we were away.
   */
  readonly sinceConnected: number;
  /** MQTT 5: where the asker wants its answer. */
  readonly responseTopic?: string;
  readonly correlation?: Uint8Array;
}
