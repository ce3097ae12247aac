import type { Slot } from '../../../../model/index.ts';
import type { ServedNodes } from '../../../node.ts';
import type { Entity } from '../entity.ts';
import { present, type Watch, type WatchMeans } from './watch.ts';

/** Milliseconds in which a plant may come for the first time. */
const GRACE_MS = 10_000;

/** The ADS link to a plant, and what changed of the plant behind it. */
export class LinkWatch implements Watch {
  readonly entity: Entity;
  readonly #plant: ServedNodes;
  readonly #means: WatchMeans;
  readonly #start: number;
  #wasUp: boolean | undefined;
  #lastChange: string | undefined;

  constructor(server: Entity, plant: ServedNodes, means: WatchMeans) {
    this.entity = server;
    this.#plant = plant;
    this.#means = means;
    this.#start = means.clock.monotonic();
  }

  get slots(): readonly Slot[] {
    return present([this.#means.values.lastChange(this.#plant.prefix)?.slot]);
  }

  look(): boolean {
    this.#lookAtLink();
    this.#lookAtChanges();
    return false;
  }

  #lookAtLink(): void {
    const { book, causes, clock, tell } = this.#means;
    const { isUp, text: why } = this.#plant.link;
    const isAwaited = this.#wasUp === undefined && clock.monotonic() - this.#start < GRACE_MS;
    causes.noteLink(this.#plant.name, isUp);
    if (!isUp && isAwaited) return;
    const time = new Date(clock.now()).toISOString();
    causes.note(this.entity, 'ads_link_lost', !isUp);
    const text = `The ADS link to ${this.#plant.name} is lost: ${why}`;
    // Attempts that fail change the words, not the condition.
    const isNews = isUp !== this.#wasUp;
    if (isNews) {
      const condition = { severity: 'critical', text, time } as const;
      book.set(this.entity, 'ads_link_lost', isUp ? undefined : condition);
    }
    if (isNews && this.#wasUp !== undefined) {
      const words = isUp ? `The ADS link to ${this.#plant.name} is back` : text;
      tell(this.entity, 'ads_link', { text: words, time, isUp });
    }
    this.#wasUp = isUp;
  }

  #lookAtChanges(): void {
    const { values, tell } = this.#means;
    const field = values.lastChange(this.#plant.prefix);
    const text = field === undefined ? undefined : String(field.read());
    const before = this.#lastChange;
    this.#lastChange = text;
    if (text === undefined || text === '' || before === undefined || before === text) return;
    tell(this.entity, 'topology_changed', { text, time: values.time(field?.slot) });
  }
}
