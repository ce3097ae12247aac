import type { Counters } from './counters.ts';
import type { Disturbance } from './disturbance.ts';
import { Result, refused } from './refusal.ts';

/** Bytes that all notifications of one served address may watch. */
const MAX_WATCHED = 16 * 1024 * 1024;

/** Between the handles of one life of a server and the next. */
const LIFE = 0x1_0000;

type Limits = Pick<Disturbance, 'maxNotifications' | 'maxWatched'>;

/** Notification handles of one served address, and how many may be in use. */
export class HandlePool {
  readonly #limits: Limits;
  readonly #counters: Counters;
  #used = 0;
  #watched = 0;
  #next = 1;

  constructor(limits: Limits, counters: Counters) {
    this.#limits = limits;
    this.#counters = counters;
  }

  /** A handle for so many bytes; throws 0x716 when all are in use, 0x70a and 0x717 for bytes. */
  acquire(size: number): number {
    if (size > this.#limits.maxWatched) throw refused(Result.invalidWatchSize);
    if (this.#used >= this.#limits.maxNotifications) throw refused(Result.noMoreHandles);
    if (this.#watched + size > MAX_WATCHED) throw refused(Result.outOfMemory);
    this.#used++;
    this.#counters.notificationHandles++;
    this.#watched += size;
    const handle = this.#next;
    this.#next = handle === 0xffff_ffff ? 1 : handle + 1;
    return handle;
  }

  /** Skips numbers, so that no old handle is taken for a new one. */
  restart(): void {
    this.#next = (this.#next + LIFE) >>> 0 || 1;
  }

  release(size: number): void {
    this.#used--;
    this.#counters.notificationHandles--;
    this.#watched -= size;
  }
}
