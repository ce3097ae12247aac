import type { Clock } from '../kernel/index.ts';
import type { PlantChange } from './plant-diff.ts';

/** Sentences that fit into one text. */
const SHOWN = 4;

/** What was found to be other than before, whenever the plant was looked at, since the IOC started. */
export class PlantChanges {
  /** Looks at the whole plant: the first of each session, and each that something gave reason to. */
  looks = 0;
  /** Slaves and devices, by what became of them. */
  readonly counts: Record<PlantChange['kind'], number> = {
    ...{ added: 0, removed: 0, replaced: 0, exchanged: 0, changed: 0 },
  };
  /** When and what the last time, empty before; at most so many sentences. */
  last = '';
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts the changes, and keeps them with what else there is to say of them as the last. */
  note(changes: readonly PlantChange[], news: readonly string[]): void {
    for (const { kind } of changes) this.counts[kind]++;
    const all = [...changes.map(({ text }) => text), ...news];
    if (all.length === 0) return;
    const more = all.length > SHOWN ? `; and ${all.length - SHOWN} more` : '';
    const time = new Date(this.#clock.now()).toISOString();
    this.last = `${time} ${all.slice(0, SHOWN).join('; ')}${more}`;
  }
}
