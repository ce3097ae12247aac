import {
  AdsDataType,
  type ArrayDimension,
  type DataTypeEntry,
  DataTypeFlag,
} from '../ads/index.ts';
import {
  arrayOf,
  bool,
  byteLength,
  type Datatype,
  type EnumLabel,
  int,
  type NumericDatatype,
  text,
  u8,
} from '../model/index.ts';
import { primitives } from './live-type.ts';

/** What a symbol or a member says of its own type. */
export interface TypedPlace {
  readonly typeName: string;
  readonly dataType: number;
  readonly bits: number;
  readonly arrayDimensions: readonly ArrayDimension[];
}

/** A member, from the start of its structure; an element is called by its index. */
export interface MemberPlace extends TypedPlace {
  readonly name: string;
  readonly comment: string;
  readonly bit: number;
}

/** A type: a value that can be served, or something made of others. */
export type LiveType =
  | {
      readonly kind: 'value';
      readonly datatype: Datatype;
      readonly labels?: readonly EnumLabel[];
    }
  | { readonly kind: 'members'; readonly members: readonly MemberPlace[] };

/** Aliases of aliases, and arrays of arrays, that are followed. */
const MAX_ALIASES = 8;

/** The data types of a plant by name; case does not count. */
export class TypeTable {
  readonly #byName: ReadonlyMap<string, DataTypeEntry>;

  constructor(entries: readonly DataTypeEntry[]) {
    this.#byName = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
  }

  /**
   * What lies at a place: its own type where ADS knows it, else what the table says of its type's
   * name. A structure that the table does not know is raw bytes.
   */
  typeOf(place: TypedPlace, depth = 0): LiveType {
    const known = this.#resolved(place);
    const count = elementCount(known.arrayDimensions);
    if (count !== undefined) return this.#array(known, count, depth + 1);
    const { entry } = known;
    if (entry && entry.members.length > 0) return { kind: 'members', members: membersOf(entry) };
    const datatype = scalar(known) ?? raw(known.bits);
    const labels = entry && datatype.kind === 'int' ? labelsOf(entry) : [];
    return { kind: 'value', datatype, ...(labels.length > 0 && { labels }) };
  }

  /** Follows aliases (`T_Status` is a `WORD`) to a type with members, dimensions or a number. */
  #resolved(place: TypedPlace): TypedPlace & { readonly entry?: DataTypeEntry } {
    const { bits } = place;
    let typed = place;
    let entry: DataTypeEntry | undefined;
    for (let step = 0; step < MAX_ALIASES; step++) {
      if (typed.arrayDimensions.length > 0) return { ...typed, bits };
      const found = this.#byName.get(typed.typeName.toLowerCase());
      if (!found) break;
      entry = found;
      const { typeName, dataType, arrayDimensions, members } = found;
      const isOwn = members.length > 0 || typeName === '' || typeName === typed.typeName;
      if (arrayDimensions.length === 0 && isOwn) break;
      typed = { typeName, dataType, bits, arrayDimensions };
    }
    return { ...typed, bits, ...(entry && { entry }) };
  }

  /** Numbers in a row are one value; of anything else, each element is a member. */
  #array(place: TypedPlace, count: number, depth: number): LiveType {
    const bits = place.bits / count;
    // A type may say that it is an array of itself.
    if (!Number.isInteger(bits) || bits === 0 || depth > MAX_ALIASES) {
      return { kind: 'value', datatype: raw(place.bits) };
    }
    const element = { ...place, bits, arrayDimensions: [] };
    const type = this.typeOf(element, depth);
    if (type.kind === 'value' && isNumber(type.datatype) && bits % 8 === 0) {
      return { kind: 'value', datatype: arrayOf(type.datatype, count) };
    }
    const first = place.arrayDimensions.length === 1 ? place.arrayDimensions[0]?.lowerBound : 0;
    const members = Array.from({ length: Math.min(count, MAX_ELEMENTS) }, (_, i) => ({
      ...element,
      name: String(i + (first ?? 0)),
      comment: '',
      bit: i * bits,
    }));
    return { kind: 'members', members };
  }
}

/** Elements of an array of structures that become members. */
const MAX_ELEMENTS = 1000;

function membersOf({ members }: DataTypeEntry): MemberPlace[] {
  return members
    .filter(({ flags }) => (flags & DataTypeFlag.static) === 0)
    .map((member) => {
      const { name, comment, typeName, dataType, size, offset, flags, arrayDimensions } = member;
      const unit = (flags & DataTypeFlag.bitValues) === 0 ? 8 : 1;
      const place = { bit: offset * unit, bits: size * unit };
      return { name, comment, typeName, dataType, arrayDimensions, ...place };
    });
}

function elementCount(dimensions: readonly ArrayDimension[]): number | undefined {
  if (dimensions.length === 0) return undefined;
  return dimensions.reduce((count, { length }) => count * length, 1);
}

function scalar({ dataType, bits }: TypedPlace): Datatype | undefined {
  if (dataType === AdsDataType.bit || bits === 1) {
    return bits === 1 || bits === 8 ? bool : int(Math.min(bits, 32), false);
  }
  if (dataType === AdsDataType.string) return text(bits / 8);
  const primitive = primitives.get(dataType);
  if (primitive && 8 * byteLength(primitive) === bits) return primitive;
  // A field of a word has the word's type, or one of its own (BIT2).
  if (bits < 32 && bits % 8 !== 0) return int(bits, false);
  return undefined;
}

function raw(bits: number): Datatype {
  return [8, 16, 32, 64].includes(bits) ? int(bits, false) : arrayOf(u8, Math.ceil(bits / 8));
}

function isNumber(datatype: Datatype): datatype is NumericDatatype {
  return datatype.kind === 'bool' || datatype.kind === 'int' || datatype.kind === 'float';
}

function labelsOf({ enumMembers }: DataTypeEntry): EnumLabel[] {
  return enumMembers.map(({ name, value }) => ({ value: Number(value), label: name }));
}
