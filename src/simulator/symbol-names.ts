import { type AdsSymbol, SymbolFlag } from '../ads/index.ts';
import { arrayStep, bitLength, iecType } from './iec-type.ts';
import type { Image, Location } from './image.ts';
import type { Layout, Variable } from './layout.ts';
import type { Entry } from './process-data.ts';
import { Result, refused } from './refusal.ts';
import { place, symbolOf } from './symbols.ts';

/** What a name stands for: a variable, a member of one, or an element of an array. */
export interface Named {
  readonly variable: Variable;
  /** Absent when the name is that of a structure. */
  readonly entry?: Entry;
  readonly location: Location;
  /** As the table would list it. */
  readonly symbol: AdsSymbol;
}

/** Finds variables, members (`….Value`) and array elements (`….Samples[3]`); case does not count. */
export class SymbolNames {
  readonly #variables = new Map<string, Variable>();
  readonly #image: Image;

  constructor(layout: Layout, image: Image) {
    this.#image = image;
    for (const variable of layout.variables) {
      const key = variable.name.toLowerCase();
      if (!this.#variables.has(key)) this.#variables.set(key, variable);
    }
  }

  /** Throws 0x710 when there is no such symbol. */
  resolve(name: string): Named {
    const found = this.find(name);
    if (found === undefined) throw refused(Result.symbolNotFound);
    return found;
  }

  find(name: string): Named | undefined {
    const wanted = name.toLowerCase();
    const whole = this.#variables.get(wanted);
    if (whole !== undefined) return this.#whole(whole);
    const index = /^(.*)\[(\d+)\]$/.exec(wanted);
    if (index?.[1] !== undefined) return this.#element(name, index[1], Number(index[2]));
    return this.#member(wanted);
  }

  #whole(variable: Variable): Named {
    const { area, bit, bits, structured, entries } = variable;
    const location = this.#image.at(area, bit, bits);
    const entry = structured ? undefined : entries[0];
    const symbol = symbolOf(variable);
    return entry === undefined
      ? { variable, location, symbol }
      : { variable, entry, location, symbol };
  }

  /** Names of PDOs and members may hold dots: the longest variable name wins. */
  #member(wanted: string): Named | undefined {
    for (let dot = wanted.lastIndexOf('.'); dot > 0; dot = wanted.lastIndexOf('.', dot - 1)) {
      const variable = this.#variables.get(wanted.slice(0, dot));
      const member = wanted.slice(dot + 1);
      const entry = variable?.structured
        ? variable.entries.find((each) => each.name.toLowerCase() === member)
        : undefined;
      if (variable !== undefined && entry !== undefined) return this.named(variable, entry);
    }
    return undefined;
  }

  /** An entry of a variable, as if it had been asked for by name. */
  named(variable: Variable, entry: Entry): Named {
    const { area } = variable;
    const bit = variable.bit + entry.bit;
    const type = iecType(entry.datatype);
    return {
      variable,
      entry,
      location: this.#image.at(area, bit, entry.bits),
      symbol: {
        name: entry.name === '' ? variable.name : `${variable.name}.${entry.name}`,
        typeName: type.name,
        comment: '',
        ...place(area, bit, entry.bits),
        dataType: type.id,
        arrayDimensions: type.dimensions,
      },
    };
  }

  #element(name: string, array: string, index: number): Named | undefined {
    const whole = this.find(array);
    const datatype = whole?.entry?.datatype;
    if (whole?.entry === undefined || datatype?.kind !== 'array') return undefined;
    if (index >= datatype.count) return undefined;
    const element: Entry = {
      ...whole.entry,
      datatype: datatype.element,
      bit: whole.entry.bit + index * arrayStep(datatype.element),
      bits: bitLength(datatype.element),
    };
    const named = this.named(whole.variable, element);
    return { ...named, symbol: { ...named.symbol, name } };
  }
}

/**
 * The table entry of a name. A field of several bits has no address of its own: the server says
 * 0x711 (facts/ads.md section 13).
 */
export function addressable({ symbol, location }: Named): AdsSymbol {
  const single = (symbol.flags & SymbolFlag.bitValue) !== 0;
  if (!single && (location.bit !== 0 || location.bits % 8 !== 0)) {
    throw refused(Result.symbolVersionInvalid);
  }
  return symbol;
}
