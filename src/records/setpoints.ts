import { setMaxListeners } from 'node:events';
import { AlarmStatus, Severity, type Slot } from '../model/index.ts';
import { changeAlarm } from './alarm.ts';
import { type Columns, Flag } from './columns.ts';
import { plantValue } from './plant-value.ts';
import { processSlot } from './process.ts';
import type { PutOutcome, PutRequest } from './put.ts';
import { cutText } from './text.ts';

/** Puts that may wait for one busy record before more are refused. */
export const WAITING_PUTS = 32;

type Settle = (outcome: PutOutcome) => void;

/** A put-notify that waits for the record, with what it will store. */
type Waiting = {
  readonly store: () => void;
  readonly settle: Settle;
  readonly signal: AbortSignal;
};

/** What a busy record has yet to do. */
type Busy = { readonly waiting: Waiting[]; readonly again: Settle[]; repeat?: Promise<PutOutcome> };

/** Takes raw values to the plant. */
export type PutSink = (request: PutRequest) => void;

/** Setpoints on their way to the plant: one at a time per record, in order, bounded. */
export class Setpoints {
  /** Where requests go; without one the plant is away. */
  sink: PutSink | undefined;
  readonly #columns: Columns;
  readonly #changed: (slot: Slot) => void;
  readonly #busy = new Map<Slot, Busy>();

  /** `changed` is called before a record is processed outside of a batch. */
  constructor(columns: Columns, changed: (slot: Slot) => void) {
    this.#columns = columns;
    this.#changed = changed;
  }

  /** Stores with `store`, processes, and sends; waits its turn when the record is busy. */
  put(
    slot: Slot,
    store: () => void,
    notify: boolean,
    signal: AbortSignal,
  ): PutOutcome | Promise<PutOutcome> {
    const busy = this.#busy.get(slot);
    if (!busy) return this.#drive(slot, store, signal);
    return notify ? this.#wait(slot, busy, store, signal) : this.#repeat(slot, busy, store);
  }

  /** The setpoint goes out once more when it is free: EPICS' RPRO. One repetition serves many puts. */
  #repeat(slot: Slot, busy: Busy, store: () => void): Promise<PutOutcome> {
    store();
    this.#columns.set(slot, Flag.rpro, true);
    busy.repeat ??= new Promise((resolve) => busy.again.push(resolve));
    return busy.repeat;
  }

  #wait(
    slot: Slot,
    busy: Busy,
    store: () => void,
    signal: AbortSignal,
  ): PutOutcome | Promise<PutOutcome> {
    if (busy.waiting.length >= WAITING_PUTS) {
      const name = this.#columns.name[slot];
      const text = `Put to ${name} refused: ${WAITING_PUTS} puts wait for it already`;
      return { kind: 'refused', reason: 'busy', text };
    }
    return new Promise((resolve) => {
      const waiting = { store, settle: untilAborted(resolve, signal), signal };
      busy.waiting.push(waiting);
    });
  }

  #drive(slot: Slot, store: () => void, signal: AbortSignal): PutOutcome | Promise<PutOutcome> {
    this.#changed(slot);
    store();
    processSlot(this.#columns, slot);
    if (this.#columns.has(slot, Flag.disabled)) return { kind: 'done' };
    return this.#send(slot, signal);
  }

  #send(slot: Slot, signal: AbortSignal): PutOutcome | Promise<PutOutcome> {
    let settled: PutOutcome | undefined;
    let resolve: Settle | undefined;
    this.#busy.set(slot, { waiting: [], again: [] });
    this.#columns.set(slot, Flag.pact, true);
    const settle = (outcome: PutOutcome) => {
      if (settled) return;
      settled = outcome;
      this.#finish(slot, outcome);
      resolve?.(outcome);
    };
    this.#ask({ slot, value: plantValue(this.#columns, slot), settle });
    if (settled) return settled;
    return new Promise((done) => {
      resolve = untilAborted(done, signal);
    });
  }

  #ask(request: PutRequest): void {
    const name = this.#columns.name[request.slot];
    if (!this.sink) {
      const text = `Put to ${name} refused: no plant is connected`;
      request.settle({ kind: 'refused', reason: 'away', text });
      return;
    }
    try {
      this.sink(request);
    } catch (failure) {
      request.settle({ kind: 'failed', text: `Put to ${name} failed: ${String(failure)}` });
    }
  }

  /** Takes the plant's answer into the record's alarm, and begins what waits. */
  #finish(slot: Slot, outcome: PutOutcome): void {
    const busy = this.#busy.get(slot);
    this.#busy.delete(slot);
    this.#columns.set(slot, Flag.pact, false);
    this.#changed(slot);
    this.#judge(slot, outcome);
    if (busy) this.#next(slot, busy);
  }

  #judge(slot: Slot, outcome: PutOutcome): void {
    const c = this.#columns;
    if (outcome.kind === 'cancelled') return;
    const wasFailed = c.has(slot, Flag.writeFailed);
    c.set(slot, Flag.writeFailed, outcome.kind !== 'done');
    if (outcome.kind === 'done') {
      if (wasFailed) processSlot(c, slot);
      return;
    }
    const text = cutText(outcome.text, 39);
    const mask = changeAlarm(c, slot, AlarmStatus.write, Severity.invalid, text);
    if (mask) c.post(slot, mask);
  }

  #next(slot: Slot, busy: Busy): void {
    const next = busy.again.length > 0 ? this.#repetition(slot, busy) : this.#firstWaiting(busy);
    if (!next) return;
    const outcome = this.#drive(slot, next.store, next.signal);
    const begun = this.#busy.get(slot);
    if (outcome instanceof Promise) void outcome.then(next.settle);
    else next.settle(outcome);
    if (begun) begun.waiting.push(...busy.waiting);
    else this.#next(slot, busy);
  }

  #repetition(slot: Slot, busy: Busy): Waiting {
    this.#columns.set(slot, Flag.rpro, false);
    const resolvers = busy.again.splice(0);
    return {
      store: () => {},
      settle: (outcome) => {
        for (const resolve of resolvers) resolve(outcome);
      },
      signal: never,
    };
  }

  #firstWaiting(busy: Busy): Waiting | undefined {
    let waiting = busy.waiting.shift();
    while (waiting?.signal.aborted) waiting = busy.waiting.shift();
    return waiting;
  }
}

const never = new AbortController().signal;

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
