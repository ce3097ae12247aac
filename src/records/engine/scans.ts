import type { Slot } from '../../model/index.ts';
import type { Engine } from './engine.ts';

/** Values of SCAN. */
export const Scan = { passive: 0, event: 1, ioIntr: 2 } as const;

/** Seconds of the periodic choices of SCAN, which begin behind those of `Scan`. */
const periods = [10, 5, 2, 1, 0.5, 0.2, 0.1];
const FIRST_PERIODIC = 3;

/** Over-runs in a row before the log says so. */
const MANY_OVERRUNS = 10;

/** A list of records that process together, by PHAS. */
export interface ScanList {
  /** A choice of SCAN. */
  readonly scan: number;
  readonly seconds: number;
  readonly slots: readonly Slot[];
  /** How often a scan began after the next one was due. */
  readonly overruns: number;
}

type Periodic = {
  slots: Slot[];
  timer: Disposable | undefined;
  due: number;
  overruns: number;
  inRow: number;
};

/** The periodic scan lists. */
export class Scans {
  readonly #engine: Engine;
  readonly #lists: Periodic[] = periods.map(() => {
    return { slots: [], timer: undefined, due: 0, overruns: 0, inRow: 0 };
  });
  #isRunning = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Every periodic list. */
  lists(): readonly ScanList[] {
    return this.#lists.map(({ slots, overruns }, i) => {
      return { scan: i + FIRST_PERIODIC, seconds: periods[i] ?? 0, slots, overruns };
    });
  }

  /** Puts a record in the list that its SCAN names. */
  add(slot: Slot): void {
    const { scan } = this.#engine.columns;
    if (scan[slot] === Scan.event) this.#engine.events.add(slot);
    const index = (scan[slot] ?? 0) - FIRST_PERIODIC;
    const list = this.#lists[index];
    if (!list) return;
    list.slots = byPhase(this.#engine, [...list.slots, slot]);
    if (this.#isRunning) this.#begin(index, list);
  }

  /** Makes many records part of their lists at once. */
  addAll(slots: Iterable<Slot>): void {
    const { scan } = this.#engine.columns;
    const added = new Set<Periodic>();
    for (const slot of slots) {
      if (scan[slot] === Scan.event) this.#engine.events.add(slot);
      const list = this.#lists[(scan[slot] ?? 0) - FIRST_PERIODIC];
      list?.slots.push(slot);
      if (list) added.add(list);
    }
    for (const list of added) list.slots = byPhase(this.#engine, list.slots);
  }

  /** Takes a record out of the list that its SCAN names, before that changes. */
  remove(slot: Slot): void {
    const { scan } = this.#engine.columns;
    if (scan[slot] === Scan.event) this.#engine.events.remove(slot);
    const list = this.#lists[(scan[slot] ?? 0) - FIRST_PERIODIC];
    if (list) list.slots = list.slots.filter((other) => other !== slot);
  }

  start(): void {
    this.#isRunning = true;
    this.#lists.forEach((list, index) => {
      this.#begin(index, list);
    });
  }

  stop(): void {
    this.#isRunning = false;
    for (const list of this.#lists) {
      list.timer?.[Symbol.dispose]();
      list.timer = undefined;
    }
  }

  #begin(index: number, list: Periodic): void {
    if (list.timer || list.slots.length === 0) return;
    list.due = this.#engine.clock.monotonic();
    this.#schedule(index, list);
  }

  /** The next scan is due one period after the last was, however late that began. */
  #schedule(index: number, list: Periodic): void {
    const period = (periods[index] ?? 1) * 1000;
    list.due += period;
    let wait = list.due - this.#engine.clock.monotonic();
    if (wait <= 0) {
      this.#overrun(list, period, -wait);
      // As EPICS: at least half a period, or a second, for what else there is to do.
      wait = Math.min(period / 2, 1000);
      list.due = this.#engine.clock.monotonic() + wait;
    } else list.inRow = 0;
    list.timer = this.#engine.clock.after(wait, () => this.#scan(index, list));
  }

  #overrun(list: Periodic, period: number, late: number): void {
    list.overruns++;
    if (++list.inRow !== MANY_OVERRUNS) return;
    const text = `takes longer than its ${period} ms, by ${late.toFixed(0)} ms`;
    const advice = 'move some records to a slower scan';
    this.#engine.means.log.warn(`A scan of ${list.slots.length} records ${text}: ${advice}`);
  }

  #scan(index: number, list: Periodic): void {
    list.timer = undefined;
    const { chains, turns, columns } = this.#engine;
    // A list is replaced, never changed, while its records may change their SCAN.
    const { slots } = list;
    turns.run(() => {
      for (const slot of slots) {
        if (columns.scan[slot] === index + FIRST_PERIODIC) chains.process(slot);
      }
    });
    if (this.#isRunning && list.slots.length > 0) this.#schedule(index, list);
  }
}

/** Records of lower PHAS first; of equals, those that came first. */
export function byPhase(engine: Engine, slots: readonly Slot[]): Slot[] {
  const { phase } = engine.columns;
  return slots.toSorted((a, b) => (phase[a] ?? 0) - (phase[b] ?? 0));
}
