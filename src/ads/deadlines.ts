import type { Clock } from '../kernel/index.ts';

/** Something that is given up when its time is over. */
export interface Expiring {
  /** Of the wheel that holds it. */
  tick: number;
  expire(): void;
}

const TICK_MS = 20;
const SLOTS = 64;

/**
 * A wheel of deadlines: entries wait in the slot of their tick, and one timer, which runs only while
 * there are entries, looks at one slot per tick. Entries expire up to two ticks late, never early.
 */
export class Deadlines implements Disposable {
  readonly #clock: Clock;
  readonly #slots = Array.from({ length: SLOTS }, () => new Set<Expiring>());
  #size = 0;
  #seen = 0;
  #timer: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(entry: Expiring, ms: number): void {
    entry.tick = Math.ceil((this.#clock.monotonic() + ms) / TICK_MS);
    this.#slot(entry.tick).add(entry);
    this.#size++;
    if (this.#timer) return;
    this.#seen = this.#tick();
    this.#timer = this.#clock.every(TICK_MS, () => this.#turn());
  }

  remove(entry: Expiring): void {
    if (this.#slot(entry.tick).delete(entry)) this.#size--;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    for (const slot of this.#slots) slot.clear();
    this.#size = 0;
  }

  /** Expires what is due in the slots that passed since the last turn; stops when none is left. */
  #turn(): void {
    const now = this.#tick();
    // A timer that came late by more than the whole wheel needs to look at each slot but once.
    for (let tick = Math.max(this.#seen + 1, now - SLOTS + 1); tick <= now; tick++) {
      for (const entry of this.#slot(tick)) {
        // Entries more than a turn of the wheel ahead wait for their own round.
        if (entry.tick > now) continue;
        this.remove(entry);
        entry.expire();
      }
    }
    this.#seen = now;
    if (this.#size > 0) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #tick(): number {
    return Math.floor(this.#clock.monotonic() / TICK_MS);
  }

  #slot(tick: number): Set<Expiring> {
    return this.#slots[tick % SLOTS] as Set<Expiring>;
  }
}
