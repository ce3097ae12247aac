import type { Clock } from '../../kernel/index.ts';

/** The shortest wait for an answer, and the unit that waits double from. */
const FIRST_PERIOD_MS = 32;
/** Where channels begin that had a server before: waits of a second (0.032 s · 2⁵). */
export const RECONNECT_STEP = 5;
/** Frames of one step; more wait for the next tick, so that nobody is flooded. */
const MOST_FRAMES = 64;

/** A name that is looked for. */
export interface Search {
  readonly cid: number;
  readonly name: string;
}

/** Sends as many searches as fit into a number of frames; returns how many, and frames used. */
export type SendSearches = (
  searches: readonly Search[],
  frames: number,
) => { readonly sent: number; readonly frames: number };

/**
 * When which name is searched: each unanswered one after a wait that doubles, from 32 ms up to the
 * longest (facts/ca.md section 9). How much is sent at a time grows with answers and shrinks
 * without.
 */
export class Searches implements Disposable {
  readonly #clock: Clock;
  readonly #send: SendSearches;
  readonly #steps: {
    readonly period: number;
    due: number;
    readonly waiting: Map<number, string>;
  }[];
  readonly #stepOf = new Map<number, number>();
  #timer: Disposable | undefined;
  #frames = 1;
  /** Sent in the last tick, and not answered since. */
  #unanswered = new Set<number>();

  constructor(clock: Clock, longestSeconds: number, send: SendSearches) {
    this.#clock = clock;
    this.#send = send;
    const steps = 1 + Math.ceil(Math.log2((longestSeconds * 1000) / FIRST_PERIOD_MS));
    this.#steps = Array.from({ length: Math.max(steps, 1) }, (_, step) => ({
      period: Math.min(FIRST_PERIOD_MS * 2 ** step, longestSeconds * 1000),
      due: 0,
      waiting: new Map(),
    }));
  }

  /** Names that are looked for now. */
  get size(): number {
    return this.#stepOf.size;
  }

  /** Looks for a name: soon, or at a later step after `RECONNECT_STEP`. */
  add({ cid, name }: Search, step = 0): void {
    this.#put(cid, name, step, step === 0 ? 0 : this.#period(step));
    this.#schedule();
  }

  /** Found, or not wanted any more. False if it was not looked for. */
  remove(cid: number): boolean {
    const step = this.#stepOf.get(cid);
    if (step === undefined) return false;
    this.#stepOf.delete(cid);
    this.#steps[step]?.waiting.delete(cid);
    this.#unanswered.delete(cid);
    if (this.#unanswered.size === 0) this.#frames = Math.min(this.#frames * 2, MOST_FRAMES);
    return true;
  }

  /** Something changed on the network: everything is searched again soon. */
  restart(): void {
    for (const step of this.#steps) {
      for (const [cid, name] of [...step.waiting]) {
        step.waiting.delete(cid);
        this.#put(cid, name, 0, 0);
      }
    }
    this.#schedule();
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#stepOf.clear();
    for (const { waiting } of this.#steps) waiting.clear();
  }

  #period(step: number): number {
    return this.#steps[step]?.period ?? FIRST_PERIOD_MS;
  }

  /** Those that wait already keep their time; the newcomer goes with them. */
  #put(cid: number, name: string, wanted: number, delay: number): void {
    const at = Math.min(wanted, this.#steps.length - 1);
    const step = this.#steps[at];
    if (step === undefined) return;
    const due = this.#clock.monotonic() + delay;
    step.due = step.waiting.size === 0 ? due : Math.min(step.due, due);
    step.waiting.set(cid, name);
    this.#stepOf.set(cid, at);
  }

  #schedule(): void {
    const busy = this.#steps.filter(({ waiting }) => waiting.size > 0);
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (busy.length === 0) return;
    const next = Math.min(...busy.map(({ due }) => due));
    const delay = Math.max(next - this.#clock.monotonic(), 0);
    this.#timer = this.#clock.after(delay, () => this.#tick());
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    if (this.#unanswered.size > 0) this.#frames = Math.max(1, this.#frames >> 1);
    this.#unanswered = new Set();
    let frames = this.#frames;
    // From the last step down, so that nothing is sent twice in one tick.
    for (let at = this.#steps.length - 1; at >= 0; at--) {
      const step = this.#steps[at];
      if (!step || step.waiting.size === 0 || step.due > now) continue;
      const due = [...step.waiting].map(([cid, name]) => ({ cid, name }));
      const done = frames > 0 ? this.#send(due, frames) : { sent: 0, frames: 0 };
      frames -= done.frames;
      for (const { cid, name } of due.slice(0, done.sent)) {
        step.waiting.delete(cid);
        this.#unanswered.add(cid);
        this.#put(cid, name, at + 1, this.#period(at + 1));
      }
      step.due = now + (done.sent < due.length ? FIRST_PERIOD_MS : step.period);
    }
    this.#schedule();
  }
}
