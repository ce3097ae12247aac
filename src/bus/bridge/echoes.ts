import { createHash } from 'node:crypto';
import type { Clock } from '../../kernel/index.ts';
import { matchesFilter } from '../topic-filter.ts';
import type { Way } from './options.ts';

/** How long a message may take to come back. */
const PATIENCE_MS = 30_000;
/** Messages of which an echo is expected at a time. */
const MOST = 10_000;

/** Knows what comes back from a broker that does not know that we said it. */
export class Echoes {
  readonly #ways: readonly Way[];
  readonly #clock: Clock;
  /** When each was said, how often; the oldest first. */
  readonly #expected = new Map<string, { at: number; count: number }>();

  /** What is heard of that broker, by its ways. */
  constructor(ways: readonly Way[], clock: Clock) {
    this.#ways = ways;
    this.#clock = clock;
  }

  /** Something is about to be said there; it comes back if anything is heard of its topic. */
  expect(topic: string, payload: Uint8Array): void {
    if (!this.#ways.some(({ filter }) => matchesFilter(filter, topic))) return;
    this.#forgetOld();
    const key = keyOf(topic, payload);
    const known = this.#expected.get(key);
    this.#expected.delete(key);
    this.#expected.set(key, { at: this.#clock.monotonic(), count: (known?.count ?? 0) + 1 });
  }

  /** Whether what comes from there is what was said; each is expected once. */
  take(topic: string, payload: Uint8Array): boolean {
    const key = keyOf(topic, payload);
    const known = this.#expected.get(key);
    if (!known || this.#clock.monotonic() - known.at > PATIENCE_MS) return false;
    if (--known.count === 0) this.#expected.delete(key);
    return true;
  }

  #forgetOld(): void {
    const now = this.#clock.monotonic();
    for (const [key, { at }] of this.#expected) {
      if (this.#expected.size < MOST && now - at <= PATIENCE_MS) return;
      this.#expected.delete(key);
    }
  }
}

function keyOf(topic: string, payload: Uint8Array): string {
  return `${topic}\0${createHash('sha1').update(payload).digest('base64')}`;
}
