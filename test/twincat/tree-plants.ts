import {
  AdsDataType,
  type AdsSymbol,
  amsNetId,
  amsPort,
  type DataTypeEntry,
  DataTypeFlag,
  SymbolFlag,
} from '../../src/ads/index.ts';
import {
  type Attribute,
  type Datatype,
  i16,
  type SymbolDefinition,
  type TerminalDefinition,
} from '../../src/model/index.ts';
import type { DeviceFacts, PlantFacts, PlantSource, SlaveFacts } from '../../src/twincat/index.ts';

/** Small plants for tests of the tree. */
export const system = amsNetId('5.1.2.3.1.1');
export const master = amsNetId('5.1.2.3.2.1');
const symbolPort = amsPort(27905);
export const symbols = { netId: system, port: symbolPort };

export function slave(type: string, name = `Term (${type})`, address = 1001): SlaveFacts {
  return { address, type, name, identity: { vendor: 2, product: 1, revision: 1, serial: 0 } };
}

export function device(slaves: readonly SlaveFacts[]): DeviceFacts {
  const identity = { vendor: 2, product: 65539, revision: 1844, serial: 7 };
  return { id: 1, type: 94, name: 'Device 1 (EtherCAT)', netId: master, identity, slaves };
}

export function plant(
  slaves: readonly SlaveFacts[],
  table: readonly AdsSymbol[] = [],
  types: readonly DataTypeEntry[] = [],
): PlantFacts {
  return {
    systemNetId: system,
    server: { name: 'I/O Server', major: 3, minor: 1, build: 2103 },
    devices: [device(slaves)],
    symbolPort,
    symbols: table,
    dataTypes: types,
  };
}

/** A structure, unless `given` says otherwise. */
export function entry(name: string, given: Partial<AdsSymbol> = {}): AdsSymbol {
  return {
    name,
    typeName: '',
    comment: '',
    group: 0xf030,
    offset: 100,
    size: 4,
    dataType: AdsDataType.bigType,
    flags: 0,
    arrayDimensions: [],
    ...given,
  };
}

/** A type of the data type table, or a member of one. */
export function typeEntry(name: string, given: Partial<DataTypeEntry> = {}): DataTypeEntry {
  return {
    name,
    typeName: '',
    comment: '',
    size: 2,
    offset: 0,
    dataType: AdsDataType.bigType,
    flags: DataTypeFlag.dataType,
    arrayDimensions: [],
    members: [],
    attributes: [],
    enumMembers: [],
    ...given,
  };
}

export function bitEntry(name: string, given: Partial<AdsSymbol> = {}): AdsSymbol {
  const bit = { group: 0xf031, size: 1, dataType: AdsDataType.bit, flags: SymbolFlag.bitValue };
  return entry(name, { ...bit, ...given });
}

export function definition(
  type: string,
  rows: readonly Partial<SymbolDefinition>[],
  given: Partial<TerminalDefinition> = {},
): TerminalDefinition {
  return {
    type,
    description: `a ${type}`,
    group: 'AnaIn',
    identity: { vendor: 2, product: 1, revision: 1 },
    symbols: rows.map(rowOf),
    coe: [],
    ...given,
  };
}

export function known(...definitions: TerminalDefinition[]): Map<string, TerminalDefinition> {
  return new Map(definitions.map((each) => [each.type, each]));
}

function rowOf(given: Partial<SymbolDefinition>): SymbolDefinition {
  return {
    name: 'value',
    symbol: 'AI.Value',
    description: 'a value',
    datatype: i16 as Datatype,
    channels: [1],
    access: 'r',
    indexGroup: given.access === 'rw' ? 0xf020 : 0xf030,
    byte: 0,
    bit: 0,
    selected: true,
    fields: [],
    ...given,
  };
}

/** What tests look at in an attribute in a region. */
export function placeOf(attribute: Attribute<PlantSource> | undefined) {
  if (attribute?.source.kind !== 'region') throw new Error(`${attribute?.name} has no region`);
  const { region, byte, bit, write } = attribute.source;
  const { group, offset, length } = region;
  return {
    at: `${group.toString(16)}:${offset}+${length}`,
    byte,
    bit,
    ...(write && { write: `${write.group.toString(16)}:${write.offset}+${write.length}` }),
  };
}
