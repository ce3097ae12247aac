import { describe, expect, it } from 'vitest';
import { AdsDataType, DataTypeFlag, SymbolFlag } from '../../src/ads/index.ts';
import {
  type Attribute,
  arrayOf,
  bool,
  f32,
  i16,
  int,
  text,
  u8,
  u16,
  u32,
} from '../../src/model/index.ts';
import { buildTree, type PlantSource, type TreeOptions } from '../../src/twincat/index.ts';
import {
  bitEntry,
  definition,
  entry,
  known,
  placeOf,
  plant,
  slave,
  typeEntry,
} from './tree-plants.ts';

type Entry = ReturnType<typeof entry>;
type TypeEntry = ReturnType<typeof typeEntry>;

const box = slave('EL9999', 'Term 9 (EL9999)');

const member = (name: string, size: number, offset: number, dataType: number, more = {}) =>
  typeEntry(name, { size, offset, dataType, flags: DataTypeFlag.dataItem, ...more });
const bitMember = (name: string, offset: number, size = 1) =>
  member(name, size, offset, AdsDataType.bit, {
    flags: DataTypeFlag.dataItem | DataTypeFlag.bitValues,
  });

describe('a terminal of unknown type', () => {
  it('has the scalars, bits, texts and arrays of the live table, by their path', () => {
    const found = attributesOf([
      entry(`${box.name}.Channel 1.Value`, { size: 2, dataType: AdsDataType.int16 }),
      bitEntry(`${box.name}.Channel 1.Status.Error`, { offset: 33 }),
      entry(`${box.name}.Info.Name`, { size: 81, dataType: AdsDataType.string }),
      entry(`${box.name}.Samples`, {
        size: 20,
        dataType: AdsDataType.real32,
        arrayDimensions: [{ lowerBound: 0, length: 5 }],
      }),
    ]);
    expect(typesOf(found)).toEqual({
      channel_1_value: i16,
      channel_1_status_error: bool,
      info_name: text(81),
      samples: arrayOf(f32, 5),
    });
    expect(placeOf(found.get('channel_1_status_error'))).toMatchObject({ at: 'f031:33+1' });
    expect(found.get('channel_1_value')?.access).toBe('r');
  });

  it('has the members of nested structures, read with the symbol that holds them', () => {
    const status = typeEntry('Status_TYPE', {
      size: 2,
      members: [bitMember('Underrange', 0), bitMember('Limit 1', 2, 2), bitMember('Toggle', 15)],
    });
    const channel = typeEntry('Channel_TYPE', {
      size: 6,
      members: [
        member('Status', 2, 0, AdsDataType.bigType, { typeName: 'Status_TYPE' }),
        member('Value', 4, 2, AdsDataType.uint32, { comment: 'Counts since power-up' }),
      ],
    });
    const symbol = entry(`${box.name}.CNT`, { size: 6, typeName: 'channel_type' });
    const found = attributesOf([symbol], [status, channel]);
    expect(typesOf(found)).toEqual({
      cnt_status_underrange: bool,
      cnt_status_limit_1: int(2, false),
      cnt_status_toggle: bool,
      cnt_value: u32,
    });
    expect(placeOf(found.get('cnt_status_limit_1'))).toEqual({ at: 'f030:100+6', byte: 0, bit: 2 });
    expect(placeOf(found.get('cnt_status_toggle'))).toEqual({ at: 'f030:100+6', byte: 1, bit: 7 });
    expect(placeOf(found.get('cnt_value'))).toEqual({ at: 'f030:100+6', byte: 2, bit: 0 });
    expect(found.get('cnt_value')?.description).toBe('Counts since power-up');
  });

  it('has the labels of enumerations, through aliases', () => {
    const mode = typeEntry('E_Mode', {
      dataType: AdsDataType.int16,
      typeName: 'INT',
      enumMembers: [
        { name: 'Off', value: 0n },
        { name: 'Auto', value: 3n },
      ],
    });
    const alias = typeEntry('T_Mode', { dataType: AdsDataType.bigType, typeName: 'E_Mode' });
    const symbol = entry(`${box.name}.Mode`, { size: 2, typeName: 'T_Mode' });
    const mode1 = attributesOf([symbol], [mode, alias]).get('mode');
    expect(mode1?.datatype).toEqual(i16);
    expect(mode1?.labels).toEqual([
      { value: 0, label: 'Off' },
      { value: 3, label: 'Auto' },
    ]);
  });

  it('has the members of each element of an array of structures', () => {
    const pair = typeEntry('Pair', {
      size: 4,
      members: [member('A', 2, 0, AdsDataType.uint16), member('B', 2, 2, AdsDataType.int16)],
    });
    const pairs = entry(`${box.name}.Pairs`, {
      size: 8,
      typeName: 'Pair',
      arrayDimensions: [{ lowerBound: 1, length: 2 }],
    });
    const found = attributesOf([pairs], [pair]);
    expect(typesOf(found)).toEqual({
      pairs_1_a: u16,
      pairs_1_b: i16,
      pairs_2_a: u16,
      pairs_2_b: i16,
    });
    expect(placeOf(found.get('pairs_2_b'))).toEqual({ at: 'f030:100+8', byte: 6, bit: 0 });
  });

  it('has a structure that nobody describes as bytes', () => {
    expect(typesOf(attributesOf([entry(`${box.name}.Blob`, { size: 12 })]))).toEqual({
      blob: arrayOf(u8, 12),
    });
  });

  it('has setpoints for outputs, whole or inside a structure, unless they are read-only', () => {
    const output = { group: 0xf020, dataType: AdsDataType.uint16, size: 2 };
    const control = typeEntry('Control', { members: [bitMember('Set', 0), bitMember('Tara', 9)] });
    const found = attributesOf(
      [
        entry(`${box.name}.Out`, output),
        entry(`${box.name}.Locked`, { ...output, offset: 4, flags: SymbolFlag.readOnly }),
        entry(`${box.name}.Control`, { group: 0xf020, offset: 8, size: 2, typeName: 'Control' }),
      ],
      [control],
    );
    expect(placeOf(found.get('out')).write).toBe('f020:100+2');
    expect(placeOf(found.get('control_tara')).write).toBe(`f021:${8 * 8 + 9}+1`);
    expect(found.get('locked')?.access).toBe('r');
  });

  it('survives types that name themselves, reach beyond their symbol, or have no end', () => {
    const self = typeEntry('Self', {
      size: 4,
      members: [
        member('Again', 4, 0, AdsDataType.bigType, { typeName: 'Self' }),
        member('Far', 2, 90, AdsDataType.uint16),
        member('Near', 2, 0, AdsDataType.uint16),
      ],
    });
    const loop = typeEntry('Loop', { typeName: 'Loop2' });
    const loop2 = typeEntry('Loop2', { typeName: 'Loop' });
    const found = attributesOf(
      [
        entry(`${box.name}.S`, { typeName: 'Self' }),
        entry(`${box.name}.L`, { typeName: 'Loop', offset: 8 }),
      ],
      [self, loop, loop2],
    );
    expect([...found.keys()].filter((name) => name.endsWith('far'))).toEqual([]);
    expect(found.get('l')?.datatype.kind).toBe('int');
    expect(found.size).toBeLessThan(20);
  });

  it('survives structures of structures that would fill any memory', () => {
    const members = Array.from({ length: 60 }, (_, i) =>
      member(`M${i}`, 4, 0, AdsDataType.bigType, { typeName: 'Bomb' }),
    );
    const bomb = typeEntry('Bomb', { size: 4, members });
    const ring = typeEntry('Ring', {
      size: 4,
      typeName: 'Ring',
      arrayDimensions: [{ lowerBound: 0, length: 1 }],
    });
    const started = performance.now();
    const found = attributesOf(
      [
        entry(`${box.name}.B`, { typeName: 'Bomb' }),
        entry(`${box.name}.R`, { typeName: 'Ring', offset: 8 }),
      ],
      [bomb, ring],
    );
    expect(found.size).toBeLessThan(10);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('has no more than a thousand of them, and says how many are left out', () => {
    const many = Array.from({ length: 1100 }, (_, i) =>
      entry(`${box.name}.V${i}`, { offset: 8 * i, size: 2, dataType: AdsDataType.uint16 }),
    );
    const { tree, problems } = buildTree(plant([box], many), known());
    const live = tree.children[0]?.children[0]?.attributes.filter(({ name }) => /^v\d/.test(name));
    expect(live).toHaveLength(1000);
    expect(problems.join('\n')).toContain('100 values of the symbol table beyond the first 1000');
  });
});

describe('a terminal with a definition', () => {
  const el1 = definition('EL1', [{ symbol: 'AI.Value', name: 'ai_value', byte: 2 }]);
  const first = slave('EL1', 'Term 1');
  const ai = typeEntry('AI_TYPE', {
    size: 4,
    members: [member('Status', 2, 0, AdsDataType.uint16), member('Value', 2, 2, AdsDataType.int16)],
  });
  const table = [
    entry('Term 1.AI', { typeName: 'AI_TYPE' }),
    bitEntry('Term 1.WcState.WcState', { offset: 50 }),
    entry('Term 1.InfoData.State', { offset: 60, size: 2, dataType: AdsDataType.uint16 }),
  ];
  const namesWith = (options?: TreeOptions) => {
    const { tree } = buildTree(plant([first], table, [ai]), known(el1), options);
    return tree.children[0]?.children[0]?.attributes.map(({ name }) => name) ?? [];
  };

  it('has what its definition names, no more', () => {
    expect(namesWith()).toContain('ai_value');
    expect(namesWith()).not.toContain('ai_status');
  });

  it('has the rest too when all symbols are asked for, each once', () => {
    const all = namesWith({ symbols: 'all' });
    expect(all.filter((name) => !namesWith().includes(name))).toEqual(['ai_status']);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('symbols of no slave', () => {
  const table = [
    entry('Inputs', { size: 16 }),
    bitEntry('SyncUnits.<default>.WcState.WcState', { offset: 70 }),
    entry('MAIN.counter', { size: 2, dataType: AdsDataType.uint16 }),
    entry(`${box.name}.Value`, { size: 2, dataType: AdsDataType.uint16 }),
  ];
  const serverNames = (options?: TreeOptions) =>
    buildTree(plant([box], table), known(), options).tree.attributes.map(({ name }) => name);

  it('are left out unless they are asked for', () => {
    expect(serverNames().slice(5)).toEqual(
      serverNames({ otherSymbols: true }).slice(5, 5 + serverNames().length - 5),
    );
    const added = serverNames({ otherSymbols: true }).filter(
      (name) => !serverNames().includes(name),
    );
    expect(added).toEqual(['syncunits_default_wcstate_wcstate', 'main_counter']);
  });
});

function attributesOf(table: readonly Entry[], types: readonly TypeEntry[] = []) {
  const { tree } = buildTree(plant([box], table, types), known());
  const attributes = tree.children[0]?.children[0]?.attributes ?? [];
  const bare = buildTree(plant([box]), known()).tree.children[0]?.children[0]?.attributes ?? [];
  const usual = new Set(bare.map(({ name }) => name));
  const live = attributes.filter(({ name }) => !usual.has(name));
  return new Map(live.map((attribute) => [attribute.name, attribute]));
}

function typesOf(found: ReadonlyMap<string, Attribute<PlantSource>>) {
  return Object.fromEntries([...found].map(([name, { datatype }]) => [name, datatype]));
}
