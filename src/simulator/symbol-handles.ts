import { Result, refused } from './refusal.ts';
import type { Named, SymbolNames } from './symbol-names.ts';

/** Between the handles of one life of the server and the next. */
const LIFE = 0x1_0000;

/**
 * Handles of symbol names. A name has one handle, however often it is asked for, and loses it when
 * as many releases came: clients that never release cost nothing more.
 */
export class SymbolHandles {
  #names: SymbolNames;
  readonly #byHandle = new Map<
    number,
    { readonly key: string; readonly named: Named; uses: number }
  >();
  readonly #byName = new Map<string, number>();
  #next = 0x1000;
  /** Handles of this life; those from `#valid` on are of the symbols that there are. */
  #first = this.#next;
  #valid = this.#next;

  constructor(names: SymbolNames) {
    this.#names = names;
  }

  /** Throws 0x710 when there is no such symbol. */
  acquire(name: string): number {
    const key = name.toLowerCase();
    const known = this.#byName.get(key);
    const held = known === undefined ? undefined : this.#byHandle.get(known);
    if (known !== undefined && held !== undefined) {
      held.uses++;
      return known;
    }
    const handle = this.#next++;
    this.#byHandle.set(handle, { key, named: this.#names.resolve(name), uses: 1 });
    this.#byName.set(key, handle);
    return handle;
  }

  /** Throws 0x711 for a handle from before the symbols changed, 0x710 for an unknown one. */
  named(handle: number): Named {
    return this.#held(handle).named;
  }

  release(handle: number): void {
    const held = this.#held(handle);
    if (--held.uses > 0) return;
    this.#byHandle.delete(handle);
    this.#byName.delete(held.key);
  }

  /** The symbols changed: handles so far are known but invalid. */
  invalidate(names: SymbolNames): void {
    this.#names = names;
    this.#clear();
    this.#valid = this.#next;
  }

  /** The server began anew: handles so far are unknown, and are not given again. */
  forget(): void {
    this.#clear();
    this.#next += LIFE;
    this.#first = this.#next;
    this.#valid = this.#next;
  }

  #held(handle: number) {
    const held = this.#byHandle.get(handle);
    if (held !== undefined) return held;
    const stale = handle >= this.#first && handle < this.#valid;
    throw refused(stale ? Result.symbolVersionInvalid : Result.symbolNotFound);
  }

  #clear(): void {
    this.#byHandle.clear();
    this.#byName.clear();
  }
}
