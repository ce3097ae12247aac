import {
  AdsDataType,
  type AdsSymbol,
  type DataTypeEntry,
  DataTypeFlag,
  SymbolFlag,
} from '../ads/index.ts';
import {
  byteLength,
  decodeValue,
  encodeValue,
  type PlcVariable,
  type Value,
} from '../model/index.ts';
import { iecType } from './iec-type.ts';
import { Result, refused } from './refusal.ts';

/** Index group of a PLC's data (facts/ads.md section 7). */
export const PLC_DATA = 0x4040;

/** Variables begin at such bytes, as compilers align them. */
const ALIGNMENT = 8;

/** Where a variable lies. */
export interface Placed {
  readonly variable: PlcVariable;
  readonly offset: number;
  readonly size: number;
}

/** The data of one program as it was downloaded: its variables, one after the other. */
export class PlcMemory {
  readonly bytes: Uint8Array;
  readonly #byName = new Map<string, Placed>();

  /** `gap`: bytes of nobody before the first variable. Variables that were there keep their values. */
  constructor(variables: readonly PlcVariable[], gap: number, before?: PlcMemory) {
    let offset = gap;
    for (const variable of variables) {
      const size = byteLength(variable.datatype);
      this.#byName.set(variable.name.toLowerCase(), { variable, offset, size });
      offset += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    }
    this.bytes = new Uint8Array(offset);
    for (const placed of this.#byName.values()) this.#initialise(placed, before);
  }

  get placed(): Iterable<Placed> {
    return this.#byName.values();
  }

  /** A variable, or an element of an array (`MAIN.a[3]`); throws 0x710 when there is none. */
  find(name: string): Placed {
    const wanted = name.toLowerCase();
    const found = this.#byName.get(wanted) ?? this.#element(wanted);
    if (!found) throw refused(Result.symbolNotFound);
    return found;
  }

  read(name: string): Value {
    const { variable, offset, size } = this.find(name);
    return decodeValue(variable.datatype, this.bytes.subarray(offset, offset + size));
  }

  write(name: string, value: Value): void {
    const { variable, offset } = this.find(name);
    this.bytes.set(encodeValue(variable.datatype, value), offset);
  }

  #initialise({ variable, offset }: Placed, before: PlcMemory | undefined): void {
    const old = before === undefined ? undefined : before.#byName.get(variable.name.toLowerCase());
    const isSame = JSON.stringify(old?.variable.datatype) === JSON.stringify(variable.datatype);
    if (old && before && isSame) {
      this.bytes.set(before.bytes.subarray(old.offset, old.offset + old.size), offset);
    } else if (variable.value !== undefined) {
      this.bytes.set(encodeValue(variable.datatype, variable.value), offset);
    }
  }

  #element(wanted: string): Placed | undefined {
    const [, array = '', index] = /^(.*)\[(\d+)\]$/.exec(wanted) ?? [];
    const whole = this.#byName.get(array);
    const { datatype } = whole?.variable ?? {};
    if (!whole || datatype?.kind !== 'array' || Number(index) >= datatype.count) return undefined;
    const size = byteLength(datatype.element);
    const variable = { name: wanted, datatype: datatype.element };
    return { variable, offset: whole.offset + Number(index) * size, size };
  }
}

/** As the PLC lists a variable; a BOOL of a PLC is a whole byte. */
export function plcSymbol({ variable, offset, size }: Placed): AdsSymbol {
  const { name, datatype, typeName, comment = '', readOnly } = variable;
  const type = iecType(datatype);
  const isBool = datatype.kind === 'bool';
  return {
    name,
    typeName: typeName ?? (isBool ? 'BOOL' : type.name),
    comment,
    ...{ group: PLC_DATA, offset, size, flags: readOnly ? SymbolFlag.readOnly : 0 },
    dataType: isBool ? AdsDataType.bit : type.id,
    arrayDimensions: type.dimensions,
  };
}

/** The types that clients do not know by themselves: enumerations and aliases. */
export function plcTypes(placed: Iterable<Placed>): Map<string, DataTypeEntry> {
  const types = new Map<string, DataTypeEntry>();
  for (const { variable, size } of placed) {
    const { typeName, datatype, labels = [] } = variable;
    if (typeName === undefined) continue;
    const { id, name } = iecType(datatype);
    types.set(typeName.toLowerCase(), {
      name: typeName,
      typeName: name,
      comment: '',
      ...{ size, offset: 0, dataType: id, flags: DataTypeFlag.dataType },
      ...{ arrayDimensions: [], members: [], attributes: [] },
      enumMembers: labels.map(({ value, label }) => ({ name: label, value: BigInt(value) })),
    });
  }
  return types;
}
