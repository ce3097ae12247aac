import {
  auditTime,
  from,
  fromEvent,
  lastValueFrom,
  map,
  merge,
  type Observable,
  takeUntil,
  tap,
} from 'rxjs';
import { type AdsClient, connectAds } from '../ads/index.ts';
import { IocError, Scope } from '../kernel/index.ts';
import { buildTree, discoverPlant, IoServer, type PlantFacts } from '../twincat/index.ts';
import { bindTree, type PlantBinding } from './binding.ts';
import { watched } from './heartbeat.ts';
import type { Link } from './link.ts';
import type { Plant } from './plant.ts';
import { polled, readOnce } from './poll.ts';
import { Refresh } from './refresh.ts';
import { type Subscription, subscribed, unsubscribe } from './subscribe.ts';
import { applyTo } from './updates.ts';

/** What a session found, for the one line that says so. */
export interface SessionSummary {
  readonly devices: number;
  readonly slaves: number;
  readonly records: number;
  /** From the connection to the records, in milliseconds. */
  readonly milliseconds: number;
}

/** How long a clean end may wait for the answers to its deletions, in milliseconds. */
const FAREWELL_MS = 1000;

/**
 * One connect-to-loss life of the ADS link: connects, discovers, binds the tree to records, then
 * runs the pipelines until the link is lost (throws) or the signal fires (returns).
 */
export async function runSession(plant: Plant, signal: AbortSignal): Promise<void> {
  const { options, memory, counters } = plant;
  await using scope = new Scope(signal);
  const client = scope.use(await connectAds(options.connection, scope.signal));
  const started = options.clock.monotonic();
  const io = new IoServer(client, options.netId);
  const facts = await discoverPlant(io, options, scope.signal);
  const { tree, problems } = buildTree(facts, options.definitions, options.tree);
  for (const problem of problems) options.log.warn(problem);
  memory.forgetHandles();
  const binding = bindTree(tree, plant);
  const link: Link = { client, memory, log: options.log, signal: scope.signal };
  plant.outlet = { link, outputs: binding.outputs };
  plant.directory.flush();
  counters.sessions++;
  options.onSession?.(summaryOf(plant, facts, options.clock.monotonic() - started));
  const subscriptions: Subscription[] = [];
  scope.defer(() => unsubscribe(link, subscriptions, FAREWELL_MS));
  const changes$ = merge(
    pipelines(plant, link, binding, subscriptions),
    watched(link, io, options.poll.period),
    loss(client),
  );
  await batches(plant, binding, changes$, scope.signal);
}

/** Everything that brings values up, side by side. */
function pipelines(
  { options, counters }: Plant,
  link: Link,
  { notified, polled: polls, once }: PlantBinding,
  subscriptions: Subscription[],
): Observable<unknown> {
  return merge(
    link.client.notifications$.pipe(applyTo(link, counters)),
    subscribed(link, notified, options.notifications).pipe(tap((each) => subscriptions.push(each))),
    polled(link, polls, options.poll.period, counters),
    readOnce(link, once, counters),
  );
}

/** Gives the records what changed, at most once per flush period. */
function batches(
  plant: Plant,
  binding: PlantBinding,
  changes$: Observable<unknown>,
  signal: AbortSignal,
): Promise<unknown> {
  const refresh = new Refresh(plant, binding);
  const batches$ = changes$.pipe(
    auditTime(plant.options.update.flush * 1000),
    tap(() => {
      plant.counters.batches++;
      refresh.run();
      plant.directory.flush();
    }),
    takeUntil(fromEvent(signal, 'abort')),
  );
  return lastValueFrom(batches$, { defaultValue: undefined });
}

/** Fails when the connection ends. */
function loss(client: AdsClient): Observable<never> {
  return from(client.ended).pipe(
    map((end) => {
      const reason = end.kind === 'lost' ? end.reason : 'it was closed';
      throw new IocError('pipeline/link-lost', `the connection ended: ${reason}`);
    }),
  );
}

function summaryOf(plant: Plant, facts: PlantFacts, milliseconds: number): SessionSummary {
  return {
    devices: facts.devices.length,
    slaves: facts.devices.reduce((sum, device) => sum + device.slaves.length, 0),
    records: plant.directory.size,
    milliseconds,
  };
}
