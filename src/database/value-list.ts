import type { DatabaseValue, JsonValue } from './database.ts';
import type { Source } from './source.ts';
import type { Run, ValueStore } from './value-store.ts';

/** The field values, or the info tags, of one record; of what is named twice the later counts. */
export class ValueList implements Run {
  readonly #store: ValueStore;
  #count = 0;
  /** Where a name stands in the store, once there are many. */
  #places: Map<string, number> | undefined;
  // The newest run of values is the list itself: few of a million records have another.
  first = 0;
  end = 0;
  source: Source;
  before: Run | undefined;

  /** `source`: what the first values come from. */
  constructor(store: ValueStore, source: Source) {
    this.#store = store;
    this.source = source;
  }

  set(name: string, text: string, json: JsonValue | undefined, source: Source, offset: number) {
    const known = this.#placeOf(name);
    if (known !== undefined) this.#store.remove(known);
    const index = this.#store.add(name, text, json, offset);
    this.#places?.set(name, index);
    this.#count++;
    if (this.end !== index || this.source !== source) this.#begin(index, source);
    this.end = index + 1;
  }

  /** All values in the order of the text. */
  values(): DatabaseValue[] {
    const runs: Run[] = [];
    for (let run: Run | undefined = this; run; run = run.before) runs.push(run);
    const values: DatabaseValue[] = [];
    for (const run of runs.reverse()) this.#store.addTo(values, run);
    return values;
  }

  #begin(index: number, source: Source): void {
    const { first, end, before } = this;
    if (end > first) this.before = { first, end, source: this.source, before };
    this.first = index;
    this.source = source;
  }

  // hot path
  #placeOf(name: string): number | undefined {
    if (this.#count >= 32) {
      this.#places ??= this.#index();
      return this.#places.get(name);
    }
    for (let run: Run | undefined = this; run; run = run.before) {
      for (let index = run.first; index < run.end; index++) {
        if (this.#store.nameOf(index) === name) return index;
      }
    }
    return undefined;
  }

  #index(): Map<string, number> {
    const places = new Map<string, number>();
    for (let run: Run | undefined = this; run; run = run.before) {
      for (let index = run.first; index < run.end; index++) {
        places.set(this.#store.nameOf(index), index);
      }
    }
    return places;
  }
}
