import type { DatabaseValue, JsonValue, Position } from './database.ts';
import type { Source } from './source.ts';

/** The name of a value for which a later one came; no text can say it. */
const removed = '\0';

/**
 * Field values or info tags of all records, in columns: a large database holds a million, which as
 * objects would take several times the memory.
 */
export class ValueStore {
  readonly #names: string[] = [];
  readonly #texts: string[] = [];
  readonly #offsets: number[] = [];
  readonly #json = new Map<number, JsonValue>();

  get size(): number {
    return this.#names.length;
  }

  /** Adds a value that stands at an offset of its source, and tells its index. */
  add(name: string, text: string, json: JsonValue | undefined, offset: number): number {
    const index = this.#names.length;
    this.#names.push(name);
    this.#texts.push(text);
    this.#offsets.push(offset);
    if (json !== undefined) this.#json.set(index, json);
    return index;
  }

  remove(index: number): void {
    this.#names[index] = removed;
    this.#texts[index] = '';
    this.#json.delete(index);
  }

  nameOf(index: number): string {
    return this.#names[index] ?? removed;
  }

  /** The values of a run, as objects made for this call. */
  addTo(values: DatabaseValue[], { first, end, source }: Run): void {
    for (let index = first; index < end; index++) {
      const name = this.nameOf(index);
      if (name === removed) continue;
      const text = this.#texts[index] ?? '';
      const offset = this.#offsets[index] ?? 0;
      values.push(new StoredValue(name, text, this.#json.get(index), source, offset));
    }
  }
}

/** Values of one record that stand one behind the other in the store and in one source. */
export interface Run {
  readonly first: number;
  readonly end: number;
  readonly source: Source;
  /** The run before. */
  readonly before: Run | undefined;
}

class StoredValue implements DatabaseValue {
  readonly name: string;
  readonly text: string;
  readonly json: JsonValue | undefined;
  readonly #source: Source;
  readonly #offset: number;

  constructor(
    name: string,
    text: string,
    json: JsonValue | undefined,
    source: Source,
    offset: number,
  ) {
    this.name = name;
    this.text = text;
    this.json = json;
    this.#source = source;
    this.#offset = offset;
  }

  get at(): Position {
    return this.#source.position(this.#offset);
  }
}
