import { EMPTY, type Observable, tap, timer } from 'rxjs';
import type { Clock } from '../kernel/index.ts';
import { type Block, Quality, type Slot } from '../model/index.ts';
import type { PlantMemory } from './plant-memory.ts';

type Limit = { readonly slot: Slot; readonly block: Block; readonly seconds: number };

/** How old the values may be that have a limit; older ones are INVALID, with TIMEOUT. */
export class Ages {
  /** Values found too old. */
  late = 0;
  readonly #limits = new Map<Slot, Limit>();

  /** Values with a limit. */
  get size(): number {
    return this.#limits.size;
  }

  limit(slot: Slot, block: Block, seconds: number | undefined): void {
    if (seconds === undefined) this.#limits.delete(slot);
    else this.#limits.set(slot, { slot, block, seconds });
  }

  /** Looks at each value several times within the least limit; emits when some are too old. */
  watched(memory: PlantMemory, clock: Clock): Observable<unknown> {
    if (this.#limits.size === 0) return EMPTY;
    let least = Number.POSITIVE_INFINITY;
    for (const { seconds } of this.#limits.values()) least = Math.min(least, seconds);
    const period = Math.min(1, least / 4) * 1000;
    return timer(period, period).pipe(tap(() => this.sweep(memory, clock.monotonic())));
  }

  /** Marks what nothing was heard of for too long, at a time in monotonic milliseconds. */
  sweep(memory: PlantMemory, now: number): void {
    const { image } = memory;
    for (const { slot, block, seconds } of this.#limits.values()) {
      const isLate = now - memory.heardAt(block) > seconds * 1000;
      if (!isLate || image.quality[slot] !== Quality.good) continue;
      this.late++;
      image.degrade(slot, Quality.late, ...memory.now());
    }
  }
}
