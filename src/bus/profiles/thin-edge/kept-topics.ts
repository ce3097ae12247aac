import { createHash } from 'node:crypto';
import { type Clock, sleep } from '../../../kernel/index.ts';
import type { BusLink } from '../../link.ts';
import type { Received } from '../../message.ts';
import type { Retained } from './registration.ts';

/** Milliseconds of silence after which the broker has told what it keeps; the longest wait for it. */
const QUIET_MS = 300;
const LONGEST_MS = 5000;

/** Between two looks at whether a wait is over. */
const STEP_MS = 20;

/**
 * What the broker keeps of ours, by digest: asked for at the start and wherever it may have
 * forgotten, so that only differences are published.
 */
export class KeptTopics {
  readonly #link: BusLink;
  readonly #clock: Clock;
  readonly #isOurs: (topic: string) => boolean;
  readonly #digests = new Map<string, string>();
  /** Published, and not yet come back. */
  readonly #awaited = new Set<string>();
  #heardAt = 0;
  #listeners = 0;

  constructor(link: BusLink, clock: Clock, isOurs: (topic: string) => boolean) {
    this.#link = link;
    this.#clock = clock;
    this.#isOurs = isOurs;
  }

  /** What we knew counts no more. */
  forget(): void {
    this.#digests.clear();
    this.#awaited.clear();
  }

  /** Hears what the broker keeps, and our own messages as they come back, until disposed of. */
  listen(filters: readonly string[]): Disposable {
    this.#heardAt = this.#clock.monotonic();
    const hear = (message: Received) => this.#hear(message);
    this.#listeners++;
    const open = filters.map((filter) => this.#link.subscribe(filter, hear));
    return {
      [Symbol.dispose]: () => {
        for (const each of open) each[Symbol.dispose]();
        this.#listeners--;
      },
    };
  }

  /** Resolves when the broker has told what it keeps. */
  async told(signal: AbortSignal): Promise<void> {
    const begin = this.#clock.monotonic();
    const isOver = (now: number) => now - this.#heardAt >= QUIET_MS || now - begin >= LONGEST_MS;
    while (!isOver(this.#clock.monotonic())) await sleep(STEP_MS, signal, this.#clock);
  }

  /** Publishes a state unless the broker keeps it so. */
  publish({ topic, payload }: Retained): void {
    const digest = digestOf(payload);
    if (this.#digests.get(topic) === digest) return;
    this.#digests.set(topic, digest);
    if (this.#listeners > 0) this.#awaited.add(topic);
    this.#link.publish({ topic, payload, delivery: 'state' });
  }

  /** Whether the broker keeps a state so. */
  keeps(state: Retained | undefined): boolean {
    return state !== undefined && this.#digests.get(state.topic) === digestOf(state.payload);
  }

  /** Resolves when what was published has come back, or does not within `longest` milliseconds. */
  async accepted(longest: number, signal: AbortSignal): Promise<void> {
    const end = this.#clock.monotonic() + longest;
    while (this.#awaited.size > 0 && this.#clock.monotonic() < end) {
      await sleep(STEP_MS, signal, this.#clock);
    }
    this.#awaited.clear();
  }

  #hear({ topic, payload }: Received): void {
    if (!this.#isOurs(topic)) return;
    this.#heardAt = this.#clock.monotonic();
    this.#awaited.delete(topic);
    if (payload.length === 0) this.#digests.delete(topic);
    else this.#digests.set(topic, digestOf(payload));
  }
}

function digestOf(payload: string | Uint8Array): string {
  return createHash('sha1').update(payload).digest('base64');
}
