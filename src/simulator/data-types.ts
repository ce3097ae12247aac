import { AdsDataType, type ArrayDimension } from '../ads/index.ts';
import { cp1252Bytes, Writer } from '../kernel/index.ts';
import type { Datatype } from '../model/index.ts';
import { bitLength, iecType } from './iec-type.ts';
import type { Structure } from './layout.ts';
import type { Entry } from './process-data.ts';

/** Flags of a data type entry. */
const Flag = { dataType: 0x01, dataItem: 0x02, bitValues: 0x20 } as const;

/** An entry of the data type table (groups 0xF00E and 0xF011). */
export interface DataType {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The table: the structures, and the arrays among their members. Clients know the base types. */
export function dataTypes(structures: readonly Structure[]): DataType[] {
  const entries = new Map<string, DataTypeEntry>();
  for (const { name, bytes, entries: members } of structures) {
    for (const { datatype } of members) {
      if (datatype.kind === 'array') entries.set(iecType(datatype).name, arrayEntry(datatype));
    }
    entries.set(name, {
      name,
      typeName: '',
      size: bytes,
      offset: 0,
      dataType: AdsDataType.bigType,
      flags: Flag.dataType,
      dimensions: [],
      members,
    });
  }
  return [...entries.values()].map((entry) => {
    const w = new Writer();
    encodeEntry(w, entry);
    return { name: entry.name, bytes: w.take() };
  });
}

function arrayEntry(datatype: Datatype & { kind: 'array' }): DataTypeEntry {
  const { name, id, dimensions } = iecType(datatype);
  return {
    name,
    typeName: iecType(datatype.element).name,
    size: bitLength(datatype) / 8,
    offset: 0,
    dataType: id,
    flags: Flag.dataType,
    dimensions,
    members: [],
  };
}

type DataTypeEntry = {
  readonly name: string;
  readonly typeName: string;
  readonly size: number;
  readonly offset: number;
  readonly dataType: number;
  readonly flags: number;
  readonly dimensions: readonly ArrayDimension[];
  readonly members: readonly Entry[];
};

/**
 *   u32 entry length · u32 version 1 · u32 hash · u32 hash of the type · u32 size · u32 offset ·
 *   u32 ADS data type · u32 flags · u16 lengths of name, type and comment · u16 dimensions ·
 *   u16 members · three texts with NUL · dimensions · members (entries like this one)
 */
function encodeEntry(w: Writer, entry: DataTypeEntry): void {
  const start = w.length;
  const texts = [entry.name, entry.typeName, ''].map(cp1252Bytes);
  w.u32(0);
  w.u32(1);
  w.u32(0);
  w.u32(0);
  w.u32(entry.size);
  w.u32(entry.offset);
  w.u32(entry.dataType);
  w.u32(entry.flags);
  for (const text of texts) w.u16(text.length);
  w.u16(entry.dimensions.length);
  w.u16(entry.members.length);
  for (const text of texts) {
    w.bytes(text);
    w.u8(0);
  }
  for (const { lowerBound, length } of entry.dimensions) {
    w.i32(lowerBound);
    w.u32(length);
  }
  for (const member of entry.members) encodeEntry(w, memberEntry(member));
  w.patchU32(start, w.length - start);
}

/** Size and offset count bytes, or bits where the member does not fill whole bytes. */
function memberEntry({ name, datatype, bit, bits }: Entry): DataTypeEntry {
  const type = iecType(datatype);
  const inBits = bits % 8 !== 0 || bit % 8 !== 0;
  return {
    name,
    typeName: type.name,
    size: inBits ? bits : bits / 8,
    offset: inBits ? bit : bit / 8,
    dataType: type.id,
    flags: inBits ? Flag.dataItem | Flag.bitValues : Flag.dataItem,
    dimensions: type.dimensions,
    members: [],
  };
}
