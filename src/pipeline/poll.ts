import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  filter,
  finalize,
  from,
  map,
  mergeMap,
  type Observable,
  tap,
  timer,
} from 'rxjs';
import { AdsError, exchangeBytes, type Invoker, readBytes } from '../ads/index.ts';
import { messageOf } from '../kernel/index.ts';
import { Quality } from '../model/index.ts';
import type { Region } from '../twincat/index.ts';
import type { PipelineCounters } from './counters.ts';
import type { Link } from './link.ts';
import { byTarget } from './subscribe.ts';

/** Polls sent or queued at a time: far from what a client lets wait, however large the plant. */
const POLLS_AT_ONCE = 1024;

/**
 * Reads each region every `period` seconds, or as many times later as it says, spread over the turns.
 * A region whose answer is late skips its turn; the others do not wait for it. Emits when a region
 * was read. What fails once stands until its next turn: when the bus was changed, the lists of all
 * slaves have another length until that is known.
 */
export function polled(
  link: Link,
  regions: readonly Region[],
  period: number,
  counters: PipelineCounters,
): Observable<Region> {
  const asked = new Set<Region>();
  const forgiven = new Set<Region>();
  const isDue = (region: Region, turn: number, index: number) =>
    turn === 0 || (turn + index) % (region.every ?? 1) === 0;
  return timer(0, period * 1000).pipe(
    mergeMap((turn) =>
      regions.filter((region, index) => !asked.has(region) && isDue(region, turn, index)),
    ),
    tap((region) => asked.add(region)),
    mergeMap(
      (region) =>
        readInto(link, region, counters, { forgiven }).pipe(
          finalize(() => void asked.delete(region)),
        ),
      POLLS_AT_ONCE,
    ),
  );
}

/** Mailboxes that are read at a time. */
const AT_ONCE = 64;

/** Reads each region once: one after the other per address, since a mailbox serves one at a time. */
export function readOnce(
  link: Link,
  regions: readonly Region[],
  counters: PipelineCounters,
): Observable<Region> {
  const mailboxes = byTarget(regions, ({ target }) => target);
  return from(mailboxes).pipe(
    mergeMap(
      ([, each]) => from(each).pipe(concatMap((region) => readInto(link, region, counters))),
      AT_ONCE,
    ),
  );
}

/** Regions whose last read failed and which stand for once; who carries the read. */
type HowToRead = { readonly forgiven?: Set<Region>; readonly via?: Invoker };

/**
 * Reads a region into the image; what the plant refuses is marked as bad, and logged once. With
 * `forgiven`, where those stand that failed the last time, only at the second failure in a row.
 */
export function readInto(
  { client, memory, log, signal, isVoid, onRead }: Link,
  region: Region,
  counters: PipelineCounters,
  { forgiven, via = client.patient }: HowToRead = {},
): Observable<Region> {
  const { target, command } = region;
  const read = () =>
    command === undefined
      ? readBytes(via, target, region, signal)
      : exchangeBytes(via, target, region, command, signal);
  return defer(read).pipe(
    filter(() => isVoid?.() !== true),
    map((bytes) => {
      forgiven?.delete(region);
      memory.applyRead(region, bytes);
      onRead?.(region, bytes);
      return region;
    }),
    catchError((error: unknown) => {
      if (!(error instanceof AdsError)) throw error;
      counters.pollsFailed++;
      if (isVoid?.() || (forgiven && !forgiven.has(region))) {
        forgiven?.add(region);
        return EMPTY;
      }
      onRead?.(region, undefined);
      if (memory.degrade(region, Quality.bad)) log.warn(messageOf(error));
      return EMPTY;
    }),
  );
}
