import type { Slot } from '../../model/index.ts';

/** A link field of a record. */
export interface LinkPlace {
  readonly slot: Slot;
  readonly field: string;
}

/** Records that are not here and that links name, so that these can be opened again when they come. */
export class AbsentRecords {
  /** Links by the record that they lead to. */
  readonly #links = new Map<string, Map<string, LinkPlace>>();
  /** Records by the link that leads to them; a calc link leads to several. */
  readonly #records = new Map<string, Set<string>>();

  await(record: string, link: LinkPlace): void {
    const key = keyOf(link);
    const links = this.#links.get(record) ?? new Map<string, LinkPlace>();
    this.#links.set(record, links.set(key, link));
    const records = this.#records.get(key) ?? new Set();
    this.#records.set(key, records.add(record));
  }

  /** A link leads elsewhere from now on. */
  forget(link: LinkPlace): void {
    const key = keyOf(link);
    for (const record of this.#records.get(key) ?? []) {
      const links = this.#links.get(record);
      links?.delete(key);
      if (links?.size === 0) this.#links.delete(record);
    }
    this.#records.delete(key);
  }

  /** A record came: the links that waited for it, which are told once. */
  arrived(record: string): readonly LinkPlace[] {
    const links = [...(this.#links.get(record)?.values() ?? [])];
    for (const link of links) this.forget(link);
    return links;
  }
}

function keyOf({ slot, field }: LinkPlace): string {
  return `${slot}.${field}`;
}
