import { catchError, defer, EMPTY, from, map, mergeMap, type Observable } from 'rxjs';
import { AdsError, deleteNotification, subscribe, TransmissionMode } from '../ads/index.ts';
import { messageOf } from '../kernel/index.ts';
import { Quality } from '../model/index.ts';
import type { Region } from '../twincat/index.ts';
import type { Link } from './link.ts';

/** How the server shall notify; times in seconds. */
export interface NotificationPlan {
  readonly mode: 'on-change' | 'cyclic';
  readonly cycle: number;
  readonly maxDelay: number;
}

/** A notification that must be deleted when the session ends. */
export type Subscription = { readonly region: Region; readonly handle: number };

/** Requests for notifications that may wait for their answers at the same time. */
const AT_ONCE = 64;
/** cycleTime and maxDelay travel in units of 100 ns. */
const TICKS_PER_SECOND = 10_000_000;

/** Asks for a notification of each region, pipelined; a refusal marks the region bad, no more. */
export function subscribed(
  link: Link,
  regions: readonly Region[],
  plan: NotificationPlan,
): Observable<Subscription> {
  return from(regions).pipe(mergeMap((region) => subscribeTo(link, region, plan), AT_ONCE));
}

/** Deletes the notifications, pipelined; ends without error whatever the server answers. */
export async function unsubscribe(
  { client }: Pick<Link, 'client'>,
  subscriptions: readonly Subscription[],
  timeoutMs: number,
): Promise<void> {
  await Promise.allSettled(
    subscriptions.map(({ region, handle }) =>
      client.invoke(deleteNotification, region.target, { handle }, { timeoutMs }),
    ),
  );
}

function subscribeTo(
  { client, memory, log, signal }: Link,
  region: Region,
  plan: NotificationPlan,
): Observable<Subscription> {
  const { target, group, offset, length } = region;
  const request = {
    group,
    offset,
    length,
    mode: plan.mode === 'cyclic' ? TransmissionMode.serverCycle : TransmissionMode.serverOnChange,
    maxDelay: Math.round(plan.maxDelay * TICKS_PER_SECOND),
    cycleTime: Math.round(plan.cycle * TICKS_PER_SECOND),
  };
  return defer(() => subscribe(client, target, request, signal)).pipe(
    map((handle) => {
      memory.route(handle, memory.blockOf(region));
      return { region, handle };
    }),
    catchError((error: unknown) => {
      if (!(error instanceof AdsError)) throw error;
      memory.degrade(region, Quality.bad);
      log.warn(messageOf(error));
      return EMPTY;
    }),
  );
}
