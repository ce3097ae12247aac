import type { Slot } from '../model/index.ts';

/** Where the names are that an index is of. Names are only ever added. */
export interface NameSource {
  readonly size: number;
  readonly aliasCount: number;
  entries(): Iterable<readonly [name: string, slot: Slot]>;
  aliases(): Iterable<readonly [alias: string, slot: Slot]>;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Records by the bytes of their name, so that a search needs to make no text of it: half of what a
 * search costs. An open-addressing table of hash and entry; follows its source by itself.
 */
export class NameIndex {
  readonly #source: NameSource;
  #names = 0;
  #aliases = 0;
  /** Entry i: its bytes end at `#ends[i]` in `#text`, where the next one's begin. */
  #text = Buffer.alloc(1024);
  #ends = new Uint32Array(64);
  #slots = new Uint32Array(64);
  #count = 0;
  /** Hash and entry + 1 in turn; 0 where there is none. A power of two of pairs. */
  #table = new Int32Array(256);

  constructor(source: NameSource) {
    this.#source = source;
  }

  /** The record whose name or alias these bytes are. */
  // hot path
  find(bytes: Uint8Array, from: number, to: number): Slot | undefined {
    if (this.#names !== this.#source.size || this.#aliases !== this.#source.aliasCount) {
      this.follow();
    }
    const table = this.#table;
    const last = table.length - 2;
    const hash = hashOf(bytes, from, to);
    for (let at = (hash << 1) & last; table[at + 1] !== 0; at = (at + 2) & last) {
      const entry = table[at + 1]! - 1;
      if (table[at] === hash && this.#is(entry, bytes, from, to)) return this.#slots[entry] as Slot;
    }
    return undefined;
  }

  // hot path
  #is(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = entry === 0 ? 0 : this.#ends[entry - 1]!;
    const length = to - from;
    if (this.#ends[entry]! - start !== length) return false;
    const text = this.#text;
    for (let i = 0; i < length; i++) if (text[start + i] !== bytes[from + i]) return false;
    return true;
  }

  /** Takes in what the source has by now; `find` does so by itself. */
  follow(): void {
    this.#names = this.#addFrom(this.#source.entries(), this.#names);
    this.#aliases = this.#addFrom(this.#source.aliases(), this.#aliases);
  }

  /** Adds all but the first `known`, and says how many there are. */
  #addFrom(entries: Iterable<readonly [name: string, slot: Slot]>, known: number): number {
    let count = 0;
    for (const [name, slot] of entries) if (count++ >= known) this.#add(name, slot);
    return count;
  }

  #add(name: string, slot: Slot): void {
    const start = this.#count === 0 ? 0 : (this.#ends[this.#count - 1] ?? 0);
    this.#reserve(start + Buffer.byteLength(name));
    const end = start + this.#text.write(name, start);
    this.#ends[this.#count] = end;
    this.#slots[this.#count] = slot;
    this.#count++;
    this.#enter(this.#count - 1, hashOf(this.#text, start, end));
  }

  #enter(entry: number, hash: number): void {
    const table = this.#table;
    const last = table.length - 2;
    let at = (hash << 1) & last;
    while (table[at + 1] !== 0) at = (at + 2) & last;
    table[at] = hash;
    table[at + 1] = entry + 1;
  }

  /** Room for one more entry whose text ends at `end`; the table stays at most half full. */
  #reserve(end: number): void {
    if (end > this.#text.length) this.#text = grown(this.#text, Buffer.alloc(end * 2));
    if (this.#count === this.#ends.length) {
      this.#ends = grown(this.#ends, new Uint32Array(this.#count * 2));
      this.#slots = grown(this.#slots, new Uint32Array(this.#count * 2));
    }
    if (this.#count * 4 < this.#table.length) return;
    const before = this.#table;
    this.#table = new Int32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      const entry = before[at + 1] ?? 0;
      if (entry !== 0) this.#enter(entry - 1, before[at] ?? 0);
    }
  }
}

// hot path
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = FNV_OFFSET;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
  return hash | 0;
}

function grown<T extends Buffer | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
