import { describe, expect, it } from 'vitest';
import { AdsDataType, type AdsSymbol } from '../../src/ads/index.ts';
import {
  arrayOf,
  bool,
  i16,
  i32,
  int,
  type SymbolDefinition,
  u8,
  u16,
  u32,
} from '../../src/model/index.ts';
import { buildTree } from '../../src/twincat/index.ts';
import {
  bitEntry,
  definition,
  entry,
  known,
  placeOf,
  plant,
  slave,
  symbols,
} from './tree-plants.ts';

const { int16, uint16, int32, real32 } = AdsDataType;
const PDO = 'Term (EL1).AI Standard Channel 1';

describe('an attribute of process data', () => {
  it('lies at the address that the live table gives its symbol', () => {
    const value = served(
      { symbol: 'AI.Value' },
      entry('Term (EL1).AI.Value', { offset: 8, size: 2, dataType: int16 }),
    )('value');
    expect(value?.source).toEqual({
      kind: 'region',
      region: { target: symbols, group: 0xf030, offset: 8, length: 2, update: 'notify' },
      byte: 0,
      bit: 0,
    });
    expect(value).toMatchObject({ access: 'r', datatype: i16 });
  });

  it('lies in its PDO at the byte of its definition when the table lists only the PDO', () => {
    const value = served({ symbol: 'AI Standard Channel 1.Value', byte: 2 }, entry(PDO))('value');
    expect(placeOf(value)).toEqual({ at: 'f030:100+4', byte: 2, bit: 0 });
  });

  it('is found in a listed member by what other rows tell of where that begins', () => {
    const value = served(
      { symbol: 'AI.Status__Limit 1', byte: 6, datatype: u8 },
      entry('Term (EL1).AI.Status', { offset: 40, size: 2 }),
      { name: 'status', symbol: 'AI.Status', byte: 5, datatype: u16 },
    )('value');
    expect(placeOf(value)).toEqual({ at: 'f030:40+2', byte: 1, bit: 0 });
  });

  it('is found below its name when the table adds the name of the only bit', () => {
    const value = served(
      { symbol: 'Channel 1', datatype: bool },
      bitEntry('Term (EL1).Channel 1.Input', { offset: 77 }),
    )('value');
    expect(placeOf(value)).toEqual({ at: 'f031:77+1', byte: 0, bit: 0 });
  });

  it('is found whatever the case of the name', () => {
    const value = served(
      { symbol: 'AI.Value' },
      entry('TERM (EL1).ai.VALUE', { size: 2, dataType: int16 }),
    )('value');
    expect(placeOf(value).at).toBe('f030:100+2');
  });

  it('shares the region of its PDO, which the plant updates as a whole', () => {
    const of = served({ symbol: 'AI Standard Channel 1.Value', byte: 2 }, entry(PDO), {
      name: 'status',
      symbol: 'AI Standard Channel 1',
      datatype: u16,
    });
    expect(placeOf(of('status')).at).toBe(placeOf(of('value')).at);
  });

  it('comes once per channel, with the channel in its name', () => {
    const table = [3, 4].map((n) =>
      entry(`Term (EL1).AO ${n}.Out`, { offset: n, size: 2, dataType: int16 }),
    );
    const all = served(
      { name: 'ao_{channel}', symbol: 'AO {channel}.Out', channels: [3, 4] },
      table,
    );
    expect(placeOf(all('ao_3')).at).toBe('f030:3+2');
    expect(placeOf(all('ao_4')).at).toBe('f030:4+2');
  });

  it('picks the entry of its area where the plant lists one name twice', () => {
    const table = [
      bitEntry('Term (EL1).Channel 1', { group: 0xf021, offset: 5 }),
      bitEntry('Term (EL1).Channel 1', { group: 0xf031, offset: 9 }),
    ];
    const input = served({ symbol: 'Channel 1', datatype: bool, indexGroup: 0xf031 }, table);
    expect(placeOf(input('value')).at).toBe('f031:9+1');
    const output = served(
      { symbol: 'Channel 1', datatype: bool, indexGroup: 0xf021, access: 'rw' },
      table,
    );
    expect(placeOf(output('value')).at).toBe('f021:5+1');
  });
});

describe('the live type', () => {
  const scale = { slope: 0.1, offset: 0 };

  it('wins over the definition, and a scale for other counts goes', () => {
    const found = { symbol: 'AI.Value', scale, unit: 'V', precision: 2 };
    const narrow = served(
      found,
      entry('Term (EL1).AI.Value', { size: 2, dataType: uint16 }),
    )('value');
    expect(narrow).toMatchObject({ datatype: u16, scale, unit: 'V' });
    const wide = served(found, entry('Term (EL1).AI.Value', { size: 4, dataType: int32 }))('value');
    expect(wide).toMatchObject({ datatype: i32, precision: 2 });
    expect(wide).not.toHaveProperty('scale');
    expect(wide).not.toHaveProperty('unit');
  });

  it('says how many samples an array has', () => {
    const row = { symbol: 'S.Samples', datatype: arrayOf(i16, 50) };
    const value = served(row, entry('Term (EL1).S.Samples', { size: 200 }))('value');
    expect(value?.datatype).toEqual(arrayOf(i16, 100));
    const floats = served(
      row,
      entry('Term (EL1).S.Samples', { size: 200, dataType: real32 }),
    )('value');
    expect(floats?.datatype).toEqual(arrayOf({ kind: 'float', bits: 32 }, 50));
  });

  it('shortens a status word, and leaves out the fields beyond', () => {
    const row = {
      name: 'status',
      symbol: 'AI.Status',
      datatype: u16,
      fields: [bit('low', 6), bit('high', 14)],
    };
    const all = served(row, entry('Term (EL1).AI.Status', { size: 1 }));
    expect(all('status')?.datatype).toEqual(u8);
    expect(all('low')).toBeDefined();
    expect(all('high')).toBeUndefined();
  });

  it('that cannot hold the value is a problem, not a wrong value', () => {
    const { of: all, problems } = build({ symbol: 'AI.Value' }, bitEntry('Term (EL1).AI.Value'));
    expect(all('value')).toBeUndefined();
    expect(problems).toContain(
      'Term (EL1).AI.Value: has one bit in the symbol table, too few for its definition; not served',
    );
  });
});

describe('a field of a word', () => {
  const word = {
    name: 'status',
    symbol: 'AI Standard Channel 1.Status',
    datatype: u16,
    fields: [bit('underrange', 0), { ...bit('limit_1', 2), width: 2 }, bit('toggle', 15)],
  };

  it('is read from the region of its word, at its bit', () => {
    const all = served(word, entry(PDO));
    expect(placeOf(all('underrange'))).toEqual({ at: 'f030:100+4', byte: 0, bit: 0 });
    expect(placeOf(all('toggle'))).toEqual({ at: 'f030:100+4', byte: 1, bit: 7 });
    expect(all('limit_1')).toMatchObject({ datatype: int(2, false), access: 'r' });
    expect(placeOf(all('limit_1'))).toMatchObject({ byte: 0, bit: 2 });
  });

  it('of a control word is put at its bit address; several bits only with the word', () => {
    const all = served({ ...word, access: 'rw' }, entry(PDO, { group: 0xf020 }));
    expect(placeOf(all('status')).write).toBe('f020:100+2');
    expect(placeOf(all('toggle')).write).toBe(`f021:${100 * 8 + 15}+1`);
    expect(all('limit_1')?.access).toBe('r');
  });
});

describe('a put', () => {
  it('goes to the entry with exactly its size', () => {
    const value = served(
      { access: 'rw', symbol: 'AO.Out' },
      entry('Term (EL1).AO.Out', { group: 0xf020, size: 2, dataType: int16 }),
    )('value');
    expect(value?.access).toBe('rw');
    expect(placeOf(value).write).toBe('f020:100+2');
  });

  it('of a bit goes to its bit address with one byte', () => {
    const row = { access: 'rw', symbol: 'Channel 1', datatype: bool } as const;
    const value = served(
      row,
      bitEntry('Term (EL1).Channel 1', { group: 0xf021, offset: 13 }),
    )('value');
    expect(placeOf(value).write).toBe('f021:13+1');
  });

  it('of a member goes to its own bytes of the PDO', () => {
    const row = {
      access: 'rw',
      symbol: 'CNT Outputs.Set counter value',
      byte: 2,
      datatype: u32,
    } as const;
    const value = served(row, entry('Term (EL1).CNT Outputs', { group: 0xf020, size: 6 }))('value');
    expect(placeOf(value)).toEqual({ at: 'f020:100+6', byte: 2, bit: 0, write: 'f020:102+4' });
  });

  it('of a PDO in the bit image counts offsets in bits', () => {
    const row = {
      access: 'rw',
      symbol: 'CNT Outputs.Set counter value',
      byte: 2,
      datatype: u32,
    } as const;
    const value = served(
      row,
      entry('Term (EL1).CNT Outputs', { group: 0xf021, offset: 800, size: 6 }),
    )('value');
    expect(placeOf(value).write).toBe('f021:816+4');
  });

  it('of a bit in memory without bit addresses is not offered, and said', () => {
    const row = { access: 'rw', symbol: 'PDO.Flag', bit: 3, datatype: bool } as const;
    const { of, problems } = build(row, entry('Term (EL1).PDO', { group: 0x4020 }));
    expect(of('value')?.access).toBe('r');
    expect(problems).toContain('Term (EL1).PDO.Flag: has no bit address; read only');
  });
});

describe('a row that the live table does not have', () => {
  it('gives no attribute and one problem per terminal', () => {
    const { of, problems } = build(
      { symbol: 'AI {channel}.Value', channels: [1, 2, 3, 4, 5, 6] },
      [],
    );
    expect(of('value')).toBeUndefined();
    expect(problems.filter((each) => each.startsWith('Term (EL1)'))).toEqual([
      'Term (EL1): not in the symbol table: AI 1.Value, AI 2.Value, AI 3.Value, AI 4.Value and 2 more; check the PDO assignment in TwinCAT and the definition of EL1',
    ]);
  });

  it('is no problem when it is not selected', () => {
    expect(build({ selected: false }, []).problems.join()).not.toContain('Term (EL1)');
  });

  it('is no problem when another PDO set is live, which is then served', () => {
    const standard = { name: 'standard', symbol: 'AI Standard.Value', pdoGroup: 'Standard' };
    const compact = {
      name: 'compact',
      symbol: 'AI Compact.Value',
      pdoGroup: 'Compact',
      selected: false,
    };
    const { of: all, problems } = build(
      standard,
      entry('Term (EL1).AI Compact.Value', { size: 2, dataType: int16 }),
      compact,
    );
    expect(problems.join()).not.toContain('Term (EL1)');
    expect(all('compact')).toBeDefined();
    expect(all('standard')).toBeUndefined();
  });
});

function bit(name: string, at: number) {
  return { name, description: name, bit: at, width: 1 };
}

type Row = Partial<SymbolDefinition>;
type Table = AdsSymbol | readonly AdsSymbol[];

/** Finds the attributes of one terminal by name. */
function served(row: Row, table: Table, ...more: Row[]) {
  return build(row, table, ...more).of;
}

function build(row: Row, table: Table, ...more: Row[]) {
  const list = 'name' in table ? [table] : table;
  const definitions = known(definition('EL1', [row, ...more]));
  const { tree, problems } = buildTree(plant([slave('EL1')], list), definitions);
  const attributes = tree.children[0]?.children[0]?.attributes ?? [];
  return { of: (name: string) => attributes.find((each) => each.name === name), problems };
}
