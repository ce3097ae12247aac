import { type Clock, EPICS_EPOCH_UNIX_SECONDS } from '../../kernel/index.ts';
import type { Slot } from '../../model/index.ts';

/** What a turn does at its end. */
export interface TurnWork {
  /** Processes a record with what follows from it. */
  process(slot: Slot): void;
  /** Queues the records that CP links wake. */
  wake(): void;
  /** The turn is over, and may have posted. */
  over(): void;
}

/** When the next turn of a loop of records begins: Node.js knows nothing shorter. */
const NEXT_MS = 1;

/**
 * Turns of the engine (ADR 16): everything that follows from one cause, with one time. What must
 * not happen within a processing (CP targets, repetitions, queued puts) waits for its end, each
 * record once; what comes round again waits for the next turn, so that a loop of records never
 * keeps the event loop.
 */
export class Turns {
  /** EPICS time of the turn. */
  seconds = 0;
  nanoseconds = 0;
  readonly #clock: Clock;
  readonly #work: TurnWork;
  #depth = 0;
  #queue: Slot[] = [];
  #calls: (() => void)[] = [];
  #next: Disposable | undefined;

  constructor(clock: Clock, work: TurnWork) {
    this.#clock = clock;
    this.#work = work;
  }

  get isOpen(): boolean {
    return this.#depth > 0;
  }

  run<T>(work: () => T): T {
    this.enter();
    try {
      return work();
    } finally {
      this.leave();
    }
  }

  enter(): void {
    if (this.#depth++ > 0) return;
    const now = this.#clock.now();
    const whole = Math.floor(now / 1000);
    this.seconds = whole - EPICS_EPOCH_UNIX_SECONDS;
    this.nanoseconds = Math.floor((now - whole * 1000) * 1e6);
  }

  leave(): void {
    try {
      if (this.#depth === 1) this.#settle();
    } finally {
      if (--this.#depth === 0) this.#work.over();
    }
  }

  /** Processes a record at the end of this turn, or in one of its own. */
  once(slot: Slot): void {
    this.#queue.push(slot);
    if (this.#depth === 0) this.#soon();
  }

  /** Calls at the end of this turn, or in one of its own. */
  call(work: () => void): void {
    this.#calls.push(work);
    if (this.#depth === 0) this.#soon();
  }

  [Symbol.dispose](): void {
    this.#next?.[Symbol.dispose]();
    this.#queue = [];
    this.#calls = [];
  }

  #settle(): void {
    this.#work.wake();
    if (this.#queue.length === 0 && this.#calls.length === 0) return;
    const done = new Set<Slot>();
    const again: Slot[] = [];
    while (this.#queue.length > 0 || this.#calls.length > 0) {
      const calls = this.#calls;
      this.#calls = [];
      for (const call of calls) call();
      const slots = this.#queue;
      this.#queue = [];
      for (const slot of slots) {
        if (done.has(slot)) again.push(slot);
        else this.#work.process(slot);
        done.add(slot);
      }
      this.#work.wake();
    }
    if (again.length === 0) return;
    this.#queue = [...new Set(again)];
    this.#soon();
  }

  #soon(): void {
    this.#next ??= this.#clock.after(NEXT_MS, () => {
      this.#next = undefined;
      this.run(() => {});
    });
  }
}
