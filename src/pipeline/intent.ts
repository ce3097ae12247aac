import {
  concat,
  defer,
  EMPTY,
  expand,
  finalize,
  ignoreElements,
  type Observable,
  tap,
  timer,
} from 'rxjs';
import type { Block } from '../model/index.ts';
import type { Region } from '../twincat/index.ts';
import type { Link } from './link.ts';
import { type NotificationPlan, type Subscription, subscribed, unsubscribe } from './subscribe.ts';

/** Pauses between attempts to get a notification that was refused, seconds, doubling. */
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 30;
/** How long deletions may take that nobody waits for, in milliseconds. */
const FAREWELL_MS = 1000;

/**
 * What a session wants to be notified of, and what it is: the wish stays until it is fulfilled,
 * whatever errors come between (facts/ads-clients.md section 1).
 */
export class Intent {
  readonly #link: Link;
  readonly #plan: NotificationPlan;
  readonly #held = new Map<Block, Subscription>();
  readonly #pending = new Set<Block>();
  #wanted = new Map<Block, Region>();
  #epoch = 0;

  constructor(link: Link, plan: NotificationPlan) {
    this.#link = link;
    this.#plan = plan;
  }

  /** Regions whose notification was refused so far. */
  get missing(): readonly Region[] {
    return [...this.#wanted].flatMap(([block, region]) => (this.#held.has(block) ? [] : [region]));
  }

  get held(): readonly Subscription[] {
    return [...this.#held.values()];
  }

  /** The wish from now on; what is not wanted any more is deleted. */
  want(regions: readonly Region[]): void {
    this.#wanted = new Map(regions.map((region) => [this.#blockOf(region), region]));
    this.#drop([...this.#held.keys()].filter((block) => !this.#wanted.has(block)));
  }

  /** Forgets the notifications of these regions, so that they are asked for anew. */
  renew(regions: readonly Region[]): Observable<unknown> {
    this.#drop(regions.map((region) => this.#blockOf(region)));
    return defer(() => this.#asked());
  }

  /** No notification can be trusted any more, nor any that is still to be answered. */
  forget(): void {
    this.#epoch++;
    this.#wanted = new Map();
    this.#pending.clear();
    this.#drop([...this.#held.keys()]);
  }

  /** Asks until every wish holds, in growing pauses; emits as they come. */
  reconciled(): Observable<unknown> {
    return concat(
      this.#asked(),
      timer(FIRST_PAUSE * 1000).pipe(
        expand((_, attempt) => {
          const pause = Math.min(FIRST_PAUSE * 2 ** (attempt + 1), LONGEST_PAUSE);
          return concat(this.#asked().pipe(ignoreElements()), timer(pause * 1000));
        }),
      ),
    );
  }

  #asked(): Observable<unknown> {
    return defer(() => {
      const asked = this.missing.filter((region) => !this.#pending.has(this.#blockOf(region)));
      if (asked.length === 0) return EMPTY;
      const epoch = this.#epoch;
      for (const region of asked) this.#pending.add(this.#blockOf(region));
      return subscribed(this.#link, asked, this.#plan).pipe(
        tap((each) => {
          if (epoch === this.#epoch) this.#held.set(this.#blockOf(each.region), each);
          else void unsubscribe(this.#link, [each], FAREWELL_MS);
        }),
        finalize(() => {
          if (epoch !== this.#epoch) return;
          for (const region of asked) this.#pending.delete(this.#blockOf(region));
        }),
      );
    });
  }

  #drop(blocks: readonly Block[]): void {
    const dropped = blocks.flatMap((block) => this.#held.get(block) ?? []);
    for (const block of blocks) this.#held.delete(block);
    if (dropped.length > 0) void unsubscribe(this.#link, dropped, FAREWELL_MS);
  }

  /** Equal regions are one wish. */
  #blockOf(region: Region): Block {
    return this.#link.memory.blockOf(region);
  }
}
