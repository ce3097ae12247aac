import {
  AdsDataType,
  type AdsSymbol,
  type ArrayDimension,
  SymbolFlag,
  symbolEntry,
} from '../ads/index.ts';
import { Writer } from '../kernel/index.ts';
import type { Chain } from '../model/index.ts';
import { iecType } from './iec-type.ts';
import { type Area, groupsOf } from './image.ts';
import { type Definitions, layoutOf, type Variable } from './layout.ts';

/**
 * The symbol table that the plant of a chain has, in table order, without serving it: what a live
 * TwinCAT would upload (facts/ads.md section 7). Throws `simulator/unknown-terminal`.
 */
export function symbolTable(chain: Chain, definitions: Definitions): AdsSymbol[] {
  return layoutOf(chain, definitions).variables.map(symbolOf);
}

/** The table entry of a variable. */
export function symbolOf(variable: Variable): AdsSymbol {
  const { name, typeName, structured, entries } = variable;
  const only = structured ? undefined : entries[0];
  const type = only === undefined ? undefined : iecType(only.datatype);
  return {
    name,
    typeName,
    comment: '',
    ...place(variable.area, variable.bit, variable.bits),
    dataType: type?.id ?? AdsDataType.bigType,
    arrayDimensions: type?.dimensions ?? noDimensions,
  };
}

const noDimensions: readonly ArrayDimension[] = [];

/** Group, offset, size and flags of a run of bits: a single bit has a bit address. */
export function place(area: Area, bit: number, bits: number) {
  const groups = groupsOf[area];
  return bits === 1
    ? { group: groups.bits, offset: bit, size: 1, flags: SymbolFlag.bitValue }
    : { group: groups.bytes, offset: bit / 8, size: Math.ceil(bits / 8), flags: 0 };
}

/** The bytes of a whole table. */
export function encodeTable(symbols: readonly AdsSymbol[]): Uint8Array {
  const w = new Writer('le', symbols.length * 80);
  for (const symbol of symbols) symbolEntry.encode(w, symbol);
  return w.take();
}
