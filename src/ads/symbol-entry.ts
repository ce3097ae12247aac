import { type Codec, cp1252Bytes } from '../kernel/index.ts';
import {
  type ArrayDimension,
  decodeDimensions,
  decodeText,
  encodeDimensions,
  encodeText,
} from './entry-text.ts';

/** Bits of a symbol's flags. */
export const SymbolFlag = {
  persistent: 0x0001,
  bitValue: 0x0002,
  reference: 0x0004,
  typeGuid: 0x0008,
  comInterface: 0x0010,
  readOnly: 0x0020,
  attributes: 0x1000,
  static: 0x2000,
  initOnReset: 0x4000,
  extendedFlags: 0x8000,
} as const;
export type SymbolFlag = (typeof SymbolFlag)[keyof typeof SymbolFlag];

/** A variable of a server. */
export type AdsSymbol = {
  readonly name: string;
  readonly typeName: string;
  readonly comment: string;
  readonly group: number;
  readonly offset: number;
  /** Bytes; 0 is a single bit. */
  readonly size: number;
  /** An `AdsDataType`, or one that is not known here. */
  readonly dataType: number;
  /** Bits of `SymbolFlag`. */
  readonly flags: number;
  readonly arrayDimensions: readonly ArrayDimension[];
};

/** Parts that follow the dimensions and are not kept here. */
const PARTS = SymbolFlag.typeGuid | SymbolFlag.attributes | SymbolFlag.extendedFlags;

/** Bytes up to the name. */
const FIXED = 30;

/**
 * One entry of the symbol table, which says its own length: decoding moves on by it whatever the
 * entry holds. Type GUID, attributes and extended flags are skipped; encoding leaves them out.
 */
export const symbolEntry: Codec<AdsSymbol> = {
  encode(w, symbol) {
    const start = w.length;
    const texts = [symbol.name, symbol.typeName, symbol.comment].map(cp1252Bytes);
    w.u32(0);
    w.u32(symbol.group);
    w.u32(symbol.offset);
    w.u32(symbol.size);
    w.u32(symbol.dataType);
    w.u16(symbol.flags & ~PARTS);
    w.u16(symbol.arrayDimensions.length);
    for (const text of texts) w.u16(text.length);
    for (const text of texts) encodeText(w, text);
    encodeDimensions(w, symbol.arrayDimensions);
    w.patchU32(start, w.length - start);
  },
  decode(r) {
    const start = r.offset;
    const length = r.u32();
    if (length < FIXED + 3) throw new RangeError(`symbol entry of ${length} bytes`);
    const end = start + length;
    const head = {
      group: r.u32(),
      offset: r.u32(),
      size: r.u32(),
      dataType: r.u32(),
      flags: r.u16(),
    };
    const dimensionCount = r.u16();
    const lengths = [r.u16(), r.u16(), r.u16()] as const;
    const symbol = {
      name: decodeText(r, lengths[0]),
      typeName: decodeText(r, lengths[1]),
      comment: decodeText(r, lengths[2]),
      ...head,
      arrayDimensions: decodeDimensions(r, dimensionCount, end),
    };
    // Throws as well when the texts overran the entry.
    r.skip(end - r.offset);
    return symbol;
  },
};
