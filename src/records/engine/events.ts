import type { Slot } from '../../model/index.ts';
import type { Moment } from '../links/link.ts';
import { parseDouble } from '../parse.ts';
import type { Engine } from './engine.ts';
import { byPhase } from './scans.ts';

/** Events that EPICS knows by number. */
const MOST_NUMBERED = 255;

/** Named events: the records that wait for them (SCAN Event), and when each came last. */
export class Events {
  readonly #engine: Engine;
  readonly #lists = new Map<string, Slot[]>();
  readonly #times = new Map<string, Moment>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Every event that some record waits for, with those records. */
  lists(): Iterable<readonly [event: string, slots: readonly Slot[]]> {
    return this.#lists;
  }

  add(slot: Slot): void {
    const name = this.#nameOf(slot);
    if (name === undefined) return;
    const { columns } = this.#engine;
    const priority = (at: Slot) => columns.storedNumber(at, 'PRIO');
    const slots = byPhase(this.#engine, [...(this.#lists.get(name) ?? []), slot]);
    // EPICS has a thread for each priority.
    this.#lists.set(
      name,
      slots.toSorted((a, b) => priority(b) - priority(a)),
    );
  }

  remove(slot: Slot): void {
    const name = this.#nameOf(slot);
    if (name === undefined) return;
    const slots = (this.#lists.get(name) ?? []).filter((other) => other !== slot);
    if (slots.length > 0) this.#lists.set(name, slots);
    else this.#lists.delete(name);
  }

  /** Processes the records that wait for an event, at the end of this turn. */
  post(event: string): void {
    const name = eventName(event);
    if (name === undefined) return;
    const { turns } = this.#engine;
    turns.call(() => {
      this.#times.set(name, { seconds: turns.seconds, nanoseconds: turns.nanoseconds });
      for (const slot of this.#lists.get(name) ?? []) turns.once(slot);
    });
  }

  /** When a numbered event came last. */
  time(event: number): Moment | undefined {
    return this.#times.get(String(event));
  }

  #nameOf(slot: Slot): string | undefined {
    return eventName(String(this.#engine.columns.stored(slot, 'EVNT') ?? ''));
  }
}

/**
 * An event's one name: blanks around it do not count, and a number from 1 to 255 is its whole part,
 * since it may come from a calculation. 0 and nothing are no event.
 */
export function eventName(text: string): string | undefined {
  const name = text.trim();
  if (name === '') return undefined;
  const isNumber = /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(name);
  const number = isNumber ? parseDouble(name) : Number.NaN;
  if (typeof number !== 'number' || !(number >= 0 && number < MOST_NUMBERED + 1)) return name;
  return number < 1 ? undefined : String(Math.trunc(number));
}
