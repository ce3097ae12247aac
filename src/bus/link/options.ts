import type { Clock, Log } from '../../kernel/index.ts';
import type { BrokerTls } from '../../mqtt/index.ts';
import type { Publication } from '../message.ts';

/** The broker, and who we are there. */
export interface BusBroker {
  /** `mqtt://host:1883`, `ws://host:80/path`, or with TLS `mqtts://host:8883`, `wss://host:443/path`. */
  readonly url: string;
  /** Never part of a message or a log, as everything secret below. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: BrokerTls | undefined;
  /** The same at each start, or the broker does not know whose session it keeps. */
  readonly clientId: string;
  /**
   * We carry messages of others: the broker gives us none of what we say ourselves, and tells what is
   * to be kept also when it is new. Brokers that know no bridges refuse a 3.1.1 connection of one.
   */
  readonly isBridge?: boolean | undefined;
  /** 3.1.1 unless told. */
  readonly version?: '3.1.1' | '5' | undefined;
  /** 15 s unless told; a silent broker is given up after one and a half of it. */
  readonly keepAliveSeconds?: number | undefined;
  /**
   * How long the broker keeps our subscriptions, and what they miss, while we are away; 0: not at
   * all. MQTT 3.1.1 knows no other than for ever. A day unless told.
   */
  readonly sessionExpirySeconds?: number | undefined;
  /** Until the broker accepts us; 5000 ms unless told. */
  readonly connectTimeoutMs?: number | undefined;
}

/** How much may wait for the broker. */
export interface OutboxBounds {
  /** 100,000 unless told. */
  readonly maxMessages?: number | undefined;
  /** Of memory, about; 32 MiB unless told. */
  readonly maxBytes?: number | undefined;
  /** Events that wait longer are dropped; a day unless told. */
  readonly maxAgeSeconds?: number | undefined;
}

/** A link to open. */
export interface BusLinkOptions extends BusBroker {
  /** What the broker says for us when we die; asked for at each connection. */
  readonly will?: (() => Publication) | undefined;
  readonly outbox?: OutboxBounds | undefined;
  /** Where durable messages outlive the process; no other link may use the file. */
  readonly journal?: string | undefined;
  readonly log: Log;
  readonly clock?: Clock | undefined;
}
