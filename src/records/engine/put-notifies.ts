import { setMaxListeners } from 'node:events';
import type { Slot } from '../../model/index.ts';
import { Flag } from '../columns.ts';
import type { PutOutcome } from '../put.ts';
import type { Engine } from './engine.ts';

/** Puts that may wait for one busy record before more are refused. */
export const WAITING_PUTS = 32;

const done: PutOutcome = { kind: 'done' };
/** For those who wait as long as it takes. */
const never = new AbortController().signal;

type Settle = (outcome: PutOutcome) => void;

/** A put that is told when everything that it started is over. */
interface Notify {
  readonly slot: Slot;
  /** Records that process because of it are waited for, too. */
  readonly isWhole: boolean;
  readonly waiting: Set<Slot>;
  outcome: PutOutcome;
  settle: Settle | undefined;
}

/** What a put does once its record is free. */
export interface PutWork {
  readonly slot: Slot;
  readonly store: () => void;
  /** Whether the record processes after it. */
  readonly processes: boolean;
}

type Waiting = { readonly work: PutWork; readonly settle: Settle; readonly signal: AbortSignal };

/** Puts with completion (EPICS' processNotify): one at a time per record, in order, bounded. */
export class PutNotifies {
  readonly #engine: Engine;
  /** Which put a record's processing belongs to. */
  readonly #owners = new Map<Slot, Notify>();
  readonly #waiting = new Map<Slot, Waiting[]>();
  /** Records that wait for another to be done. */
  readonly #readers = new Map<Slot, Slot>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Stores and processes; with `isWhole` the outcome comes when all records that process because of
   * it are done, else when its own is. Waits its turn when the record is busy; a put that does not
   * want to wait stores at once, and the record processes again when it is free.
   */
  put(work: PutWork, isWhole: boolean, signal: AbortSignal): PutOutcome | Promise<PutOutcome> {
    const c = this.#engine.columns;
    const { slot } = work;
    if (!c.has(slot, Flag.pact) && !this.#owners.has(slot)) {
      return this.#begin(work, isWhole, signal);
    }
    if (isWhole) return this.#wait(work, signal);
    work.store();
    if (work.processes) c.set(slot, Flag.rpro, true);
    return done;
  }

  /**
   * Processes a record that `reader` reads (Async Soft Channel), and calls when everything that this
   * starts is over; false when that would never be, since it waits for the reader, or already is.
   */
  read(reader: Slot, work: PutWork, call: () => void): boolean {
    if (this.#waitsFor(work.slot, reader)) return false;
    this.#readers.set(reader, work.slot);
    const outcome = this.put(work, true, never);
    if (!(outcome instanceof Promise)) {
      this.#readers.delete(reader);
      return false;
    }
    void outcome.then(() => {
      this.#readers.delete(reader);
      call();
    });
    return true;
  }

  /** Whether a record cannot be done before another is. */
  #waitsFor(slot: Slot, other: Slot, seen = new Set<Slot>()): boolean {
    if (slot === other) return true;
    const target = this.#readers.get(slot);
    if (target === undefined || seen.has(slot)) return false;
    seen.add(slot);
    const more = this.#owners.get(target)?.waiting ?? [];
    return [target, ...more].some((next) => this.#waitsFor(next, other, seen));
  }

  /** A record processes because of another: the put that started that one waits for it. */
  extend(from: Slot, to: Slot): void {
    if (this.#owners.size === 0) return;
    const notify = this.#owners.get(from);
    if (!notify?.isWhole || to === notify.slot || this.#owners.has(to)) return;
    if (this.#engine.columns.has(to, Flag.pact) || this.#engine.columns.has(to, Flag.entered))
      return;
    this.#owners.set(to, notify);
    notify.waiting.add(to);
  }

  /** What a record was to write was refused: the put that started it says so. */
  failed(slot: Slot, outcome: PutOutcome): void {
    const notify = this.#owners.get(slot);
    if (notify?.outcome.kind === 'done') notify.outcome = outcome;
  }

  /** A record has processed, or will not. */
  completed(slot: Slot): void {
    if (this.#owners.size > 0) {
      const notify = this.#owners.get(slot);
      this.#owners.delete(slot);
      notify?.waiting.delete(slot);
      if (notify?.waiting.size === 0) notify.settle?.(notify.outcome);
    }
    if (this.#waiting.has(slot)) this.#engine.turns.call(() => this.#next(slot));
  }

  #begin(work: PutWork, isWhole: boolean, signal: AbortSignal): PutOutcome | Promise<PutOutcome> {
    const { slot, store, processes } = work;
    store();
    if (!processes) return done;
    const waiting = new Set([slot]);
    const notify: Notify = { slot, isWhole, waiting, outcome: done, settle: undefined };
    this.#owners.set(slot, notify);
    this.#engine.columns.set(slot, Flag.putf, true);
    this.#engine.process(slot);
    if (notify.waiting.size === 0) return notify.outcome;
    return new Promise((resolve) => {
      notify.settle = untilAborted(resolve, signal);
    });
  }

  #wait(work: PutWork, signal: AbortSignal): PutOutcome | Promise<PutOutcome> {
    const { slot } = work;
    const waiting = this.#waiting.get(slot) ?? [];
    if (waiting.length >= WAITING_PUTS) {
      const name = this.#engine.columns.name[slot];
      const text = `Put to ${name} refused: ${WAITING_PUTS} puts wait for it already`;
      return { kind: 'refused', reason: 'busy', text };
    }
    this.#waiting.set(slot, waiting);
    return new Promise((resolve) => {
      waiting.push({ work, settle: untilAborted(resolve, signal), signal });
    });
  }

  /** Begins the first put that still waits for a record, once that is free. */
  #next(slot: Slot): void {
    const waiting = this.#waiting.get(slot);
    if (!waiting || this.#engine.columns.has(slot, Flag.pact) || this.#owners.has(slot)) return;
    let next = waiting.shift();
    while (next?.signal.aborted) next = waiting.shift();
    if (waiting.length === 0) this.#waiting.delete(slot);
    if (!next) return;
    const { work, settle, signal } = next;
    const outcome = this.#begin(work, true, signal);
    if (outcome instanceof Promise) void outcome.then(settle);
    else settle(outcome);
    // One that processed at once leaves the record free for the next.
    if (this.#waiting.has(slot)) this.#engine.turns.call(() => this.#next(slot));
  }
}

/** Resolves with the outcome, or as cancelled when the client goes first. */
function untilAborted(resolve: Settle, signal: AbortSignal): Settle {
  const cancel = () => resolve({ kind: 'cancelled' });
  if (signal.aborted) cancel();
  // One signal may stand for all puts of a client, which is no leak.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', cancel, { once: true });
  return (outcome) => {
    signal.removeEventListener('abort', cancel);
    resolve(outcome);
  };
}
