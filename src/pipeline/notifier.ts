import type { AmsAddress } from '../ads/index.ts';
import { EarlySamples } from './early-samples.ts';
import type { Feed } from './feed.ts';
import { HandleTable, UNKNOWN } from './handle-table.ts';

/** A server that notifies: its handles are its own, whatever numbers other servers give. */
export class Notifier {
  readonly address: AmsAddress;
  readonly early = new EarlySamples();
  /** Requests that may bring handles. */
  expected = 0;
  readonly #table = new HandleTable();
  readonly #feeds: (Feed | undefined)[] = [];
  readonly #free: number[] = [];

  constructor(address: AmsAddress) {
    this.address = address;
  }

  /** Handles that feed something. */
  get size(): number {
    return this.#table.size;
  }

  route(handle: number, feed: Feed): void {
    const known = this.#table.get(handle);
    const index = known === UNKNOWN ? (this.#free.pop() ?? this.#feeds.length) : known;
    this.#feeds[index] = feed;
    this.#table.set(handle, index);
  }

  unroute(handle: number): void {
    const index = this.#table.get(handle);
    if (index === UNKNOWN) return;
    this.#feeds[index] = undefined;
    this.#free.push(index);
    this.#table.delete(handle);
  }

  // hot path
  feedOf(handle: number): Feed | undefined {
    const index = this.#table.get(handle);
    return index === UNKNOWN ? undefined : this.#feeds[index];
  }

  /** Forgets all handles: they die with their connection. */
  clear(): void {
    this.#table.clear();
    this.#feeds.length = 0;
    this.#free.length = 0;
    this.early.clear();
  }
}
