/** What a user, or one who says no name, may do. */
export interface BrokerRights {
  /** Topic filters to publish to; `%u` stands for the user, `%c` for the client id. */
  readonly publish: readonly string[];
  /** Topic filters to hear of; the same. */
  readonly subscribe: readonly string[];
}

export interface BrokerUser extends BrokerRights {
  readonly name: string;
  /** As such, or as mosquitto_passwd hashes it (`$7$…`); none: known by certificate alone. */
  readonly password?: string | undefined;
}

/** Texts in PEM form. */
export interface BrokerCertificates {
  readonly cert: string;
  readonly key: string;
  /** Whose certificates clients must have; those of anybody and none without it. */
  readonly ca?: readonly string[] | undefined;
  /** A client's name is the common name of its certificate. */
  readonly namesUsers?: boolean | undefined;
}

/** Where clients come. */
export interface BrokerListener {
  readonly kind: 'mqtt' | 'ws';
  readonly host: string;
  /** 0 is any that is free. */
  readonly port: number;
  /** So many ports after it will do when it is taken; else it is waited for. */
  readonly nextPorts: number;
  /** Of WebSockets. */
  readonly path: string;
  /** Web pages that may open WebSockets (`https://host`); else those who are no web page only. */
  readonly origins: readonly string[];
  readonly tls?: BrokerCertificates | undefined;
}

/** How much of the process clients may have. */
export interface BrokerLimits {
  /** Connected at a time. */
  readonly clients: number;
  /** Bytes of a packet. */
  readonly packet: number;
  readonly topicLevels: number;
  /** Filters of a client. */
  readonly subscriptions: number;
  /** Messages and other requests per second of a client; who sends more is read more slowly. */
  readonly rate: number;
  /** Bytes that wait for a client; who leaves more is waited for, see `drain`. */
  readonly queueBytes: number;
  /** Seconds until who takes nothing is dropped; others wait so long, once. */
  readonly drain: number;
  /** Messages that are kept for a client that is away. */
  readonly queueMessages: number;
  /** Clients that are away and remembered; the longest away is forgotten first. */
  readonly sessions: number;
  /** The longest keep-alive in seconds; with 0 whatever the client wants, even none. */
  readonly keepAlive: number;
  /** Topics whose last message is kept, and the bytes of all. */
  readonly retained: number;
  readonly retainedBytes: number;
}

/** The embedded broker as it is configured. */
export interface BrokerOptions {
  readonly listeners: readonly BrokerListener[];
  readonly users: readonly BrokerUser[];
  /** Of who says no name; undefined: must say one. */
  readonly anonymous?: BrokerRights | undefined;
  readonly limits: BrokerLimits;
  /** Retained messages outlive the process here; seconds between two writes. */
  readonly retained?: { readonly file: string; readonly period: number } | undefined;
}

/** What the broker counts since it started. */
export interface BrokerCounters {
  connections: number;
  received: number;
  sent: number;
  /** Connections that were refused: name, password, certificate, limits. */
  refusedClients: number;
  /** Messages and subscriptions without the right to them. */
  denied: number;
  /** Clients that were dropped because they took nothing, or sent what breaks a rule. */
  droppedClients: number;
  /** Messages that found no room: of clients that are away, and retained ones. */
  droppedMessages: number;
  /** Retained messages that could not be written. */
  failedWrites: number;
}
