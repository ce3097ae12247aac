import type { Block } from '../model/index.ts';

/** No block is known for a handle. */
export const UNKNOWN = -1;

const DENSE = 1 << 16;

/** Notification handle → image block. Handles of TwinCAT are small; larger ones cost a map look-up. */
export class HandleTable {
  readonly #dense = new Int32Array(DENSE).fill(UNKNOWN);
  readonly #sparse = new Map<number, Block>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  set(handle: number, block: Block): void {
    if (this.get(handle) === UNKNOWN) this.#size++;
    if (handle < DENSE) this.#dense[handle] = block;
    else this.#sparse.set(handle, block);
  }

  // hot path
  get(handle: number): Block | typeof UNKNOWN {
    return handle < DENSE ? this.#dense[handle]! : (this.#sparse.get(handle) ?? UNKNOWN);
  }

  clear(): void {
    this.#dense.fill(UNKNOWN);
    this.#sparse.clear();
    this.#size = 0;
  }
}
