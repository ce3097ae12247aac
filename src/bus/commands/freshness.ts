import { timeOf } from '../message-time.ts';
import type { JsonObject } from './json.ts';
import type { Guard } from './operation.ts';

/** How old commands may be; durations in seconds. */
export interface FreshnessRules {
  /** Age at which a command is not executed any more, unless it says itself. */
  readonly ttl: number;
  /** How far the asker's clock may be ahead of ours. */
  readonly skew: number;
  /** What changes something must tell its time. */
  readonly requiresTime: boolean;
}

/** How a command came; time in milliseconds since 1970. */
export interface Arrival {
  readonly at: number;
  /** The broker kept it: nobody knows since when. */
  readonly isRetained: boolean;
  /** It came right after a connection: it may have waited in the broker. */
  readonly isLate: boolean;
}

/** Until when a command may begin, or why it never may. */
export type Freshness =
  | { readonly kind: 'fresh'; readonly until: number }
  | { readonly kind: 'stale'; readonly reason: string };

/** The longest life that a command may ask for, in seconds. */
const LONGEST_TTL = 3600;

/**
 * Judges the age of a command; `now` in milliseconds since 1970. What changes something begins in
 * time or never: one that was kept by the broker is not executed, one that may have waited there only
 * if it tells its time. What only looks is as good late, unless it says how long it wants an answer.
 */
export function freshness(
  input: JsonObject,
  guard: Guard,
  arrival: Arrival,
  rules: FreshnessRules,
  now: number,
): Freshness {
  const time = timeOf(input['time']);
  if (time === undefined && input['time'] !== undefined) {
    return stale('time is neither RFC 3339 nor seconds since 1970');
  }
  const { ttl: life = rules.ttl } = input;
  if (typeof life !== 'number' || !(life > 0 && life <= LONGEST_TTL)) {
    return stale(`ttl must be seconds, above 0 and at most ${LONGEST_TTL}`);
  }
  if (guard !== 'read') {
    const why = doubt(time, arrival, rules);
    if (why !== undefined) return stale(why);
  } else if (time === undefined && input['ttl'] === undefined) {
    return { kind: 'fresh', until: Number.POSITIVE_INFINITY };
  }
  const ahead = time === undefined ? 0 : (time - arrival.at) / 1000;
  if (ahead > rules.skew) {
    return stale(`time is ${ahead.toFixed(1)} s in the future: set the clocks by one another`);
  }
  const from = time ?? arrival.at;
  const until = from + life * 1000;
  if (until >= now) return { kind: 'fresh', until };
  const age = ((now - from) / 1000).toFixed(1);
  return stale(`expired: it is ${age} s old, and its ttl is ${life} s`);
}

/** Why the age of something that changes something cannot be told. */
function doubt(
  time: number | undefined,
  { isRetained, isLate }: Arrival,
  { requiresTime }: FreshnessRules,
): string | undefined {
  if (isRetained) {
    return 'expired: the broker had kept it from before we listened; ask again with another id';
  }
  if (time !== undefined) return undefined;
  if (isLate) {
    return 'expired: it may have waited in the broker, and tells no time; ask again with another id';
  }
  return requiresTime
    ? 'it tells no time, which this IOC wants of what changes something'
    : undefined;
}

function stale(reason: string): Freshness {
  return { kind: 'stale', reason };
}
