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
import type { Feed } from './feed.ts';
import type { Link } from './link.ts';
import {
  type NotificationPlan,
  type Refused,
  type Subscription,
  subscribed,
  unsubscribe,
} from './subscribe.ts';

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
  /** Why the plant does not notify of what it was asked for. */
  readonly #refusals = new Map<Block, string>();
  #wanted = new Map<Block, Region>();
  #epoch = 0;

  constructor(link: Link, plan: NotificationPlan) {
    this.#link = link;
    this.#plan = plan;
  }

  /** Regions that the plant refused to notify of when it was asked last. */
  get refused(): readonly Region[] {
    return [...this.#refusals.keys()].flatMap((block) => this.#wanted.get(block) ?? []);
  }

  /** Why it refused the last of them. */
  get refusal(): string | undefined {
    return [...this.#refusals.values()].at(-1);
  }

  /** Whether a region is notified. */
  holds(region: Region): boolean {
    return this.#held.has(this.#blockOf(region));
  }

  get held(): readonly Subscription[] {
    return [...this.#held.values()];
  }

  /** The wish from now on; what is not wanted any more is deleted. */
  want(regions: readonly Region[]): void {
    this.#wanted = new Map(regions.map((region) => [this.#blockOf(region), region]));
    const isUnwanted = (block: Block) => !this.#wanted.has(block);
    this.#drop([...this.#held.keys()].filter(isUnwanted));
    for (const block of [...this.#refusals.keys()].filter(isUnwanted)) {
      this.#refusals.delete(block);
    }
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
    this.#refusals.clear();
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
      const isAsked = (block: Block) => !this.#held.has(block) && !this.#pending.has(block);
      const asked = [...this.#wanted].flatMap(([block, region]) =>
        isAsked(block) ? [region] : [],
      );
      if (asked.length === 0) return EMPTY;
      const epoch = this.#epoch;
      const onRefused: Refused = (feed, text) => {
        if (epoch === this.#epoch) this.#refuse(feed, text);
      };
      for (const region of asked) this.#pending.add(this.#blockOf(region));
      return subscribed(this.#link, asked, this.#plan, onRefused).pipe(
        tap((each) => {
          if (epoch === this.#epoch) this.#hold(each);
          else void unsubscribe(this.#link, [each], FAREWELL_MS);
        }),
        finalize(() => {
          if (epoch !== this.#epoch) return;
          for (const region of asked) this.#pending.delete(this.#blockOf(region));
        }),
      );
    });
  }

  #hold(subscription: Subscription): void {
    const block = this.#blockOf(subscription.region);
    this.#held.set(block, subscription);
    this.#refusals.delete(block);
  }

  /** Said once, however often it is tried again. */
  #refuse({ members }: Feed, text: string): void {
    if (members.some(({ block }) => !this.#refusals.has(block))) this.#link.log.warn(text);
    for (const { block } of members) this.#refusals.set(block, text);
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
