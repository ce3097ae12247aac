import { AdsDataType, type DataTypeEntry, DataTypeFlag, dataTypeEntry } from '../ads/index.ts';
import { encoded } from '../kernel/index.ts';
import type { Datatype } from '../model/index.ts';
import { bitLength, iecType } from './iec-type.ts';
import type { Structure } from './layout.ts';
import type { Entry } from './process-data.ts';

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
      ...plain,
      size: bytes,
      dataType: AdsDataType.bigType,
      members: members.map(memberEntry),
    });
  }
  return [...entries.values()].map((entry) => ({
    name: entry.name,
    bytes: encoded(dataTypeEntry, entry),
  }));
}

/** What most entries have in common. */
const plain = {
  typeName: '',
  comment: '',
  offset: 0,
  flags: DataTypeFlag.dataType,
  arrayDimensions: [],
  members: [],
  attributes: [],
  enumMembers: [],
} as const;

function arrayEntry(datatype: Datatype & { kind: 'array' }): DataTypeEntry {
  const { name, id, dimensions } = iecType(datatype);
  return {
    ...plain,
    name,
    typeName: iecType(datatype.element).name,
    size: bitLength(datatype) / 8,
    dataType: id,
    arrayDimensions: dimensions,
  };
}

/** Size and offset count bytes, or bits where the member does not fill whole bytes. */
function memberEntry({ name, datatype, bit, bits }: Entry): DataTypeEntry {
  const type = iecType(datatype);
  const inBits = bits % 8 !== 0 || bit % 8 !== 0;
  return {
    ...plain,
    name,
    typeName: type.name,
    size: inBits ? bits : bits / 8,
    offset: inBits ? bit : bit / 8,
    dataType: type.id,
    flags: DataTypeFlag.dataItem | (inBits ? DataTypeFlag.bitValues : 0),
    arrayDimensions: type.dimensions,
  };
}
