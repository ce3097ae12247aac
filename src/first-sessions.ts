import { type Log, sleep } from './kernel/index.ts';
import type { ServedPlant, SessionHearer } from './plants.ts';

/** How long a start-up file waits for plants; they are served whenever they come. */
const PATIENCE_MS = 30_000;

/** Knows when every plant had its first session. */
export class FirstSessions {
  readonly #wanted: number;
  readonly #met = new Set<ServedPlant>();
  readonly #all = new AbortController();

  constructor(plants: number) {
    this.#wanted = plants;
    if (plants === 0) this.#all.abort();
  }

  /** A hearer that notes sessions, and hands them on; `onComplete` hears of each once all had one. */
  heard(onSession: SessionHearer | undefined, onComplete: () => void): SessionHearer {
    return (summary, plant) => {
      this.#met.add(plant);
      onSession?.(summary, plant);
      if (this.#met.size < this.#wanted) return;
      this.#all.abort();
      onComplete();
    };
  }

  /** Waits for all plants, but not for ever. */
  async wait(log: Log, signal: AbortSignal): Promise<void> {
    await sleep(PATIENCE_MS, AbortSignal.any([signal, this.#all.signal])).catch(() => {});
    const missing = this.#wanted - this.#met.size;
    if (missing > 0) log.warn(`iocInit: ${missing} of ${this.#wanted} plants are not there yet`);
  }
}
