import type { Entity } from '../entity.ts';
import type { AlarmSeverity, PlantAlarmType } from './condition.ts';
import { ErrorCounter } from './error-counter.ts';
import type { EventType } from './events.ts';
import type { WatchMeans } from './watch.ts';

/** A counter of errors as an alarm: by rate while it grows, cleared when it was quiet for long. */
export class ErrorAlarm {
  readonly #means: WatchMeans;
  readonly #entity: Entity;
  readonly #kind: Kind;
  readonly #counter = new ErrorCounter();

  constructor(means: WatchMeans, entity: Entity, kind: Kind) {
    this.#means = means;
    this.#entity = entity;
    this.#kind = kind;
  }

  /** Looks at the counter, undefined when it is not known; whether time alone may change things. */
  look(total: number | undefined, time: string): boolean {
    const { rules, book, clock } = this.#means;
    const now = clock.monotonic();
    if (total !== undefined) this.#counter.read(total, now);
    this.#tellNews(now, time);
    const isQuiet = now - this.#counter.grewAt >= 1000 * rules.quiet;
    const severity = isQuiet ? undefined : this.#severity();
    const text = `${this.#entity.name}: ${this.#kind.what}`;
    book.set(this.#entity, this.#kind.alarm, severity && { severity, text, time });
    return !isQuiet;
  }

  #tellNews(now: number, time: string): void {
    const { tell, rules } = this.#means;
    const news = this.#counter.takeNews(now, 1000 * rules.eventInterval);
    if (!news) return;
    const { what, event } = this.#kind;
    const text = `${this.#entity.name}: ${news.grown} ${what}, ${news.total} in total`;
    tell(this.#entity, event, { text, time, ...news });
  }

  #severity(): AlarmSeverity {
    const { majorRate, minorRate } = this.#means.rules;
    const { perSecond } = this.#counter;
    if (perSecond >= majorRate) return 'major';
    return perSecond >= minorRate ? 'minor' : this.#kind.lowest;
  }
}

type Kind = {
  readonly alarm: PlantAlarmType;
  readonly event: EventType;
  /** `CRC errors` */
  readonly what: string;
  /** Of errors that are rare. */
  readonly lowest: AlarmSeverity;
};
