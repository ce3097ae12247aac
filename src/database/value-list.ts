import type { DatabaseValue, JsonValue } from './database.ts';
import type { Source } from './source.ts';
import type { Run, ValueStore } from './value-store.ts';

/** The field values, or the info tags, of one record; of what is named twice the later counts. */
export class ValueList {
  readonly #store: ValueStore;
  #last: Run | undefined;
  #count = 0;
  /** Where a name stands in the store, once there are many. */
  #places: Map<string, number> | undefined;

  constructor(store: ValueStore) {
    this.#store = store;
  }

  set(name: string, text: string, json: JsonValue | undefined, source: Source, offset: number) {
    const known = this.#placeOf(name);
    if (known !== undefined) this.#store.remove(known);
    const index = this.#store.add(name, text, json, offset);
    this.#places?.set(name, index);
    this.#count++;
    const last = this.#last;
    if (last && last.end === index && last.source === source) last.end++;
    else this.#last = { first: index, end: index + 1, source, before: last };
  }

  /** All values in the order of the text. */
  values(): DatabaseValue[] {
    const runs: Run[] = [];
    for (let run = this.#last; run; run = run.before) runs.push(run);
    const values: DatabaseValue[] = [];
    for (const run of runs.reverse()) this.#store.addTo(values, run);
    return values;
  }

  // hot path
  #placeOf(name: string): number | undefined {
    if (this.#count >= 32) {
      this.#places ??= this.#index();
      return this.#places.get(name);
    }
    for (let run = this.#last; run; run = run.before) {
      for (let index = run.first; index < run.end; index++) {
        if (this.#store.nameOf(index) === name) return index;
      }
    }
    return undefined;
  }

  #index(): Map<string, number> {
    const places = new Map<string, number>();
    for (let run = this.#last; run; run = run.before) {
      for (let index = run.first; index < run.end; index++) {
        places.set(this.#store.nameOf(index), index);
      }
    }
    return places;
  }
}
