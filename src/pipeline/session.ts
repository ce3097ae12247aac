import {
  filter,
  from,
  fromEvent,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  type Observable,
  takeUntil,
  tap,
} from 'rxjs';
import { type AdsClient, connectAds } from '../ads/index.ts';
import { aborted, IocError, Scope } from '../kernel/index.ts';
import { type Block, Quality, type Slot } from '../model/index.ts';
import { IoServer } from '../twincat/index.ts';
import { audited } from './audit.ts';
import { batches } from './batches.ts';
import { Configuration } from './configuration.ts';
import { DerivedValues } from './derived.ts';
import { watched } from './heartbeat.ts';
import { Intent } from './intent.ts';
import { type Found, introspected } from './introspection.ts';
import type { Link } from './link.ts';
import { isOfLinks, LinkServer } from './links/link-server.ts';
import type { Plant } from './plant.ts';
import { polled, readOnce } from './poll.ts';
import type { Outlet } from './puts.ts';
import { Refresh } from './refresh.ts';
import type { BoundSlave } from './slave-values.ts';
import { refusedRead } from './stand-in.ts';
import { standstillsWatched } from './standstill.ts';
import { straysDeleted } from './stray-handles.ts';
import { type Subscription, unsubscribe } from './subscribe.ts';
import { topologyWatched } from './topology-watch.ts';
import { applyTo } from './updates.ts';
import { VersionWatch } from './version-watch.ts';

/** What a session found, for the one line that says so. */
export interface SessionSummary {
  readonly devices: number;
  readonly slaves: number;
  readonly records: number;
  /** From the connection to the records, in milliseconds. */
  readonly milliseconds: number;
}

/** One connect-to-loss life of the ADS link. */
export interface Session {
  readonly plant: Plant;
  readonly link: Link;
  readonly io: IoServer;
  readonly intent: Intent;
  /** Setpoints that had their turn: they took over the plant's value, or kept their own. */
  readonly settled: Set<Slot>;
  /** Blocks of regions that are read once, and were. */
  readonly readOnce: Set<Block>;
  /** State of TwinCAT as heard last; undefined when there is no I/O server, or before. */
  adsState: number | undefined;
  /** What is served now; undefined before the plant is known. */
  current: Configuration | undefined;
  /** The notifications of the symbol version: its changes, and the heartbeat of all. */
  beats: Subscription[];
  /** The heartbeat was heard in this session. */
  isBeating: boolean;
}

/** How far a session came; for telling why it ended. */
export interface Progress {
  /** What was found to stand in the way. */
  obstacle?: string | undefined;
  client?: AdsClient;
  served?: true;
}

/** How long a clean end may wait for the answers to its deletions, in milliseconds. */
const FAREWELL_MS = 1000;

/**
 * Connects, finds out what there is, and serves it, again and again as it changes, until the link is
 * lost (throws) or the signal fires (returns).
 */
export async function runSession(
  plant: Plant,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { options, memory } = plant;
  await using scope = new Scope(signal);
  progress.obstacle = await options.prepare?.(scope.signal);
  const client = scope.use(await connectAds(options.connection, scope.signal));
  progress.client = client;
  const began = options.clock.monotonic();
  memory.forgetHandles();
  const link: Link = { client, memory, log: options.log, signal: scope.signal };
  const session: Session = {
    ...{ plant, link, io: new IoServer(client, options.netId) },
    intent: new Intent(link, options.notifications),
    ...{ settled: new Set(), readOnce: new Set(), adsState: undefined },
    ...{ current: undefined, beats: [], isBeating: false },
  };
  const links = new LinkServer(session);
  plant.links.service = links;
  const life$ = merge(
    ...[watched(session), loss(client), from(served(session, progress, began))],
    batches(plant, links.served(), () => {}),
  );
  try {
    const ended$ = fromEvent(scope.signal, 'abort');
    await lastValueFrom(life$.pipe(takeUntil(ended$)), { defaultValue: undefined });
    scope.defer(() => farewell(session, links));
  } catch (error) {
    // Who left RUN, or forgot what it was to tell, still answers.
    if (!isDead(error)) scope.defer(() => farewell(session, links));
    throw error;
  } finally {
    loseValues(plant);
  }
}

/** Every value of the plant says that it is away, at once: farewells take their time. */
function loseValues(plant: Plant): void {
  plant.outlet = undefined;
  plant.check = () => {};
  plant.places.degrade(plant.places.slots(), Quality.away);
  plant.links.lose();
  plant.directory.flush();
}

function isDead(error: unknown): boolean {
  const codes = ['pipeline/silent', 'pipeline/link-lost', 'ads/ended'];
  return error instanceof IocError && codes.includes(error.code);
}

/** Serves one configuration after the other; each successor is found while the one before is served. */
async function served(session: Session, progress: Progress, began: number): Promise<void> {
  const { plant, link } = session;
  let current = new Configuration(session, await introspected(session));
  plant.counters.sessions++;
  progress.served = true;
  const { options } = plant;
  options.onSession?.(summaryOf(plant, current, options.clock.monotonic() - began));
  while (!link.signal.aborted) {
    plant.outlet = outletOf(session, current);
    session.current = current;
    const found = await successor(session, current);
    if (found === undefined) return;
    void current.writer.release(FAREWELL_MS);
    current.retire();
    const next = new Configuration(session, found, current);
    current.replaced.ring(undefined);
    current = next;
  }
}

/** Runs the pipelines of a configuration until there is another one; undefined at the end. */
async function successor(session: Session, current: Configuration): Promise<Found | undefined> {
  const next: { found?: Found } = {};
  const found$ = from(
    current.doubted.rung.then(async (why) => {
      session.link.log.info(`looking at the plant again: ${why}`);
      next.found = await introspected(session);
    }),
  );
  const version = new VersionWatch(session, current);
  const derived = new DerivedValues(session.plant, current.binding.derived);
  const link = {
    ...session.link,
    onRead: derived.take.bind(derived),
    isVoid: () => current.isDistrusted,
  };
  const refresh = new Refresh(
    ...([session.plant, current.binding, derived, session.settled, link.signal] as const),
  );
  const changes$ = merge(
    // The heartbeat comes first: a router may have no handles left for the last ones.
    version.watched(),
    pipelines(session, link, current, refresh),
    audited(session, current.binding),
  );
  const stop$ = merge(found$, fromEvent(link.signal, 'abort'));
  session.plant.check = () => version.check();
  const batches$ = batches(session.plant, changes$, () => refresh.run());
  await lastValueFrom(batches$.pipe(takeUntil(stop$)), { defaultValue: undefined });
  return next.found;
}

/** Everything that brings values up, side by side. */
function pipelines(
  session: Session,
  link: Link,
  current: Configuration,
  refresh: Refresh,
): Observable<unknown> {
  const { plant, intent } = session;
  const { options, counters } = plant;
  const { polled: polls, once, moved, newcomers } = current.binding;
  const { memory } = plant;
  for (const region of moved) session.readOnce.delete(memory.blockOf(region));
  refresh.again(newcomers.flatMap(({ adoptions }) => adoptions));
  const unread = once.filter((region) => !session.readOnce.has(memory.blockOf(region)));
  return merge(
    link.client.notifications$.pipe(
      filter(({ source }) => !current.isDistrusted && !isOfLinks(session, source)),
      applyTo(link, counters),
    ),
    straysDeleted(link, options.clock),
    plant.ages.watched(plant.memory, options.clock),
    standstillsWatched(session, current.binding.toggles),
    intent.renew(moved),
    intent.reconciled(),
    refusedRead(session, link),
    polled(link, polls, options.poll.period, counters),
    readOnce(link, unread, counters).pipe(
      tap((region) => session.readOnce.add(memory.blockOf(region))),
    ),
    topologyWatched(session, current).pipe(
      mergeMap(({ slave }) => fetched(session, link, slave, refresh)),
    ),
  );
}

/** Values and objects of a slave that came back, and its setpoints by their policy. */
function fetched(
  { plant, intent }: Session,
  link: Link,
  { name, regions, adoptions }: BoundSlave,
  refresh: Refresh,
): Observable<unknown> {
  link.log.info(`${name} is back`);
  refresh.again(adoptions);
  return merge(
    intent.renew(regions.filter(({ update }) => update === 'notify')),
    readOnce(
      link,
      regions.filter(({ update }) => update === 'once'),
      plant.counters,
    ),
  );
}

function outletOf({ plant, link, settled }: Session, current: Configuration): Outlet {
  const { counters, ownSetpoints } = plant;
  return {
    ...{ link, counters },
    outputs: current.binding.outputs,
    writer: current.writer,
    refusal: current.refusal.bind(current),
    distrust: current.distrust.bind(current),
    rescan: async () => {
      current.doubted.ring('asked to');
      await using waiting = new Scope(link.signal);
      await Promise.race([current.replaced.rung, aborted(waiting.signal)]);
      link.signal.throwIfAborted();
    },
    took(setpoint) {
      settled.add(setpoint);
      ownSetpoints.add(setpoint);
    },
  };
}

/** Gives back what the server keeps for us. */
async function farewell(
  { link, intent, beats, current }: Session,
  links: LinkServer,
): Promise<void> {
  const held = [...intent.held, ...beats];
  await Promise.all([
    unsubscribe(link, held, FAREWELL_MS),
    current?.writer.release(FAREWELL_MS),
    links.release(),
  ]);
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

function summaryOf(plant: Plant, { facts }: Configuration, milliseconds: number): SessionSummary {
  return {
    devices: facts.devices.length,
    slaves: facts.devices.reduce((sum, device) => sum + device.slaves.length, 0),
    records: plant.directory.size,
    milliseconds,
  };
}
