/** Nothing is known of a handle. */
export const UNKNOWN = -1;

const DENSE = 1 << 16;

/** Notification handle → index. Handles of TwinCAT are small; larger ones cost a map look-up. */
export class HandleTable {
  readonly #dense = new Int32Array(DENSE).fill(UNKNOWN);
  readonly #sparse = new Map<number, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  set(handle: number, index: number): void {
    if (this.get(handle) === UNKNOWN) this.#size++;
    if (handle < DENSE) this.#dense[handle] = index;
    else this.#sparse.set(handle, index);
  }

  delete(handle: number): void {
    if (this.get(handle) === UNKNOWN) return;
    this.#size--;
    if (handle < DENSE) this.#dense[handle] = UNKNOWN;
    else this.#sparse.delete(handle);
  }

  // hot path
  get(handle: number): number {
    return handle < DENSE ? this.#dense[handle]! : (this.#sparse.get(handle) ?? UNKNOWN);
  }

  clear(): void {
    this.#dense.fill(UNKNOWN);
    this.#sparse.clear();
    this.#size = 0;
  }
}
