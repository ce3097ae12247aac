/** Why the server ended a circuit. */
export type CircuitEnd =
  /** The client broke the protocol (facts/ca.md section 2.1). */
  | 'protocol'
  /** It did not take what it had asked for, for too long. */
  | 'slow'
  /** It never said VERSION, or had no channel and nothing to say, for too long. */
  | 'idle'
  /** Serving it failed in a way nobody foresaw; the log has the cause. */
  | 'fault';

/** What the server did since it started, and what it holds now; served as PVs and metrics. */
export interface CaCounters {
  /** Now. */
  readonly circuits: number;
  readonly channels: number;
  readonly subscriptions: number;
  /** Since start. */
  readonly accepted: number;
  readonly searches: number;
  /** Search datagrams not looked at, since their address sends too many. */
  readonly unheardSearches: number;
  readonly found: number;
  readonly creates: number;
  readonly gets: number;
  readonly puts: number;
  /** Monitor updates sent. */
  readonly updates: number;
  /** Monitor updates that gave way to a newer one. */
  readonly squashed: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Messages answered with ERROR. */
  readonly errors: number;
  /** Refused by a cap: circuits, channels, subscriptions. */
  readonly refusedCircuits: number;
  readonly refusedChannels: number;
  readonly refusedSubscriptions: number;
  /** Datagrams that were no search. */
  readonly malformedDatagrams: number;
  readonly beacons: number;
  /** Circuits that the server ended, by reason. */
  readonly ended: Readonly<Record<CircuitEnd, number>>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The server's own, writable view of its counters. */
export type Tally = Mutable<Omit<CaCounters, 'ended'>> & { ended: Record<CircuitEnd, number> };

export function newTally(): Tally {
  return {
    ...{ circuits: 0, channels: 0, subscriptions: 0 },
    ...{ accepted: 0, searches: 0, unheardSearches: 0, found: 0, creates: 0, gets: 0, puts: 0 },
    ...{ updates: 0, squashed: 0, bytesIn: 0, bytesOut: 0, errors: 0 },
    ...{ refusedCircuits: 0, refusedChannels: 0, refusedSubscriptions: 0 },
    ...{ malformedDatagrams: 0, beacons: 0 },
    ended: { protocol: 0, slow: 0, idle: 0, fault: 0 },
  };
}
