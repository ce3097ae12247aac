import { uploadInfo } from '../ads/index.ts';
import { encoded, Writer } from '../kernel/index.ts';
import { type DataType, dataTypes } from './data-types.ts';
import type { Layout } from './layout.ts';
import { Result, refused } from './refusal.ts';
import { encodeTable, symbolOf } from './symbols.ts';

/** What a symbol server uploads; each table is made when first asked for. */
export class SymbolTables {
  readonly #layout: Layout;
  #symbols: Uint8Array | undefined;
  #types: readonly DataType[] | undefined;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  get symbols(): Uint8Array {
    this.#symbols ??= encodeTable(this.#layout.variables.map(symbolOf));
    return this.#symbols;
  }

  get types(): Uint8Array {
    const w = new Writer();
    for (const { bytes } of this.#dataTypes) w.bytes(bytes);
    return w.take();
  }

  get info(): Uint8Array {
    return encoded(uploadInfo, {
      symbolCount: this.#layout.variables.length,
      symbolBytes: this.symbols.length,
      dataTypeCount: this.#dataTypes.length,
      dataTypeBytes: this.types.length,
    });
  }

  /** Throws 0x710; base types are not in the table: clients know them (facts/ads.md section 7). */
  type(name: string): Uint8Array {
    const wanted = name.toLowerCase();
    const found = this.#dataTypes.find((type) => type.name.toLowerCase() === wanted);
    if (found === undefined) throw refused(Result.symbolNotFound);
    return found.bytes;
  }

  get #dataTypes(): readonly DataType[] {
    this.#types ??= dataTypes(this.#layout.structures);
    return this.#types;
  }
}
