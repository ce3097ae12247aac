/** The buffer of a compress record: so many doubles, the oldest given up for the newest. */
export class Ring {
  readonly size: number;
  /** LIFO: the newest comes first. */
  isLifo = false;
  readonly #values: Float64Array;
  /** Where FIFO writes next, and where LIFO wrote last; OFF. */
  #offset = 0;
  #used = 0;

  constructor(size: number) {
    this.size = size;
    this.#values = new Float64Array(size);
  }

  /** Values in the buffer; NUSE. */
  get used(): number {
    return this.#used;
  }

  get offset(): number {
    return this.#offset;
  }

  clear(): void {
    this.#values.fill(0);
    this.#offset = 0;
    this.#used = 0;
  }

  // hot path
  push(value: number): void {
    if (this.isLifo) this.#offset = (this.#offset + this.size - 1) % this.size;
    this.#values[this.#offset] = value;
    if (!this.isLifo) this.#offset = (this.#offset + 1) % this.size;
    if (this.#used < this.size) this.#used++;
  }

  /** The values in the order in which clients see them, as a copy. */
  read(): Float64Array {
    const { size } = this;
    const first = this.isLifo ? this.#offset : (this.#offset + size - this.#used) % size;
    const row = new Float64Array(this.#used);
    const straight = Math.min(this.#used, size - first);
    row.set(this.#values.subarray(first, first + straight));
    row.set(this.#values.subarray(0, this.#used - straight), straight);
    return row;
  }
}
