import type { Slot } from '../model/index.ts';

/** Slots that are in or not, one byte each: a large plant has a million. */
export class SlotSet {
  #isIn = new Uint8Array(64);

  add(slot: Slot): void {
    if (slot >= this.#isIn.length) {
      const grown = new Uint8Array(Math.max(slot + 1, 2 * this.#isIn.length));
      grown.set(this.#isIn);
      this.#isIn = grown;
    }
    this.#isIn[slot] = 1;
  }

  has(slot: Slot): boolean {
    return this.#isIn[slot] === 1;
  }
}
