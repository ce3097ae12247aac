import {
  EMPTY,
  exhaustMap,
  filter,
  from,
  merge,
  Observable,
  retry,
  type Subscriber,
  switchMap,
  tap,
  timer,
} from 'rxjs';
import { type Clock, type Log, messageOf, type Scope } from '../../../kernel/index.ts';
import { namePattern } from '../../../model/index.ts';
import type { PvDirectory } from '../../../pv/index.ts';
import type { BusLink } from '../../link.ts';
import type { PlantNodes } from '../../node.ts';
import { PlantAlarms } from './alarms/plant-alarms.ts';
import type { Entities } from './entities.ts';
import type { EntityBook } from './entity-book.ts';
import { EnumStates } from './enum-states.ts';
import {
  alarmFilter,
  type IntroductionMeans,
  introduce,
  isOurs,
  type Occasion,
} from './introduction.ts';
import { KeptTopics } from './kept-topics.ts';
import { metaOf } from './measurements/meta.ts';
import { type Extras, type Group, groupsOf } from './measurements/plan.ts';
import { Policies } from './measurements/policy.ts';
import { Telemetry, type TelemetryCounters } from './measurements/telemetry.ts';
import type { ThinEdgeOptions } from './options.ts';
import type { Retained } from './registration.ts';
import { type TwinOptions, twinOf } from './twin.ts';

/** What the profile needs of the IOC. */
export interface ThinEdgeMeans {
  readonly directory: PvDirectory;
  readonly nodes: PlantNodes;
  readonly entities: EntityBook;
  readonly link: BusLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly twin: TwinOptions;
  readonly lastChangePv: (prefix: string) => string;
}

/** The entities were introduced to the bus, on this occasion. */
export interface Introduced {
  readonly occasion: Occasion;
}

/** The profile, as the IOC sees it. */
export interface ServedThinEdge {
  /** Emits after each introduction: what is said of the entities may follow. */
  readonly introduced$: Observable<Introduced>;
  readonly counters: Readonly<TelemetryCounters>;
  /** Alarms that stand on the bus. */
  readonly alarms: number;
  /** Entities that were introduced to the bus. */
  readonly entities: number;
}

/** Milliseconds between two looks at what is to be published, and at what time alone brings. */
const TICK_MS = 100;
const REST_MS = 1000;

const AGAIN = { delay: REST_MS } as const;

/** Rests in which every dead-band is read again. */
const DEADBANDS_ROUND = 60;

/** Serves the plants of the IOC as thin-edge entities until the scope ends. */
export function serveThinEdge(
  options: ThinEdgeOptions,
  means: ThinEdgeMeans,
  scope: Scope,
): ServedThinEdge {
  const profile = new Profile(options, means);
  const running = profile.running(scope.signal).subscribe();
  scope.defer(() => running.unsubscribe());
  return profile;
}

class Profile implements ServedThinEdge {
  readonly #options: ThinEdgeOptions;
  readonly #means: ThinEdgeMeans;
  readonly #telemetry: Telemetry;
  readonly #alarms: PlantAlarms;
  readonly #states: EnumStates;
  readonly #introduction: IntroductionMeans;
  readonly #hearers = new Set<Subscriber<Introduced>>();
  readonly introduced$ = new Observable<Introduced>((hearer) => {
    this.#hearers.add(hearer);
    return () => this.#hearers.delete(hearer);
  });
  #groups: readonly Group[] = [];
  #introduced: Entities | undefined;
  /** The broker was not asked since it may have forgotten us; at the start it is not ours to know. */
  #mayHaveForgotten = true;

  constructor(options: ThinEdgeOptions, means: ThinEdgeMeans) {
    const { directory, link, clock, entities, lastChangePv } = means;
    const { measurements, alarms: rules, acceptTimeout, acceptDelay } = options;
    const { rate, burst } = measurements;
    const kept = new KeptTopics(link, clock, (topic) => isOurs(topic, entities.entities));
    this.#options = options;
    this.#means = means;
    this.#telemetry = new Telemetry({ directory, link, clock, rate, burst });
    this.#alarms = new PlantAlarms({ directory, link, clock, rules, lastChangePv });
    this.#states = new EnumStates(directory, kept);
    this.#introduction = {
      ...{ link, clock, kept, acceptTimeout, acceptDelay },
      root: options.entities.root,
      alarms: this.#alarms.book,
      details: (of) => this.#details(of),
    };
  }

  get counters(): Readonly<TelemetryCounters> {
    return this.#telemetry.counters;
  }

  get alarms(): number {
    return this.#alarms.book.told;
  }

  get entities(): number {
    return this.#introduced?.all.length ?? 0;
  }

  /** All that happens as long as somebody is subscribed. */
  running(signal: AbortSignal): Observable<unknown> {
    const { nodes, directory } = this.#means;
    const hearing = directory.posted$.pipe(
      tap((batch) => {
        this.#telemetry.hear(batch);
        this.#states.hear(batch);
        this.#alarms.hear(batch);
      }),
    );
    const ticking = timer(TICK_MS, TICK_MS).pipe(exhaustMap(() => from(this.#tick(signal))));
    const resting = timer(REST_MS, REST_MS).pipe(tap(() => this.#rest()));
    const linking = nodes.changed$.pipe(tap(() => this.#alarms.lookAtLinks()));
    const all = [hearing, ticking, resting, linking, this.#clearing(), this.#introducing()];
    // Whatever is wrong here, the IOC goes on, and so does the bus in a moment.
    return merge(...all).pipe(tap({ error: (error) => this.#complain(error) }), retry(AGAIN));
  }

  /** Hears of alarms that stand, and of those that somebody cleared. */
  #clearing(): Observable<never> {
    const { link, entities } = this.#means;
    if (!this.#options.alarms.enabled) return EMPTY;
    return new Observable(() => {
      const hearing = link.subscribe(alarmFilter(this.#options.entities.root), (message) =>
        this.#alarms.hearMessage(entities.entities, message),
      );
      return () => hearing[Symbol.dispose]();
    });
  }

  /** At each connection and each change of the entities; a newer one cuts an older one short. */
  #introducing(): Observable<unknown> {
    const { link, entities } = this.#means;
    const connections = link.connected$.pipe(
      tap(({ hasSession }) => {
        if (!hasSession) this.#mayHaveForgotten = true;
      }),
    );
    return merge(connections, entities.changed$).pipe(
      filter(() => link.isConnected),
      switchMap(() => this.#introduced$(this.#occasion())),
    );
  }

  #occasion(): Occasion {
    if (this.#mayHaveForgotten) return 'forgotten';
    return this.#introduced === this.#means.entities.entities ? 'remembered' : 'others';
  }

  #introduced$(occasion: Occasion): Observable<unknown> {
    const { entities } = this.#means.entities;
    if (occasion === 'forgotten') {
      this.#introduced = undefined;
      this.#alarms.book.beginAsking();
    }
    return new Observable((subscriber) => {
      const stop = new AbortController();
      const done = introduce(entities, occasion, this.#introduction, stop.signal);
      done.then(
        () => {
          this.#open(entities, occasion);
          subscriber.complete();
        },
        (error: unknown) => {
          if (!stop.signal.aborted) subscriber.error(error);
        },
      );
      return () => stop.abort();
    });
  }

  #complain(error: unknown): void {
    this.#means.log.error({ err: error }, `Serve thin-edge entities: ${messageOf(error)}`);
  }

  /** Twins of all, and what their measurements are. */
  *#details(entities: Entities): Generator<Retained> {
    const { directory, twin } = this.#means;
    const policies = new Policies(this.#options.measurements);
    this.#groups = groupsOf(entities.all, this.#extras(entities), directory, policies);
    for (const entity of entities.all) yield* twinOf(entity, twin);
    for (const group of this.#groups) yield metaOf(group);
  }

  /** Data may flow. */
  #open(entities: Entities, occasion: Occasion): void {
    this.#introduced = entities;
    if (occasion === 'forgotten') this.#mayHaveForgotten = false;
    this.#telemetry.serve(this.#groups);
    this.#states.serve(entities.all);
    if (this.#options.alarms.enabled) this.#alarms.serve(entities, this.#means.nodes.plants);
    for (const hearer of [...this.#hearers]) hearer.next({ occasion });
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const { link } = this.#means;
    if (!this.#introduced || !link.isConnected) return;
    this.#alarms.book.tick();
    // What waits here is one value for each member; what waits in the outbox is many. That it
    // never leaves is the end of the scope, and with it of this.
    if (this.#telemetry.tick()) await link.flushed(signal).catch(() => {});
  }

  #rest(): void {
    if (!this.#introduced || !this.#means.link.isConnected) return;
    this.#states.tick();
    this.#alarms.rest();
    this.#telemetry.readDeadbands(DEADBANDS_ROUND);
    for (const group of this.#telemetry.takeRedescribed()) {
      this.#introduction.kept.publish(metaOf(group));
    }
  }

  /** PVs about the IOC itself. */
  #extras({ ioc }: Entities): Extras {
    const patterns = this.#options.runtime.map(namePattern);
    const named = new Map<string, { readonly name: string; readonly pv: string }>();
    for (const pv of this.#means.directory.names()) {
      if (!patterns.some((pattern) => pattern.test(pv))) continue;
      const name = runtimeName(pv, this.#means.twin.prefix);
      if (!named.has(name)) named.set(name, { name, pv });
    }
    return new Map([[ioc, [...named.values()]]]);
  }
}

/** `Samples` of `BL07:IOC:Samples`, `Vacuum_Pressure` of `BL07:Vacuum:Pressure`. */
function runtimeName(pv: string, prefix: string): string {
  const tail = pv.startsWith(prefix) ? pv.slice(prefix.length) : pv;
  const name = tail.replace(/[^A-Za-z0-9]+/g, '_').replace(/^(_IOC)?_/, '');
  return /^[A-Za-z]/.test(name) ? name : `n${name}`;
}
