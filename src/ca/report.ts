/** One channel of a client. */
export interface ChannelReport {
  /** `RECORD.FIELD`. */
  readonly name: string;
  readonly type: string;
  readonly count: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly monitors: number;
}

/** One client's circuit, as `casr` shows it. */
export interface ClientReport {
  /** Where it is connected from, `address:port`. */
  readonly peer: string;
  /** What it says of itself. */
  readonly user: string;
  readonly host: string;
  /** `4.13`, or empty before it has said so. */
  readonly version: string;
  /** 0 to 99. */
  readonly priority: number;
  /** How long it is connected, and since something came from it. */
  readonly seconds: number;
  readonly silentSeconds: number;
  readonly channels: number;
  readonly monitors: number;
  /** Updates that wait for the client to take them; each is the newest of its monitor. */
  readonly queued: number;
  /** Updates that gave way to a newer one. */
  readonly squashed: number;
  readonly updates: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Bytes written that the client has not taken, and received ones that wait for an answer. */
  readonly waitingOut: number;
  readonly waitingIn: number;
  /** It asked for no updates for now: EVENTS_OFF. */
  readonly eventsOff: boolean;
}

/** What a Channel Access server says of itself and of each client, at one moment. */
export interface CaReport {
  readonly port: number;
  readonly udpPort: number;
  readonly interfaces: readonly string[];
  readonly clients: readonly ClientReport[];
}
