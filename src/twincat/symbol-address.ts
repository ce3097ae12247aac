import { AdsDataType, type AdsSymbol, IndexGroup, SymbolFlag } from '../ads/index.ts';

/** An entry of the live table, and how far into it the wanted value lies. */
export interface FoundSymbol {
  readonly entry: AdsSymbol;
  /** The entry is the value itself, not a structure around it. */
  readonly exact: boolean;
  readonly byte: number;
  readonly bit: number;
}

/** Whether a group holds outputs of slaves: they are inputs of the I/O task (facts/ads.md section 7). */
export function isOutput(group: number): boolean {
  return group === IndexGroup.inputBytes || group === IndexGroup.inputBits;
}

/** A value by its place in a PDO, for tables that list only the PDO. */
export interface PdoPlace {
  /** `AI Standard Channel 1.Value`, below the box name. */
  readonly symbol: string;
  readonly byte: number;
  readonly bit: number;
  readonly indexGroup: number;
}

/** The uploaded symbol table by name; case does not count, as in TwinCAT. */
export class LiveSymbols {
  readonly #byName = new Map<string, AdsSymbol[]>();
  readonly #children = new Map<string, AdsSymbol[]>();
  /** Made when it is first wanted: most plants have a definition for every slave. */
  #below: ReadonlyMap<string, AdsSymbol[]> | undefined;

  constructor(symbols: readonly AdsSymbol[]) {
    for (const symbol of symbols) {
      const name = symbol.name.toLowerCase();
      push(this.#byName, name, symbol);
      const dot = name.lastIndexOf('.');
      if (dot > 0) push(this.#children, name.slice(0, dot), symbol);
    }
  }

  /** Every entry below a name, in table order. */
  below(name: string): readonly AdsSymbol[] {
    this.#below ??= byPrefix([...this.#byName.values()].flat());
    return this.#below.get(name.toLowerCase()) ?? [];
  }

  /** Every entry that is below none of some names. */
  outside(names: readonly string[]): AdsSymbol[] {
    const inside = new Set(names.flatMap((name) => this.below(name)));
    return [...this.#byName.values()].flat().filter((symbol) => !inside.has(symbol));
  }

  get(name: string): AdsSymbol | undefined {
    return this.#byName.get(name.toLowerCase())?.[0];
  }

  /**
   * The entry of a value of a box: its own, else the nearest one around it, walking up the name,
   * else the only one below it (a PDO of one bit is listed with or without the bit's name).
   * `siblings` are the other values of the box, whose places tell where inner structures begin.
   */
  find(box: string, wanted: PdoPlace, siblings: readonly PdoPlace[]): FoundSymbol | undefined {
    const { symbol, byte, bit, indexGroup } = wanted;
    for (let name = symbol; name !== ''; name = parentOf(name)) {
      const entry = this.#inArea(`${box}.${name}`, indexGroup);
      if (!entry) continue;
      const isPdo = parentOf(name) === '';
      if (name === symbol && !isPdo) return { entry, exact: true, byte: 0, bit: 0 };
      if (isPdo) return { entry, exact: name === symbol && byte + bit === 0, byte, bit };
      const start = siblings.find((each) => each.symbol === name);
      if (start) return { entry, exact: false, byte: byte - start.byte, bit };
    }
    const below = this.#children.get(`${box}.${symbol}`.toLowerCase());
    const only = below?.length === 1 ? below[0] : undefined;
    return only && { entry: only, exact: true, byte: 0, bit: 0 };
  }

  /** Where a name stands twice (inputs and outputs of one channel), the one of the right area. */
  #inArea(name: string, indexGroup: number): AdsSymbol | undefined {
    const found = this.#byName.get(name.toLowerCase());
    return found?.find(({ group }) => group >> 4 === indexGroup >> 4) ?? found?.[0];
  }
}

/** A single bit, at a bit address or alone in its entry. */
export function isBit({ size, flags, dataType }: AdsSymbol): boolean {
  return size === 0 || (flags & SymbolFlag.bitValue) !== 0 || dataType === AdsDataType.bit;
}

/** Whether offsets of the group count bits (byte × 8 + bit) instead of bytes. */
export function countsBits(group: number): boolean {
  return group === IndexGroup.inputBits || group === IndexGroup.outputBits;
}

/** The bit-addressed group of the same memory, where there is one. */
export function bitGroupOf(group: number): number | undefined {
  if (countsBits(group)) return group;
  return group === IndexGroup.inputBytes || group === IndexGroup.outputBytes
    ? group + 1
    : undefined;
}

/** Entries by every name that lies above them. */
function byPrefix(symbols: readonly AdsSymbol[]): Map<string, AdsSymbol[]> {
  const below = new Map<string, AdsSymbol[]>();
  for (const symbol of symbols) {
    const name = symbol.name.toLowerCase();
    for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
      push(below, name.slice(0, dot), symbol);
    }
  }
  return below;
}

/** `A.Status__Limit 1` → `A.Status` → `A` → nothing. */
function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.'), name.lastIndexOf('__')));
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
