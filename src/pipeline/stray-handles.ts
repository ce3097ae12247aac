import { catchError, EMPTY, exhaustMap, from, mergeMap, type Observable, timer } from 'rxjs';
import { AdsError, formatAddress, sumDeleteNotifications } from '../ads/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { Link } from './link.ts';

/** Milliseconds between two looks, and handles that each look may delete per server. */
const PERIOD_MS = 250;
const AT_A_TIME = 64;
/** Milliseconds that a handle may be unknown: the answer that names it may still be under way. */
const GRACE_MS = 1000;

/**
 * Deletes notifications that arrive and that nobody here wants: left by an earlier life, or asked
 * for by a request whose answer was lost. They fill the router's table (facts/ads-clients.md
 * section 1). Never while a request is under way whose answer may name them.
 */
export function straysDeleted(
  { client, memory, log, signal }: Link,
  clock: Clock,
): Observable<unknown> {
  return timer(PERIOD_MS, PERIOD_MS).pipe(
    exhaustMap(() => from(memory.notifiers)),
    mergeMap(({ address, early, expected }) => {
      const strays = expected > 0 ? [] : early.takeOlder(clock.monotonic() - GRACE_MS, AT_A_TIME);
      if (strays.length === 0) return EMPTY;
      memory.strayHandles += strays.length;
      log.info(`${strays.length} notifications by ${formatAddress(address)} are not ours: deleted`);
      return from(sumDeleteNotifications(client, address, strays, {}, signal));
    }),
    catchError((error: unknown, again$) => {
      if (!(error instanceof AdsError)) throw error;
      return again$;
    }),
  );
}
