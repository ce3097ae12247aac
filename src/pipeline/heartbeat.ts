import { catchError, exhaustMap, from, map, type Observable, timer } from 'rxjs';
import { AdsState } from '../ads/index.ts';
import { IocError, messageOf } from '../kernel/index.ts';
import type { IoServer } from '../twincat/index.ts';
import type { Link } from './link.ts';

/** Misses in a row after which a link that still stands counts as dead. */
const MISSES = 2;

/**
 * Asks the I/O server for its state every `period` seconds. A TCP connection can stand while nobody
 * answers (cable, router restart), so misses end the session with an error; a state other than RUN
 * is logged when it changes.
 */
export function watched({ log }: Link, io: IoServer, period: number): Observable<void> {
  let misses = 0;
  let last: number = AdsState.run;
  return timer(period * 1000, period * 1000).pipe(
    exhaustMap(() =>
      from(io.state()).pipe(
        map(({ adsState }) => {
          misses = 0;
          if (adsState !== last) log.warn(`the I/O server is now in ADS state ${adsState}`);
          last = adsState;
        }),
        catchError((cause: unknown) => {
          misses++;
          if (misses < MISSES) return [];
          throw new IocError('pipeline/silent', `no answer any more: ${messageOf(cause)}`, {
            cause,
          });
        }),
      ),
    ),
  );
}
