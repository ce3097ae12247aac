import { catchError, concat, defer, EMPTY, finalize, from, mergeMap, type Observable } from 'rxjs';
import {
  AdsError,
  AdsErrorCode,
  type AmsAddress,
  adsErrorText,
  formatAddress,
  formatPlace,
  type NotificationRequest,
  sumAddNotifications,
  sumDeleteNotifications,
  TransmissionMode,
} from '../ads/index.ts';
import { messageOf } from '../kernel/index.ts';
import type { Region } from '../twincat/index.ts';
import type { Feed } from './feed.ts';
import { aloneIn, feedsOf, type WantedFeed } from './grouping.ts';
import type { Link } from './link.ts';
import type { NotificationPlan } from './notification-plan.ts';

export type { NotificationPlan } from './notification-plan.ts';

/** A region that is notified, by a feed that others may share; its handle dies with the last. */
export type Subscription = {
  readonly region: Region;
  readonly handle: number;
  readonly feed: Feed;
};

/** Notifications of one request, and requests under way. */
const TOGETHER = 100;
const AT_ONCE = 8;
/** cycleTime and maxDelay travel in units of 100 ns. */
const TICKS_PER_SECOND = 10_000_000;

/** Hears what the server does not notify of, and why. */
export type Refused = (feed: Feed, text: string) => void;

/**
 * Asks for notifications of regions, grouped into few. A block that the server refuses is asked for
 * region by region, but for want of handles, of which that would take more. Regions with a plan of
 * their own in the memory keep to that.
 */
export function subscribed(
  link: Link,
  regions: readonly Region[],
  plan: NotificationPlan,
  onRefused: Refused,
): Observable<Subscription> {
  const { memory, log } = link;
  const asked = (wanted: readonly WantedFeed[]): Observable<Subscription> =>
    from(parcelsOf(wanted)).pipe(mergeMap((parcel) => asOne(asking, parcel), AT_ONCE));
  const asking: Asking = {
    ...{ link, onRefused },
    again({ members }, text) {
      memory.refusedBlocks++;
      log.info(`${text}; its ${members.length} regions are asked for one by one`);
      return asked(members.map(({ region }) => aloneIn(region, memory, plan)));
    },
  };
  return defer(() => asked(feedsOf(regions, memory, plan)));
}

/** What one request needs of those around it; `again` asks for a refused block region by region. */
type Asking = {
  readonly link: Link;
  readonly onRefused: Refused;
  again(feed: Feed, text: string): Observable<Subscription>;
};

/** Gives up regions, and deletes the notifications of which nothing is wanted any more. */
export async function unsubscribe(
  { client, memory }: Pick<Link, 'client' | 'memory'>,
  subscriptions: readonly Subscription[],
  timeoutMs: number,
): Promise<void> {
  const dropped = new Map<Feed, { readonly handle: number; readonly regions: Set<Region> }>();
  for (const { region, feed, handle } of subscriptions) {
    const known = dropped.get(feed) ?? { handle, regions: new Set() };
    dropped.set(feed, known);
    known.regions.add(region);
  }
  const idle = [...dropped].flatMap(([feed, { handle, regions }]) =>
    feed.drop(regions) ? [{ feed, handle }] : [],
  );
  for (const { handle, feed } of idle) memory.unroute(handle, feed.target);
  const deleted = byTarget(idle, ({ feed }) => feed.target).map(([target, each]) =>
    sumDeleteNotifications(
      client,
      target,
      each.map(({ handle }) => handle),
      {},
      AbortSignal.timeout(timeoutMs),
    ),
  );
  await Promise.allSettled(deleted);
}

/** Asks for some feeds of one server with one request. */
function asOne(asking: Asking, parcel: readonly WantedFeed[]): Observable<Subscription> {
  const { client, memory, signal } = asking.link;
  const [first] = parcel;
  if (!first) return EMPTY;
  const { target } = first.feed;
  memory.expectHandles(target, 1);
  return defer(() => sumAddNotifications(client, target, parcel.map(requestOf), {}, signal)).pipe(
    mergeMap((answers) =>
      concat(
        ...parcel.map(({ feed }, i) => {
          const { result = 0, handle = 0 } = answers[i] ?? {};
          return result === 0 ? held(asking, feed, handle) : refused(asking, feed, result);
        }),
      ),
    ),
    catchError((error: unknown) => {
      if (!(error instanceof AdsError)) throw error;
      for (const { feed } of parcel) asking.onRefused(feed, messageOf(error));
      return EMPTY;
    }),
    finalize(() => memory.expectHandles(target, -1)),
  );
}

function held({ link }: Asking, feed: Feed, handle: number): Observable<Subscription> {
  link.memory.routeFeed(handle, feed);
  return from(feed.members.map(({ region }) => ({ region, handle, feed })));
}

function refused(asking: Asking, feed: Feed, result: number): Observable<Subscription> {
  const what = `Notify of ${formatPlace(feed)} (${feed.length} bytes)`;
  const text = `${what} by ${formatAddress(feed.target)} refused: ${adsErrorText(result)}`;
  if (feed.members.length > 1 && !isFull(result)) return asking.again(feed, text);
  asking.onRefused(feed, text);
  return EMPTY;
}

/** The server has no handles left, or no memory: more requests would not help. */
function isFull(result: number): boolean {
  return result === AdsErrorCode.noMoreHandles || result === AdsErrorCode.outOfMemory;
}

function requestOf({ feed, plan }: WantedFeed): NotificationRequest {
  const { group, offset, length } = feed;
  return {
    group,
    offset,
    length,
    mode: plan.mode === 'cyclic' ? TransmissionMode.serverCycle : TransmissionMode.serverOnChange,
    maxDelay: Math.round(plan.maxDelay * TICKS_PER_SECOND),
    cycleTime: Math.round(plan.cycle * TICKS_PER_SECOND),
  };
}

/** Feeds of one server each, as many as one request asks for. */
function parcelsOf(wanted: readonly WantedFeed[]): WantedFeed[][] {
  return byTarget(wanted, ({ feed }) => feed.target).flatMap(([, feeds]) =>
    Array.from({ length: Math.ceil(feeds.length / TOGETHER) }, (_, i) =>
      feeds.slice(i * TOGETHER, (i + 1) * TOGETHER),
    ),
  );
}

/** Items by the server that they concern, in the order of first mention. */
export function byTarget<T>(
  items: readonly T[],
  targetOf: (item: T) => AmsAddress,
): [AmsAddress, T[]][] {
  const groups = new Map<string, [AmsAddress, T[]]>();
  for (const item of items) {
    const target = targetOf(item);
    const group = groups.get(formatAddress(target)) ?? [target, []];
    groups.set(formatAddress(target), group);
    group[1].push(item);
  }
  return [...groups.values()];
}
