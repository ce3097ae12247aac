import type { Json } from '../commands/json.ts';

/** Fragments of one entity; more are not taken. */
export const MOST_FRAGMENTS = 200;

/** Memory for the twins of all entities. */
export class TwinBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Takes bytes, or with a negative number gives them back; false when there are not so many. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}

/** The fragments of an entity, within what they may take of memory. */
export class Twin {
  readonly #budget: TwinBudget;
  readonly #fragments = new Map<string, { readonly value: Json; readonly bytes: number }>();

  constructor(budget: TwinBudget) {
    this.#budget = budget;
  }

  get keys(): readonly string[] {
    return [...this.#fragments.keys()];
  }

  get value(): { readonly [key: string]: Json } {
    return Object.fromEntries([...this.#fragments].map(([key, { value }]) => [key, value]));
  }

  get(key: string): Json | undefined {
    return this.#fragments.get(key)?.value;
  }

  /** Sets a fragment of so many bytes; false when there is no room for it. */
  set(key: string, value: Json, bytes: number): boolean {
    const before = this.#fragments.get(key);
    if (!before && this.#fragments.size >= MOST_FRAGMENTS) return false;
    if (!this.#budget.take(bytes - (before?.bytes ?? 0))) return false;
    this.#fragments.set(key, { value, bytes });
    return true;
  }

  delete(key: string): void {
    const before = this.#fragments.get(key);
    if (!before) return;
    this.#budget.take(-before.bytes);
    this.#fragments.delete(key);
  }

  /** Gives all its memory back; it is not used any more. */
  drop(): void {
    for (const key of this.keys) this.delete(key);
  }
}
