import { type Codec, cp1252Bytes, Reader, type Writer } from '../kernel/index.ts';
import {
  type ArrayDimension,
  decodeDimensions,
  decodeText,
  encodeDimensions,
  encodeText,
} from './entry-text.ts';

/** Bits of a data type's flags. */
export const DataTypeFlag = {
  dataType: 0x0000_0001,
  /** A member of a structure. */
  dataItem: 0x0000_0002,
  reference: 0x0000_0004,
  oversample: 0x0000_0010,
  /** Size and offset count bits. */
  bitValues: 0x0000_0020,
  property: 0x0000_0040,
  typeGuid: 0x0000_0080,
  persistent: 0x0000_0100,
  copyMask: 0x0000_0200,
  comInterface: 0x0000_0400,
  methods: 0x0000_0800,
  attributes: 0x0000_1000,
  enumMembers: 0x0000_2000,
  aligned: 0x0001_0000,
  /** A static member: its offset means nothing. */
  static: 0x0002_0000,
  plcPointer: 0x0080_0000,
  refactorInfo: 0x0100_0000,
  dereference: 0x1000_0000,
  extendedEnumMembers: 0x2000_0000,
  extendedFlags: 0x8000_0000,
} as const;
export type DataTypeFlag = (typeof DataTypeFlag)[keyof typeof DataTypeFlag];

/** A pragma of the source: `{attribute 'name' := 'value'}`. */
export type TypeAttribute = { readonly name: string; readonly value: string };

export type EnumMember = { readonly name: string; readonly value: bigint };

/** A data type, or a member of one; members name their own types in `typeName`. */
export type DataTypeEntry = {
  readonly name: string;
  /** The type that it is made of: of the elements of an array, of a member, of an alias. */
  readonly typeName: string;
  readonly comment: string;
  /** Bytes, or bits with `DataTypeFlag.bitValues`. */
  readonly size: number;
  /** In the structure that it is a member of; bytes, or bits with `DataTypeFlag.bitValues`. */
  readonly offset: number;
  /** An `AdsDataType`, or one that is not known here. */
  readonly dataType: number;
  /** Bits of `DataTypeFlag`. */
  readonly flags: number;
  readonly arrayDimensions: readonly ArrayDimension[];
  readonly members: readonly DataTypeEntry[];
  readonly attributes: readonly TypeAttribute[];
  readonly enumMembers: readonly EnumMember[];
};

const VERSION = 1;

/** Parts that are not kept here. */
const LEFT_OUT =
  DataTypeFlag.typeGuid |
  DataTypeFlag.copyMask |
  DataTypeFlag.methods |
  DataTypeFlag.refactorInfo |
  DataTypeFlag.dereference |
  DataTypeFlag.extendedEnumMembers |
  DataTypeFlag.extendedFlags;

/** Bytes up to the name. */
const FIXED = 42;

/** Members name their types instead of holding them; entries in entries in entries are an attack. */
const MAX_DEPTH = 8;

/**
 * One entry of the data type table, which says its own length: decoding moves on by it whatever the
 * entry holds, also parts of newer servers. GUID, copy mask and methods are skipped; encoding leaves
 * them out, and sets the flags of attributes and enum members by what there is.
 *
 *   u32 entry length · u32 version · u32 hash · u32 hash of the type · u32 size · u32 offset ·
 *   u32 ADS data type · u32 flags · u16 lengths of name, type and comment · u16 dimensions ·
 *   u16 members · three texts with NUL · dimensions · members (entries like this one) ·
 *   as flagged: GUID, copy mask, methods, attributes, enum members, others
 */
export const dataTypeEntry: Codec<DataTypeEntry> = {
  encode(w, entry) {
    const start = w.length;
    const texts = [entry.name, entry.typeName, entry.comment].map(cp1252Bytes);
    w.u32(0);
    w.u32(VERSION);
    w.u32(0);
    w.u32(0);
    w.u32(entry.size);
    w.u32(entry.offset);
    w.u32(entry.dataType);
    w.u32(encodedFlags(entry));
    for (const text of texts) w.u16(text.length);
    w.u16(entry.arrayDimensions.length);
    w.u16(entry.members.length);
    for (const text of texts) encodeText(w, text);
    encodeDimensions(w, entry.arrayDimensions);
    for (const member of entry.members) dataTypeEntry.encode(w, member);
    encodeAttributes(w, entry.attributes);
    encodeEnumMembers(w, entry.enumMembers, entry.size);
    w.patchU32(start, w.length - start);
  },
  decode: (r) => decodeEntry(r, 0),
};

function decodeEntry(r: Reader, depth: number): DataTypeEntry {
  const length = r.u32();
  if (length < FIXED + 3) throw new RangeError(`data type entry of ${length} bytes`);
  if (depth === MAX_DEPTH) throw new RangeError('data type entries in each other too often');
  const body = new Reader(r.borrow(length - 4));
  body.skip(12);
  const head = { size: body.u32(), offset: body.u32(), dataType: body.u32(), flags: body.u32() };
  const lengths = [body.u16(), body.u16(), body.u16()] as const;
  const dimensionCount = body.u16();
  const memberCount = body.u16();
  const entry = {
    name: decodeText(body, lengths[0]),
    typeName: decodeText(body, lengths[1]),
    comment: decodeText(body, lengths[2]),
    ...head,
    arrayDimensions: decodeDimensions(body, dimensionCount, body.bytes.length),
    members: decodeList(memberCount, () => decodeEntry(body, depth + 1)),
  };
  return { ...entry, ...decodeExtras(body, head) };
}

type Extras = Pick<DataTypeEntry, 'attributes' | 'enumMembers'>;

/**
 * What follows the members. Servers may put there what nobody told us of; that must not cost the
 * layout of the type, so bytes that cannot be read are no attributes and no enum members.
 */
function decodeExtras(r: Reader, head: { readonly size: number; readonly flags: number }): Extras {
  const has = (flag: DataTypeFlag) => (head.flags & flag) !== 0;
  try {
    if (has(DataTypeFlag.typeGuid)) r.skip(16);
    if (has(DataTypeFlag.copyMask)) r.skip(head.size);
    if (has(DataTypeFlag.methods)) skipMethods(r);
    const attributes = has(DataTypeFlag.attributes) ? decodeAttributes(r) : [];
    const enumMembers = has(DataTypeFlag.enumMembers) ? decodeEnumMembers(r, head.size) : [];
    return { attributes, enumMembers };
  } catch (error) {
    if (error instanceof RangeError) return { attributes: [], enumMembers: [] };
    throw error;
  }
}

function encodedFlags({ flags, attributes, enumMembers }: DataTypeEntry): number {
  const derived = DataTypeFlag.attributes | DataTypeFlag.enumMembers;
  const present =
    (attributes.length > 0 ? DataTypeFlag.attributes : 0) |
    (enumMembers.length > 0 ? DataTypeFlag.enumMembers : 0);
  return ((flags & ~(LEFT_OUT | derived)) | present) >>> 0;
}

/** Each method says its own length. */
function skipMethods(r: Reader): void {
  for (let left = r.u16(); left > 0; left--) {
    const length = r.u32();
    r.skip(length - 4);
  }
}

function encodeAttributes(w: Writer, attributes: readonly TypeAttribute[]): void {
  if (attributes.length === 0) return;
  w.u16(attributes.length);
  for (const { name, value } of attributes) {
    const texts = [name, value].map(cp1252Bytes);
    for (const text of texts) w.u8(text.length);
    for (const text of texts) encodeText(w, text);
  }
}

function decodeAttributes(r: Reader): TypeAttribute[] {
  return decodeList(r.u16(), () => {
    const lengths = [r.u8(), r.u8()] as const;
    return { name: decodeText(r, lengths[0]), value: decodeText(r, lengths[1]) };
  });
}

function encodeEnumMembers(w: Writer, members: readonly EnumMember[], size: number): void {
  if (members.length === 0) return;
  w.u16(members.length);
  for (const { name, value } of members) {
    const text = cp1252Bytes(name);
    w.u8(text.length);
    encodeText(w, text);
    for (let i = 0; i < size; i++) w.u8(Number((value >> BigInt(8 * i)) & 0xffn));
  }
}

/** Values are as wide as the type, signed. */
function decodeEnumMembers(r: Reader, size: number): EnumMember[] {
  if (size > 8) throw new RangeError(`enum of ${size} bytes`);
  return decodeList(r.u16(), () => ({
    name: decodeText(r, r.u8()),
    value: signed(r.borrow(size)),
  }));
}

function signed(bytes: Uint8Array): bigint {
  const value = bytes.reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(8 * bytes.length, value);
}

/** Ends with a RangeError where the bytes do, before more items are made than they hold. */
function decodeList<T>(count: number, item: () => T): T[] {
  const items: T[] = [];
  for (let left = count; left > 0; left--) items.push(item());
  return items;
}
