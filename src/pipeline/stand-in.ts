import { exhaustMap, from, mergeMap, type Observable, timer } from 'rxjs';
import type { Link } from './link.ts';
import { readInto } from './poll.ts';
import type { Session } from './session.ts';

/** Milliseconds between two reads of a region, and reads at a time. */
const PERIOD_MS = 1000;
const AT_ONCE = 64;
/** Under this subject the status tells that there are such regions. */
const SUBJECT = 'notifications';

/**
 * Reads what the plant refuses to notify of, as long as it does: its router has no handles left, say
 * (facts/ads-clients.md section 1). Values come more seldom then, and short pulses are missed, so the
 * status says so.
 */
export function refusedRead({ plant, intent }: Session, link: Link): Observable<unknown> {
  const { status, counters } = plant;
  const tell = (refused: number) => {
    const text = `${refused} regions are read once per second: ${intent.refusal}`;
    if (refused === 0) status.settle(SUBJECT);
    else status.complain(SUBJECT, text);
  };
  return timer(PERIOD_MS, PERIOD_MS).pipe(
    exhaustMap(() => {
      const { refused } = intent;
      tell(refused.length);
      return from(refused).pipe(mergeMap((region) => readInto(link, region, counters), AT_ONCE));
    }),
  );
}
