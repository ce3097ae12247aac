import { describe, expect, it } from 'vitest';
import {
  AdsDataType,
  type DataTypeEntry,
  DataTypeFlag,
  dataTypeEntry,
} from '../../../src/ads/index.ts';
import { decoded, encoded } from '../../../src/kernel/index.ts';
import { bytes, hex } from '../../ads/bytes.ts';

const plain = {
  comment: '',
  arrayDimensions: [],
  members: [],
  attributes: [],
  enumMembers: [],
} as const;

// A structure of a status word with one named bit, and a value.
const structure: DataTypeEntry = {
  ...plain,
  name: 'AI_TYPE',
  typeName: '',
  size: 4,
  offset: 0,
  dataType: AdsDataType.bigType,
  flags: DataTypeFlag.dataType,
  members: [
    {
      ...plain,
      name: 'Error',
      typeName: 'BIT',
      size: 1,
      offset: 6,
      dataType: AdsDataType.bit,
      flags: DataTypeFlag.dataItem | DataTypeFlag.bitValues,
    },
    {
      ...plain,
      name: 'Value',
      typeName: 'INT',
      comment: 'mV',
      size: 2,
      offset: 2,
      dataType: AdsDataType.int16,
      flags: DataTypeFlag.dataItem,
    },
  ],
};

const STRUCTURE =
  'a0 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 04 00 00 00 00 00 00 00 41 00 00 00 01 00 00 00 ' +
  '07 00 00 00 00 00 00 00 02 00 "AI_TYPE" 00 00 00 ' +
  // Error
  '35 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 06 00 00 00 21 00 00 00 22 00 00 00 ' +
  '05 00 03 00 00 00 00 00 00 00 "Error" 00 "BIT" 00 00 ' +
  // Value
  '37 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 02 00 00 00 02 00 00 00 02 00 00 00 02 00 00 00 ' +
  '05 00 03 00 02 00 00 00 00 00 "Value" 00 "INT" 00 "mV" 00';

// ARRAY [-1..3] OF LREAL
const ARRAY =
  '46 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 28 00 00 00 00 00 00 00 05 00 00 00 01 00 00 00 ' +
  '0c 00 05 00 00 00 01 00 00 00 "ARRAY [-1..]" 00 "LREAL" 00 00 ff ff ff ff 05 00 00 00';

// An enum on INT with a GUID, a pragma, and extended flags at its end.
const ENUM =
  '69 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 02 00 00 00 81 30 00 80 ' +
  '06 00 03 00 00 00 00 00 00 00 "E_Mode" 00 "INT" 00 00 ' +
  '00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f ' +
  '01 00 06 02 "strict" 00 "on" 00 ' +
  '02 00 03 "off" 00 00 00 04 "hot!" 00 ff ff 00 00 00 00';

describe('a data type entry', () => {
  it('of a structure with a bit and a value', () => {
    expect(hex(encoded(dataTypeEntry, structure))).toBe(hex(bytes(STRUCTURE)));
    expect(decoded(dataTypeEntry, bytes(STRUCTURE), 'it')).toEqual(structure);
  });

  it('of an array', () => {
    const array = decoded(dataTypeEntry, bytes(ARRAY), 'it');
    expect(array).toEqual({
      ...plain,
      name: 'ARRAY [-1..]',
      typeName: 'LREAL',
      size: 40,
      offset: 0,
      dataType: AdsDataType.real64,
      flags: DataTypeFlag.dataType,
      arrayDimensions: [{ lowerBound: -1, length: 5 }],
    });
    expect(hex(encoded(dataTypeEntry, array))).toBe(hex(bytes(ARRAY)));
  });

  it('of an enum, with parts that are skipped', () => {
    expect(decoded(dataTypeEntry, bytes(ENUM), 'it')).toMatchObject({
      name: 'E_Mode',
      typeName: 'INT',
      attributes: [{ name: 'strict', value: 'on' }],
      enumMembers: [
        { name: 'off', value: 0n },
        { name: 'hot!', value: -1n },
      ],
    });
  });
});
