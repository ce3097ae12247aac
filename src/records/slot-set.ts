import type { Slot } from '../model/index.ts';

/** A set of slots, a bit each: there may be very many. */
export class SlotSet {
  #bits = new Uint32Array(64);

  has(slot: Slot): boolean {
    return (((this.#bits[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;
  }

  add(slot: Slot): void {
    const at = slot >>> 5;
    if (at >= this.#bits.length) this.#grow(at);
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (slot & 31));
  }

  #grow(at: number): void {
    const bits = new Uint32Array(Math.max(at + 1, this.#bits.length * 2));
    bits.set(this.#bits);
    this.#bits = bits;
  }
}
