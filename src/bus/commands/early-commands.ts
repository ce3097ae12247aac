import type { EntityBook } from '../profiles/thin-edge/entity-book.ts';
import type { Heard } from './command.ts';

/** What was heard for an entity that is not there. */
export type Unaddressed = Omit<Heard, 'entity'>;

/** Most messages that are kept. */
const MOST = 1000;

/**
 * Keeps what is heard for entities that are not there yet: a plant may be found long after the broker,
 * which then brings nothing again. Bounded, the oldest goes first.
 */
export class EarlyCommands {
  readonly #book: EntityBook;
  #kept: Unaddressed[] = [];

  constructor(book: EntityBook) {
    this.#book = book;
  }

  /** Keeps it, if its entity may still come. */
  keep(heard: Unaddressed): void {
    if (!this.#isAwaiting()) return;
    if (heard.payload.kind === 'cleared') {
      this.#kept = this.#kept.filter(({ topic }) => topic !== heard.topic);
      return;
    }
    this.#kept.push(heard);
    if (this.#kept.length > MOST) this.#kept.shift();
  }

  /** What is for entities that are there now: first what a former process left, then what is new. */
  claimed(): Heard[] {
    const { entities } = this.#book;
    const found: Heard[] = [];
    const rest: Unaddressed[] = [];
    for (const heard of this.#kept) {
      const entity = entities.byTopicId(heard.name.topicId);
      if (entity) found.push({ ...heard, entity });
      else rest.push(heard);
    }
    this.#kept = this.#isAwaiting() ? rest : [];
    const isLeft = ({ arrival }: Heard) => arrival.isRetained;
    return [...found.filter(isLeft), ...found.filter((heard) => !isLeft(heard))];
  }

  /** Whether a plant was not found yet. */
  #isAwaiting(): boolean {
    return this.#book.entities.all.some(({ kind, node }) => kind === 'server' && !node);
  }
}
