import {
  catchError,
  concat,
  EMPTY,
  exhaustMap,
  from,
  map,
  merge,
  type Observable,
  tap,
  timer,
} from 'rxjs';
import { type AmsPort, IndexGroup, readBytes, readSymbolVersion } from '../ads/index.ts';
import { IocError, messageOf } from '../kernel/index.ts';
import { int, Quality } from '../model/index.ts';
import type { Region } from '../twincat/index.ts';
import type { Configuration } from './configuration.ts';
import { concernsOneRequest } from './diagnosis.ts';
import type { Session } from './session.ts';
import { type Refused, subscribed } from './subscribe.ts';

/** Seconds between two samples of the version: a change is known that soon, and so is silence. */
const BEAT = 0.25;
/** Bytes that servers give the version. */
const widths: Readonly<Record<number, 8 | 16 | 32>> = { 1: 8, 2: 16, 4: 32 };

/** The symbol version as read, and how many bytes the server gives it. */
export type SymbolVersion = { readonly value: number; readonly length: number };

/** Of every symbol table that tells one, by its port. */
export type SymbolVersions = ReadonlyMap<AmsPort, SymbolVersion>;

/** The version of a symbol table; undefined when its server tells none. */
export async function symbolVersion(
  { plant, link }: Session,
  port: AmsPort,
): Promise<SymbolVersion | undefined> {
  const target = { netId: plant.options.netId, port };
  const place = { group: IndexGroup.symbolVersion, offset: 0, length: 4 };
  try {
    const [{ length }, value] = await Promise.all([
      readBytes(link.client, target, place, link.signal),
      readSymbolVersion(link.client, target, link.signal),
    ]);
    return { value, length };
  } catch (error) {
    if (!concernsOneRequest(error)) throw error;
    link.log.debug(`no symbol version, online changes are not noticed: ${messageOf(error)}`);
    return undefined;
  }
}

/**
 * Watches the symbol version (group 0xF008) by a cyclic notification, which also is the heartbeat of
 * the notifications themselves, and by polling. Another version makes the configuration distrusted;
 * silence while requests are answered ends the session: TwinCAT dropped what it should tell.
 */
export class VersionWatch {
  readonly #session: Session;
  readonly #current: Configuration;
  #time = '';
  #since: number;

  constructor(session: Session, current: Configuration) {
    this.#session = session;
    this.#current = current;
    this.#since = session.plant.options.clock.monotonic();
  }

  /** Runs until it is unsubscribed from. */
  watched(): Observable<unknown> {
    const { versions } = this.#current;
    const polls = [...versions.keys()].map((port) => this.#polled(port));
    const version = versions.get(this.#port);
    if (version === undefined) return merge(...polls);
    return merge(...polls, this.#notified(version), this.#listened());
  }

  /** Looks at the newest sample; to be called before each batch, so that it is ahead of clients. */
  check(): void {
    const { plant, beats } = this.#session;
    const { image, versionSlot } = plant;
    if (beats.length === 0) return;
    const time = `${image.seconds[versionSlot]}.${image.nanoseconds[versionSlot]}`;
    if (time === this.#time) return;
    // What the slot held before this session is no beat of it.
    if (this.#time !== '') this.#session.isBeating = true;
    this.#time = time;
    this.#since = plant.options.clock.monotonic();
    if (image.quality[versionSlot] === Quality.good)
      this.#compare(this.#port, image.number(versionSlot));
  }

  get #port(): AmsPort {
    return this.#session.plant.options.symbolPort;
  }

  #polled(port: AmsPort): Observable<unknown> {
    const { link, plant } = this.#session;
    const { netId, supervision } = plant.options;
    return timer(supervision.period * 1000, supervision.period * 1000).pipe(
      exhaustMap(() =>
        from(readSymbolVersion(link.client.urgent, { netId, port }, link.signal)).pipe(
          map((now) => this.#compare(port, now)),
          catchError(ignoredIfOne),
        ),
      ),
    );
  }

  #notified({ length }: SymbolVersion): Observable<unknown> {
    const { plant, link, beats } = this.#session;
    const bits = widths[length];
    if (bits === undefined || beats.length > 0) return EMPTY;
    const { netId, symbolPort: port } = plant.options;
    const place = { group: IndexGroup.symbolVersion, offset: 0, length };
    const region: Region = { target: { netId, port }, ...place, update: 'notify' };
    const block = plant.memory.blockOf(region);
    const at = { block, byte: 0, bit: 0, datatype: int(bits, false) };
    plant.places.put(plant.versionSlot, at, (slot, to) => plant.records.place(slot, to));
    // The change must come with the samples that it makes wrong, the beat whatever happens.
    const news = { mode: 'on-change', cycle: 0, maxDelay: 0 } as const;
    const steady = { mode: 'cyclic', cycle: BEAT, maxDelay: 0 } as const;
    const refused: Refused = (_, text) => link.log.warn(text);
    const asked = [news, steady].map((plan) => subscribed(link, [region], plan, refused));
    return concat(...asked).pipe(
      tap((subscription) => {
        this.#session.beats.push(subscription);
        this.#since = plant.options.clock.monotonic();
      }),
      catchError(ignoredIfOne),
    );
  }

  #listened(): Observable<unknown> {
    const { clock, supervision } = this.#session.plant.options;
    const longest = supervision.period * (supervision.misses + 1);
    return timer(BEAT * 1000, BEAT * 1000).pipe(
      map(() => {
        this.check();
        const isSilent = clock.monotonic() - this.#since > longest * 1000;
        if (this.#session.beats.length === 0 || !isSilent) return;
        // A server that never sends the version is taken as it is; one that ceases is not.
        if (this.#session.isBeating) throw ceased(longest);
      }),
    );
  }

  #compare(port: AmsPort, now: number): void {
    const known = this.#current.versions.get(port)?.value;
    if (now === known) return;
    this.#current.distrust(`the symbol version changed from ${known} to ${now}`);
  }
}

function ignoredIfOne(error: unknown): Observable<never> {
  if (!concernsOneRequest(error)) throw error;
  return EMPTY;
}

function ceased(seconds: number): IocError {
  const text = `notifications ceased for ${seconds.toFixed(1)} s while requests are answered`;
  return new IocError('pipeline/notifications-ceased', text);
}
