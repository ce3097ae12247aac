import { type Clock, type Log, systemClock } from '../../../kernel/index.ts';
import type { AccessChange, ClientIdentity, PvDirectory } from '../../../pv/index.ts';
import type { BusLink } from '../../link.ts';
import type { Publication, Received } from '../../message.ts';
import type { PlantNodes } from '../../node.ts';
import { Replies } from '../../replies.ts';
import { Availability, availabilityTopic } from './availability.ts';
import { ChannelSubscriptions } from './channel-subscriptions.ts';
import { HomeAssistant } from './home-assistant.ts';
import type { PvProfileOptions, PvSetOptions } from './options.ts';
import { PvPublisher } from './publisher.ts';
import { PvSet } from './pv-set.ts';
import { type SetCounters, Setter } from './setter.ts';

/** What the profile works with. */
export interface PvProfileMeans {
  readonly link: BusLink;
  readonly directory: PvDirectory;
  readonly nodes: PlantNodes;
  readonly log: Log;
  readonly version: string;
  /** Below these topics nothing is answered: what is said there is obeyed. */
  readonly reserved?: readonly string[];
  readonly clock?: Clock;
}

/** A `pv` profile at work. */
export interface PvProfile extends Disposable {
  /** PVs that it serves. */
  readonly size: number;
  readonly counters: SetCounters;
}

/** The last will of a connection that serves the `pv` profile. */
export function pvWill({ prefix }: Pick<PvProfileOptions, 'prefix'>): Publication {
  return { topic: `${prefix}/$status`, payload: 'offline', delivery: 'state' };
}

/**
 * Serves the PVs of a directory on plain topics, until disposed of: `…/state`, `…/meta`,
 * `…/availability`, `…/get` and, where the options let it, `…/set` with `…/result`.
 */
export function servePvProfile(options: PvProfileOptions, means: PvProfileMeans): PvProfile {
  return new Profile(options, means);
}

class Profile implements PvProfile {
  readonly #options: PvProfileOptions;
  readonly #means: PvProfileMeans;
  readonly #replies: Replies;
  readonly #pvs: PvSet;
  readonly #publisher: PvPublisher;
  readonly #availability: Availability;
  readonly #homeAssistant: HomeAssistant | undefined;
  readonly #gets: ChannelSubscriptions;
  readonly #sets: ChannelSubscriptions | undefined;
  readonly #setter: Setter | undefined;
  readonly #stops: (() => void)[] = [];

  constructor(options: PvProfileOptions, means: PvProfileMeans) {
    const { link, directory, log, clock = systemClock } = means;
    const { prefix, set, arrays, maxBytes, homeAssistant } = options;
    this.#options = options;
    this.#means = means;
    const birth = homeAssistant ? [homeAssistant.prefix] : [];
    this.#replies = new Replies(link, [prefix, ...birth, ...(means.reserved ?? [])]);
    const session = directory.security.open(identityOf(set), (change) => this.#regrant(change));
    this.#pvs = new PvSet(options, directory, session, log);
    this.#publisher = new PvPublisher(options, directory, link, this.#pvs, clock);
    const availabilityOf = availabilityTopic(prefix, this.#pvs);
    this.#availability = new Availability(link, means.nodes, availabilityOf);
    this.#homeAssistant =
      homeAssistant &&
      new HomeAssistant(homeAssistant, { ...means, options, pvs: this.#pvs, availabilityOf });
    this.#gets = new ChannelSubscriptions(link, prefix, 'get', (message) => this.#get(message));
    if (set) {
      const replies = this.#replies;
      this.#setter = new Setter(set, { replies, session, clock, log, arrays, maxBytes });
      this.#sets = new ChannelSubscriptions(link, prefix, 'set', (message) => this.#set(message));
    }
    this.#stops.push(() => session[Symbol.dispose]());
    this.#start(clock);
  }

  get size(): number {
    return this.#pvs.all.length;
  }

  get counters(): SetCounters {
    return this.#setter?.counters ?? { sets: 0, refused: 0 };
  }

  [Symbol.dispose](): void {
    for (const stop of this.#stops.toReversed()) stop();
    this.#tellStatus('offline');
  }

  #start(clock: Clock): void {
    const { link, directory, nodes } = this.#means;
    const { tick, prefix, homeAssistant } = this.#options;
    this.#grow();
    const posted = directory.posted$.subscribe((batch) => this.#publisher.take(batch));
    const connected = link.connected$.subscribe(() => this.#publishImage());
    const changed = nodes.changed$.subscribe(() => this.#publishNodes());
    const ticks = clock.every(tick * 1000, () => this.#tick());
    // The will of a connection that we lost may come after we told that we are there again.
    const status = link.subscribe(`${prefix}/$status`, ({ payload }) => {
      if (Buffer.from(payload).toString() === 'offline') this.#tellStatus('online');
    });
    const birth = homeAssistant && this.#hearBirth(homeAssistant.prefix);
    this.#stops.push(
      () => posted.unsubscribe(),
      () => connected.unsubscribe(),
      () => changed.unsubscribe(),
    );
    for (const each of [ticks, status, birth, this.#gets, this.#sets, this.#setter]) {
      if (each) this.#stops.push(() => each[Symbol.dispose]());
    }
  }

  /** Home Assistant forgets devices when it starts anew, and says that it did. */
  #hearBirth(prefix: string): Disposable {
    return this.#means.link.subscribe(`${prefix}/status`, ({ payload, retain }) => {
      const isBirth = Buffer.from(payload).toString() === 'online';
      if (isBirth && !retain) this.#homeAssistant?.publish(true);
    });
  }

  #tick(): void {
    this.#grow();
    this.#publisher.tick();
    if (this.#means.link.isConnected) this.#homeAssistant?.tick();
  }

  /** Rights changed: everything is told, or hidden, as they are now. */
  #regrant(change: AccessChange): void {
    if (change.kind !== 'rights') {
      this.#pvs.regrant(change.kind === 'record' ? change.slot : undefined);
    }
    this.#publisher.publishAll();
  }

  /** Takes in PVs that came, and everything that they bring. */
  #grow(): void {
    const first = this.#pvs.all.length;
    if (this.#pvs.grow() === 0) return;
    const paths = this.#pvs.all.slice(first).map(({ path }) => path);
    this.#gets.cover(paths);
    this.#sets?.cover(paths);
    this.#publisher.publishAll(first);
    if (this.#means.link.isConnected) this.#publishNodes();
  }

  /** Everything, to a broker that may have lost what it knew; states leave with the next ticks. */
  #publishImage(): void {
    this.#tellStatus('online');
    this.#publishNodes(true);
    this.#publisher.publishAll();
  }

  #publishNodes(isAll = false): void {
    this.#availability.publish(isAll);
    this.#homeAssistant?.publish(isAll);
  }

  #tellStatus(payload: 'online' | 'offline'): void {
    const { topic } = pvWill(this.#options);
    this.#means.link.publish({ topic, payload, delivery: 'state' });
  }

  #get(message: Received): void {
    if (message.retain) return;
    const pv = this.#pvs.at(this.#gets.pathOf(message.topic));
    if (!pv) return;
    if (message.responseTopic === undefined) this.#publisher.publishSoon(pv.field.slot);
    else if (pv.grant.read) this.#replies.send(message, this.#publisher.stateOf(pv));
  }

  #set(message: Received): void {
    const path = this.#sets?.pathOf(message.topic) ?? '';
    const pv = this.#pvs.at(path);
    if (pv) this.#setter?.take(pv, message);
    else if (message.payload.length > 0 && !message.retain) this.#unknown(path, message);
  }

  #unknown(path: string, message: Received): void {
    const payload = JSON.stringify({ ok: false, error: 'there is no such PV on the bus' });
    this.#replies.send(message, payload, `${this.#options.prefix}/${path}/result`);
  }
}

/** Who the bus is to access security. */
function identityOf(set: PvSetOptions | undefined): ClientIdentity {
  const { user = 'mqtt', host = 'mqtt' } = set ?? {};
  const identity = { user, claimedHost: host, address: host, method: 'mqtt' };
  return { ...identity, authority: [], protocol: 'TCP' };
}
