import { parseDefinitions } from './macro-definitions.ts';
import { type Expansion, expandText } from './macro-expansion.ts';

/** Finds the value of a macro that is not in the table: an environment variable. */
export type MacroFallback = (name: string) => string | undefined;

/**
 * Macros as macLib of EPICS base knows them: values may refer to other macros, which are looked up
 * when a text is expanded; inner scopes hide outer ones.
 */
export class MacroTable {
  readonly #scopes: Map<string, string>[] = [new Map()];
  readonly #fallback: MacroFallback | undefined;

  constructor(definitions = '', fallback?: MacroFallback) {
    this.#fallback = fallback;
    this.define(definitions);
  }

  /** Takes definitions as `A=1,B="x,y"`; a name without `=` is forgotten. */
  define(definitions: string): void {
    for (const [name, value] of parseDefinitions(definitions)) this.put(name, value);
  }

  /** Sets a macro in the innermost scope; without a value it is forgotten in all of them. */
  put(name: string, value: string | undefined): void {
    if (value !== undefined) this.#scopes.at(-1)?.set(name, value);
    else for (const scope of this.#scopes) scope.delete(name);
  }

  /** The value as it was given, its own macros unexpanded. */
  raw(name: string): string | undefined {
    for (let level = this.#scopes.length - 1; level >= 0; level--) {
      const value = this.#scopes[level]?.get(name);
      if (value !== undefined) return value;
    }
    return this.#fallback?.(name);
  }

  pushScope(): void {
    this.#scopes.push(new Map());
  }

  popScope(): void {
    if (this.#scopes.length > 1) this.#scopes.pop();
  }

  /**
   * A text of any number of lines with its references expanded; see `Expansion` for what is not.
   * With `keep` undefined ones stay as they are, as msi leaves them.
   */
  expand(text: string, { keep = false }: { readonly keep?: boolean } = {}): Expansion {
    return expandText(text, this, keep);
  }
}
