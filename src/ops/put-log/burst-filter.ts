import type { Clock } from '../../kernel/index.ts';
import { type Burst, isSameValue, longText, type PutEntry } from './entry.ts';

/**
 * Which puts are logged: `changes` leaves out those that changed nothing, `all` does not; both
 * squash puts to one PV that follow each other into one entry. `every` logs each put at once.
 * caPutLog calls them 0, 1 and 2.
 */
export type PutLogMode = 'changes' | 'all' | 'every';

/**
 * Squashes bursts: puts of one client to one PV, until another put comes or nothing for a while,
 * become one entry with the first old and the last new value. What failed is never squashed.
 */
export class BurstFilter implements Disposable {
  readonly #mode: PutLogMode;
  readonly #quietMs: number;
  readonly #clock: Clock;
  readonly #emit: (entry: PutEntry) => void;
  #pending: PutEntry | undefined;
  /** A put of the pending burst changed something. */
  #isChange = false;
  #timer: Disposable | undefined;

  /** `quietSeconds`: how long nothing must come for a burst to be over. */
  constructor(
    mode: PutLogMode,
    quietSeconds: number,
    clock: Clock,
    emit: (entry: PutEntry) => void,
  ) {
    this.#mode = mode;
    this.#quietMs = quietSeconds * 1000;
    this.#clock = clock;
    this.#emit = emit;
  }

  take(entry: PutEntry): void {
    if (this.#mode === 'every' || entry.failure !== undefined) {
      this.flush();
      this.#emit(entry);
      return;
    }
    if (this.#pending && isSameBurst(this.#pending, entry)) {
      this.#pending = squashed(this.#pending, entry);
    } else {
      this.flush();
      this.#pending = entry;
      this.#isChange = false;
    }
    this.#isChange ||= !isSameValue(entry.before, entry.after);
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#clock.after(this.#quietMs, () => this.flush());
  }

  /** Ends the burst there is. */
  flush(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const entry = this.#pending;
    this.#pending = undefined;
    if (entry && (this.#isChange || this.#mode === 'all')) this.#emit(entry);
  }

  [Symbol.dispose](): void {
    this.flush();
  }
}

/** Long strings are never squashed, and nobody's puts are told as somebody else's. */
function isSameBurst(one: PutEntry, other: PutEntry): boolean {
  return (
    one.pv === other.pv &&
    one.user === other.user &&
    one.host === other.host &&
    longText(other, other.after) === undefined
  );
}

function squashed(first: PutEntry, last: PutEntry): PutEntry {
  const burst = burstOf(first, last);
  return { ...last, before: first.before, ...(burst ? { burst } : {}) };
}

/** Only of numbers: there is no least text, and no least array. */
function burstOf(first: PutEntry, { after: { value } }: PutEntry): Burst | undefined {
  const { burst = { min: first.after.value, max: first.after.value, count: 0 } } = first;
  const { min, max, count } = burst;
  if (!isNumber(value) || !isNumber(min) || !isNumber(max)) return undefined;
  return { min: value < min ? value : min, max: value > max ? value : max, count: count + 1 };
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
