/** One client of a server, as `casr` shows it. */
export interface ServedClient {
  /** `address:port`. */
  readonly peer: string;
  /** What it says of itself. */
  readonly user: string;
  readonly host: string;
  readonly version: string;
  readonly priority: number;
  readonly channels: number;
  readonly silentSeconds: number;
  /** Updates that wait for it to take them. */
  readonly queued: number;
  readonly waitingIn: number;
  readonly waitingOut: number;
}

/** One channel of a client. */
export interface ServedChannel {
  readonly name: string;
  readonly type: string;
  readonly count: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly monitors: number;
}

/** A server of PVs, as it says of itself. */
export interface ServerView {
  report(): {
    readonly port: number;
    readonly udpPort: number;
    /** Addresses it listens on; none is all. */
    readonly interfaces: readonly string[];
    readonly clients: readonly ServedClient[];
  };
  /** Of each client, in the order of the report. */
  channels(): readonly (readonly ServedChannel[])[];
}
