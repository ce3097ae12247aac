import type { Observable } from 'rxjs';
import type { Publication, Received } from './message.ts';

/** A connection as the broker granted it. */
export interface Connected {
  /** The broker remembered us: its subscriptions stand, and what they missed comes. */
  readonly hasSession: boolean;
}

/** Hears the messages of a subscription, in order; must not throw. */
export type Receiver = (message: Received) => void;

/**
 * The way to the broker, as profiles see it: it always takes what is published, lives through every
 * outage, and says when it is there again.
 */
export interface BusLink {
  readonly clientId: string;
  readonly mqttVersion: '3.1.1' | '5';
  /** Whether the broker hears us now. */
  readonly isConnected: boolean;
  /**
   * Emits at each connection, once its subscriptions stand and before anything new leaves; to who
   * subscribes while connected at once, too. Profiles publish their whole image then.
   */
  readonly connected$: Observable<Connected>;
  /** Puts a message in the outbox. Never waits and never throws: what finds no room is counted. */
  publish(message: Publication): void;
  /**
   * Receives what matches a topic filter, through all connections, until disposed of. Several may
   * match one message; each gets it. What was retained comes at each new subscription, and at each
   * connection without a session.
   */
  subscribe(filter: string, receive: Receiver, qos?: 0 | 1): Disposable;
  /** Resolves when all that was published before has left and, at QoS 1, was acknowledged; rejects with the signal's reason. */
  flushed(signal?: AbortSignal): Promise<void>;
}
