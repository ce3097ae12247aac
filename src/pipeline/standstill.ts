import { catchError, EMPTY, exhaustMap, filter, from, type Observable, timer } from 'rxjs';
import { sumRead } from '../ads/index.ts';
import { sleep } from '../kernel/index.ts';
import { Quality, type Slot } from '../model/index.ts';
import type { Region } from '../twincat/index.ts';
import { concernsOneRequest } from './diagnosis.ts';
import type { Session } from './session.ts';
import { byTarget } from './subscribe.ts';

/** A value that changes with everything new from its source, and where it is. */
export interface Toggle {
  readonly slot: Slot;
  readonly region: Region;
  readonly byte: number;
  readonly bit: number;
  /** 1 of a byte, or those of whole bytes. */
  readonly bits: number;
  /** Seconds that it may stand still; 0: for ever. */
  readonly limit: number;
}

/** Reads that find no change before a toggle stands still; for one that does already, to see it go. */
const READS = 32;
const READS_AGAIN = 4;
/** Longest pause between two of them, unless notifications are further apart; milliseconds. */
const LONGEST_PAUSE_MS = 20;
/** One that never toggled is looked at again after so long. */
const NEVER_TOGGLED_MS = 60_000;
/** Toggles that one line of the log names. */
const NAMED = 3;

/**
 * Finds toggles that stand still for longer than their limit: what they qualify is old, though
 * samples may come. One that is seen at every second of its steps looks as if it stood still (a
 * bus cycle of 1 ms, notifications every 10 ms), so a suspect is read at odd times before it counts;
 * one that never toggled in this IOC's life does not count: there are servers that keep none.
 */
export function standstillsWatched(
  session: Session,
  toggles: readonly Toggle[],
): Observable<unknown> {
  const { qualifications } = session.plant;
  const limited = toggles.filter(({ slot, limit }) => limit > 0 && qualifications.needs(slot));
  if (limited.length === 0) return EMPTY;
  const least = Math.min(...limited.map(({ limit }) => limit));
  const period = Math.min(1, least / 4) * 1000;
  const watch = new StandstillWatch(session, limited);
  const skipped = (error: unknown) => {
    if (!concernsOneRequest(error)) throw error;
    return EMPTY;
  };
  return timer(period, period).pipe(
    exhaustMap(() => from(watch.look()).pipe(catchError(skipped))),
    filter((isNews) => isNews),
  );
}

/** What reads showed: the value at first, and whether there was another. */
type Seen = { readonly value: number; readonly isMoving: boolean };

class StandstillWatch {
  readonly #session: Session;
  readonly #toggles: readonly Toggle[];
  /** Monotonic milliseconds since when a toggle has a value in this session. */
  readonly #goodSince = new Map<Toggle, number>();

  constructor(session: Session, toggles: readonly Toggle[]) {
    this.#session = session;
    this.#toggles = toggles;
  }

  /** Tells whether something is another than before. */
  async look(): Promise<boolean> {
    const { plant, current } = this.#session;
    const suspects = this.#suspects();
    if (suspects.length === 0) return false;
    const seen = await this.#seen(suspects);
    if (this.#session.current !== current) return false;
    const stopped: Toggle[] = [];
    const resumed: Toggle[] = [];
    for (const [toggle, { isMoving }] of seen) {
      const wasStill = plant.qualifications.isStill(toggle.slot);
      if (isMoving) this.#toggled(toggle);
      else if (this.#isSuspect(toggle) && !wasStill) this.#stopped(toggle);
      const isStill = plant.qualifications.isStill(toggle.slot);
      if (isStill && !wasStill) stopped.push(toggle);
      if (wasStill && !isStill) resumed.push(toggle);
    }
    this.#say(stopped, 'stand still: the values beside them are old');
    this.#say(resumed, 'toggle again');
    return stopped.length + resumed.length > 0;
  }

  #toggled({ slot }: Toggle): void {
    const { qualifications, options } = this.#session.plant;
    qualifications.toggled(slot, options.clock.monotonic());
  }

  #stopped(toggle: Toggle): void {
    const { qualifications, options, memory, records, warnOnce } = this.#session.plant;
    const { slot } = toggle;
    if (qualifications.toggledAt(slot) > 0) {
      qualifications.standsStill(slot, ...memory.now());
      return;
    }
    this.#goodSince.set(toggle, options.clock.monotonic() + NEVER_TOGGLED_MS);
    warnOnce(`${records.columns.name[slot]} has not toggled since the IOC started: not counted`);
  }

  #suspects(): Toggle[] {
    const { image, options } = this.#session.plant;
    const now = options.clock.monotonic();
    return this.#toggles.filter((toggle) => {
      if (image.quality[toggle.slot] !== Quality.good) {
        this.#goodSince.delete(toggle);
        return false;
      }
      if (!this.#goodSince.has(toggle)) this.#goodSince.set(toggle, now);
      return this.#isSuspect(toggle);
    });
  }

  #isSuspect(toggle: Toggle): boolean {
    const { qualifications, options } = this.#session.plant;
    const since = this.#goodSince.get(toggle) ?? Number.POSITIVE_INFINITY;
    const newest = Math.max(since, qualifications.toggledAt(toggle.slot));
    return options.clock.monotonic() - newest > toggle.limit * 1000;
  }

  /** What reads at times that no cycle divides show of each suspect that can be read. */
  async #seen(suspects: readonly Toggle[]): Promise<ReadonlyMap<Toggle, Seen>> {
    const { plant, link } = this.#session;
    const { qualifications, options, memory } = plant;
    const seen = new Map<Toggle, Seen>();
    const areAllStill = suspects.every(({ slot }) => qualifications.isStill(slot));
    const cycles = suspects.map(
      ({ region }) => (memory.planOf(region) ?? options.notifications).cycle * 1000,
    );
    const pause = Math.max(LONGEST_PAUSE_MS, ...cycles);
    let waiting = suspects;
    for (let read = areAllStill ? READS - READS_AGAIN : 0; read < READS; read++) {
      for (const [toggle, value] of await this.#read(waiting)) {
        const first = seen.get(toggle)?.value ?? value;
        seen.set(toggle, { value: first, isMoving: value !== first });
      }
      waiting = waiting.filter((toggle) => seen.get(toggle)?.isMoving === false);
      if (waiting.length === 0) break;
      await sleep(Math.random() * pause, link.signal, options.clock);
    }
    return seen;
  }

  async #read(toggles: readonly Toggle[]): Promise<ReadonlyMap<Toggle, number>> {
    const { client, signal } = this.#session.link;
    const values = new Map<Toggle, number>();
    const targets = byTarget(toggles, ({ region }) => region.target);
    await Promise.all(
      targets.map(async ([target, each]) => {
        const places = each.map(({ region }) => region);
        const answers = await sumRead(client, target, places, {}, signal);
        each.forEach((toggle, i) => {
          const byte = answers[i]?.result === 0 ? answers[i].bytes[toggle.byte] : undefined;
          if (byte !== undefined)
            values.set(toggle, toggle.bits > 1 ? byte : (byte >> toggle.bit) & 1);
        });
      }),
    );
    return values;
  }

  /** One line, however many there are. */
  #say(toggles: readonly Toggle[], what: string): void {
    if (toggles.length === 0) return;
    const { records } = this.#session.plant;
    const names = toggles.slice(0, NAMED).map(({ slot }) => records.columns.name[slot]);
    const more = toggles.length > NAMED ? ` and ${toggles.length - NAMED} more` : '';
    this.#session.link.log.warn(`${names.join(', ')}${more} ${what}`);
  }
}
