import { defer, filter, merge, type Observable } from 'rxjs';
import {
  AdsError,
  AdsErrorCode,
  AdsState,
  type AmsAddress,
  type AmsPort,
  formatAddress,
  readState,
  readSymbolVersion,
  writeBytes,
} from '../../ads/index.ts';
import { aborted, messageOf, Scope, sleep } from '../../kernel/index.ts';
import type { PutOutcome } from '../../records/index.ts';
import { Bell } from '../bell.ts';
import { adsStateText } from '../heartbeat.ts';
import type { Session } from '../session.ts';
import { applyTo } from '../updates.ts';
import type { AdsRecord } from './ads-record.ts';
import { problem } from './find-symbol.ts';
import { type GroupState, LinkGroup } from './link-group.ts';
import type { LinkService } from './plant-links.ts';
import { readFound } from './read-found.ts';

/** Links of slaves' objects are one group, those of servers one for each AMS port. */
type GroupKey = AmsPort | 'coe';

/**
 * Whether notifications of a server are for links alone: those of the slaves' values bring what links
 * want of the same server, too, once there are any.
 */
export function isOfLinks({ plant, current }: Session, { port }: AmsAddress): boolean {
  return plant.links.uses(port) && !current?.tablePorts.has(port);
}

/**
 * Serves the links that a site's records have on a plant, for the life of a session: independent of
 * whether, and how, the plant's slaves are known.
 */
export class LinkServer implements LinkService {
  readonly #session: Session;
  readonly #groups = new Map<GroupKey, LinkGroup>();
  readonly #failure = new Bell<unknown>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Runs until it is unsubscribed from; emits when samples came. Fails when the link ends. */
  served(): Observable<unknown> {
    const { link, plant } = this.#session;
    const samples$ = link.client.notifications$.pipe(
      filter(({ source }) => isOfLinks(this.#session, source)),
      applyTo(link, plant.counters),
    );
    const failed = this.#failure.rung.then((error) => Promise.reject(error));
    return merge(
      samples$,
      defer(() => merge(this.#openGroups(), failed)),
    );
  }

  /** Opens a group for each server that links lead to, now and when records come. */
  async #openGroups(): Promise<void> {
    const { plant, link } = this.#session;
    const ended = aborted(link.signal);
    while (!link.signal.aborted) {
      const { news } = plant.links;
      for (const key of byGroup(plant.links.records).keys()) this.#open(key);
      await Promise.race([news.rung, ended]);
    }
  }

  #open(key: GroupKey): void {
    if (this.#groups.has(key)) return;
    const group = this.#newGroup(key);
    this.#groups.set(key, group);
    // Servers do not wait for each other, nor polls for looks.
    for (const work of [this.#lookAfter(key, group), this.#pace(group)]) {
      work.catch((error: unknown) => this.#failure.ring(error));
    }
  }

  /** Looks after a group once each supervision period, and when a record came. */
  async #lookAfter(key: GroupKey, group: LinkGroup): Promise<void> {
    const { plant, link } = this.#session;
    const { supervision, clock } = plant.options;
    while (!link.signal.aborted) {
      const { news } = plant.links;
      const records = byGroup(plant.links.records).get(key) ?? [];
      if (records.length > 0 && !this.#isBlind(key)) {
        await group.serve(records);
        plant.directory.flush();
      }
      // However often there is news, no pause waits on behind it.
      await using pause = new Scope(link.signal);
      const over = sleep(supervision.period * 1000, pause.signal, clock);
      await Promise.race([over, news.rung]);
    }
  }

  /** Polls what of a group is to be polled. */
  async #pace({ feeds }: LinkGroup): Promise<void> {
    const { plant, link } = this.#session;
    const { clock } = plant.options;
    while (!link.signal.aborted) {
      if (await feeds.poll()) plant.directory.flush();
      const wait = Math.max(feeds.due - clock.monotonic(), SHORTEST_MS);
      await sleep(Math.min(wait, LONGEST_MS), link.signal, clock);
    }
  }

  /** What a server says now counts for nothing: its slaves are being looked at again. */
  #isBlind(key: GroupKey): boolean {
    const { current } = this.#session;
    return key !== 'coe' && current?.isDistrusted === true && current.tablePorts.has(key);
  }

  async read(record: AdsRecord): Promise<Uint8Array> {
    const { found, problem: why } = record;
    if (!found) throw problem(why ?? 'it is being looked up');
    return readFound(this.#session.link, found, record.link);
  }

  async write(record: AdsRecord, bytes: Uint8Array): Promise<PutOutcome> {
    const { plant, link } = this.#session;
    const { found } = record;
    if (!found) return { kind: 'refused', reason: 'away', text: record.problem ?? 'not known yet' };
    plant.counters.puts++;
    try {
      await writeBytes(link.client, found.target, found, bytes, link.signal);
      return { kind: 'done' };
    } catch (error) {
      plant.counters.putsFailed++;
      const text = messageOf(error);
      link.log.warn(`${record.record.name}: ${text}`);
      if (!(error instanceof AdsError)) return { kind: 'failed', text };
      if (!found.isHandle || !isStale(error)) return { kind: 'failed', text, code: error.adsCode };
      this.#staleGroup(record, 'a handle is not known any more');
      return {
        kind: 'refused',
        reason: 'busy',
        text: 'the symbols changed; try again in a moment',
      };
    }
  }

  close(record: AdsRecord): void {
    this.#groups.get(keyOf(record))?.feeds.end(record);
  }

  /** Notifications and handles of some servers are void, whatever became of their symbols. */
  distrust(ports: ReadonlySet<AmsPort>, why: string): void {
    for (const [key, records] of byGroup(this.#session.plant.links.records)) {
      if (key !== 'coe' && ports.has(key)) this.#groups.get(key)?.stale(records, why);
    }
  }

  async release(): Promise<void> {
    await Promise.all([...this.#groups.values()].map(({ feeds }) => feeds.release()));
  }

  #staleGroup(record: AdsRecord, why: string): void {
    const key = keyOf(record);
    const records = byGroup(this.#session.plant.links.records).get(key) ?? [];
    this.#groups.get(key)?.stale(records, why);
    this.#session.plant.links.wake();
  }

  #newGroup(key: GroupKey): LinkGroup {
    const session = this.#session;
    if (key === 'coe') return new LinkGroup(session, 'slaves', watchSlaves(session));
    const target = { netId: session.plant.options.netId, port: key };
    return new LinkGroup(session, formatAddress(target), watchServer(session, target));
  }
}

/** Between two looks for something to poll, in milliseconds. */
const SHORTEST_MS = 10;
const LONGEST_MS = 500;

function byGroup(records: Iterable<AdsRecord>): Map<GroupKey, AdsRecord[]> {
  const groups = new Map<GroupKey, AdsRecord[]>();
  for (const record of records) {
    const key = keyOf(record);
    const group = groups.get(key);
    if (group) group.push(record);
    else groups.set(key, [record]);
  }
  return groups;
}

function keyOf({ link: { item, port } }: AdsRecord): GroupKey {
  return item.kind === 'coe' ? 'coe' : port;
}

/** Looks at the symbol version and at the state of a server. */
function watchServer(
  { link: { client, signal } }: Session,
  target: AmsAddress,
): () => Promise<GroupState> {
  let before: number | undefined;
  return async () => {
    const [version, state] = await Promise.all([
      readSymbolVersion(client, target, signal).catch(noneIfRefused),
      client.invoke(readState, target, undefined, {}, signal).catch(noneIfRefused),
    ]);
    const isOther = before !== undefined && version !== before;
    const stale = isOther ? `its symbol version was ${before} and is ${version}` : undefined;
    before = version;
    const isStopped = state !== undefined && state.adsState !== AdsState.run;
    const stopped = isStopped ? `is in ${adsStateText(state.adsState)}` : undefined;
    return { stale, isOther, stopped };
  };
}

/** Slaves may be elsewhere, away or back whenever the plant was looked at again. */
function watchSlaves(session: Session): () => Promise<GroupState> {
  let before = session.current;
  return async () => {
    const isOther = session.current !== before;
    const stale = isOther && before ? 'the plant was looked at again' : undefined;
    before = session.current;
    return { stale, isOther };
  };
}

/** What a server does not tell. */
function noneIfRefused(error: unknown): undefined {
  if (error instanceof AdsError && error.code === 'ads/refused') return undefined;
  throw error;
}

function isStale({ adsCode }: AdsError): boolean {
  return adsCode === AdsErrorCode.symbolVersionInvalid || adsCode === AdsErrorCode.symbolNotFound;
}
