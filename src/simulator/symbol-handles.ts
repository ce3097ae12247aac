import { Result, refused } from './refusal.ts';
import type { Named, SymbolNames } from './symbol-names.ts';

/**
 * Handles of symbol names. A name has one handle, however often it is asked for, and loses it when
 * as many releases came: clients that never release cost nothing more.
 */
export class SymbolHandles {
  readonly #names: SymbolNames;
  readonly #byHandle = new Map<
    number,
    { readonly key: string; readonly named: Named; uses: number }
  >();
  readonly #byName = new Map<string, number>();
  #next = 0x1000;

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

  /** Throws 0x710 when the handle is not known. */
  named(handle: number): Named {
    const held = this.#byHandle.get(handle);
    if (held === undefined) throw refused(Result.symbolNotFound);
    return held.named;
  }

  release(handle: number): void {
    const held = this.#byHandle.get(handle);
    if (held === undefined) throw refused(Result.symbolNotFound);
    if (--held.uses > 0) return;
    this.#byHandle.delete(handle);
    this.#byName.delete(held.key);
  }
}
