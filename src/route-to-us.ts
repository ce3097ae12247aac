import { addRoute } from './ads/index.ts';
import type { RouteRequest } from './config/index.ts';
import { type Clock, IocError, type Log, messageOf } from './kernel/index.ts';

/**
 * How long the router is not asked again, in milliseconds. A route once added stays, and each adding
 * writes to the controller's disk; accounts get locked after some wrong passwords.
 */
const PAUSE = { added: 60_000, silent: 5000, refused: 300_000 } as const;

/** A router that is there answers at once; the connection waits that long for one that is not. */
const ANSWER_MS = 1500;

type Outcome = { readonly kind: keyof typeof PAUSE; readonly obstacle?: string };

/** What to ask of whom. */
export interface RouteErrand {
  readonly host: string;
  readonly route: RouteRequest;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * Asks the controller's router for a route to us, as often as that is good for it, when called before
 * each attempt to connect. Resolves with what is wrong: no reason not to connect, there may be a
 * route already. Rejects with the signal's reason only. Tells no credentials.
 */
export function routeToUs({ log, clock, ...errand }: RouteErrand) {
  let last: Outcome | undefined;
  let askedAt = 0;
  return async (signal: AbortSignal): Promise<string | undefined> => {
    if (last && clock.monotonic() - askedAt < PAUSE[last.kind]) return last.obstacle;
    const outcome = await asked(errand, clock, signal);
    if (last?.obstacle !== outcome.obstacle || last === undefined) tell(log, errand.host, outcome);
    last = outcome;
    askedAt = clock.monotonic();
    return outcome.obstacle;
  };
}

async function asked(
  { host, route }: Pick<RouteErrand, 'host' | 'route'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome> {
  const { port, ...wanted } = route;
  try {
    await addRoute(host, wanted, { port, timeoutMs: ANSWER_MS, clock }, signal);
    return { kind: 'added' };
  } catch (error) {
    signal.throwIfAborted();
    const isSilent = error instanceof IocError && error.code === 'ads/router-silent';
    return { kind: isSilent ? 'silent' : 'refused', obstacle: messageOf(error) };
  }
}

function tell(log: Log, host: string, { kind, obstacle }: Outcome): void {
  if (obstacle === undefined) log.info(`${host} has a route to us`);
  else log.error(`no route was added: ${obstacle}; asked again in ${PAUSE[kind] / 1000} s`);
}
