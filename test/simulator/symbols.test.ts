import { describe, expect, it } from 'vitest';
import {
  loadChain,
  loadTerminalDefinitions,
  shippedConfig,
  shippedTerminals,
} from '../../src/config/index.ts';
import { bool, i16, u8, u16 } from '../../src/model/index.ts';
import { symbolTable } from '../../src/simulator/index.ts';
import { layoutOf } from '../../src/simulator/layout.ts';
import { chain, chainOf, definitions, row, terminal } from './support/plant.ts';

const named = (table: ReturnType<typeof symbolTable>, name: string) =>
  table.find((symbol) => symbol.name === name);

describe('symbolTable', () => {
  const table = symbolTable(chain, definitions);

  it('lists a PDO with several members as one structure', () => {
    expect(named(table, 'Term 4 (EL3104).AI Standard Channel 1')).toMatchObject({
      typeName: 'AI Standard Channel 1_TYPE',
      group: 0xf030,
      size: 4,
      dataType: 65,
    });
    expect(table.filter(({ name }) => name.includes('.Value'))).toEqual([]);
  });

  it('calls the structure of every channel after the first one', () => {
    expect(named(table, 'Term 4 (EL3104).AI Standard Channel 2')?.typeName).toBe(
      'AI Standard Channel 1_TYPE',
    );
  });

  it('leaves out the PDO sets that are not in use', () => {
    expect(table.filter(({ name }) => name.includes('Compact'))).toEqual([]);
  });

  it('lists a PDO of one bit under its own name, at a bit address', () => {
    const bits = [1, 2, 3, 4].map((n) => named(table, `Term 2 (EL2024).Channel ${n}`));
    expect(bits.map((symbol) => symbol?.offset)).toEqual([0, 1, 2, 3]);
    expect(bits[0]).toMatchObject({ typeName: 'BIT', group: 0xf021, size: 1, dataType: 33 });
    expect(named(table, 'Term 3 (EL1014).Channel 1')?.group).toBe(0xf031);
  });

  it('gives WcState to all but couplers, and InputToggle to what has inputs', () => {
    const runtime = table.map(({ name }) => name).filter((name) => /^Term.*WcState/.test(name));
    expect(runtime).toEqual([
      'Term 2 (EL2024).WcState.WcState',
      'Term 3 (EL1014).WcState.WcState',
      'Term 3 (EL1014).WcState.InputToggle',
      'Term 4 (EL3104).WcState.WcState',
      'Term 4 (EL3104).WcState.InputToggle',
      'Term 5 (EL4134).WcState.WcState',
    ]);
  });

  it('has the structures of the master under bare names', () => {
    expect(named(table, 'Inputs')).toMatchObject({ typeName: 'Inputs_TYPE', size: 16 });
    expect(named(table, 'Outputs')).toMatchObject({ typeName: 'Outputs_TYPE', size: 6 });
    expect(table.at(-1)?.name).toMatch(/^SyncUnits/);
  });

  it('keeps the bare names for one master only', () => {
    const [first] = chain.devices;
    if (first === undefined) throw new Error('no device');
    const second = {
      ...first,
      id: 2,
      name: 'Device 2 (EtherCAT)',
      netId: '5.1.2.3.3.1',
      slaves: [],
    };
    const names = symbolTable({ ...chain, devices: [first, second] }, definitions).map(
      (s) => s.name,
    );
    expect(names).toContain('Inputs');
    expect(names).toContain('Device 2 (EtherCAT).Inputs');
    expect(new Set(names).size).toBe(names.length);
  });

  it('numbers structures that share a name and not a shape', () => {
    const other = terminal('EL9999', 'AnaIn', 1, [
      row({ symbol: 'AI Standard Channel {channel}.Value', datatype: i16 }),
    ]);
    const table = symbolTable(
      chainOf(['EL3104', 'EL9999', 'EL3104']),
      new Map([...definitions, ['EL9999', other]]),
    );
    expect(
      table.filter((s) => s.name.includes('Standard Channel 1')).map((s) => s.typeName),
    ).toEqual([
      'AI Standard Channel 1_TYPE',
      'AI Standard Channel 1_1_TYPE',
      'AI Standard Channel 1_TYPE',
    ]);
  });

  it('lists a lone number as what it is, and a lone word with fields as a structure', () => {
    const table = symbolTable(chainOf(['ELM3704', 'EL9510']), definitions);
    expect(named(table, 'Term 1 (ELM3704).CycleCount')).toMatchObject({
      typeName: 'UINT',
      size: 2,
    });
    expect(named(table, 'Term 2 (EL9510).Status Uo')).toMatchObject({ dataType: 65, size: 1 });
  });

  it('places channels that share a PDO one after the other', () => {
    const shared = terminal('EL8888', 'AnaIn', 1, [
      row({ symbol: 'Info.Data {channel}', datatype: u16, channels: [1, 2] }),
      row({ symbol: 'Info.Flag', datatype: bool, byte: 4 }),
    ]);
    const { variables } = layoutOf(chainOf(['EL8888']), new Map([['EL8888', shared]]));
    expect(variables[0]?.entries.map(({ name, bit }) => [name, bit])).toEqual([
      ['Data 1', 0],
      ['Data 2', 16],
      ['Flag', 32],
    ]);
    expect(variables[0]?.bits).toBe(40);
  });

  it('names the slave whose type nobody describes', () => {
    expect(() => symbolTable(chainOf(['EL7777']), definitions)).toThrow(
      /Term 1 \(EL7777\).*EL7777/,
    );
  });

  it('puts bytes after bits on a byte of their own', () => {
    const mixed = terminal('EL6666', 'AnaIn', 1, [
      row({ symbol: 'Bit', datatype: bool }),
      row({ symbol: 'Byte', datatype: u8 }),
    ]);
    const table = symbolTable(chainOf(['EL6666']), new Map([['EL6666', mixed]]));
    expect(named(table, 'Term 1 (EL6666).Byte')).toMatchObject({ group: 0xf030, offset: 1 });
  });
});

describe('the shipped plant', () => {
  const shipped = loadTerminalDefinitions([shippedTerminals]);
  const plant = loadChain(`${shippedConfig}/chains/cx7000-22.yaml`);

  it('has a table whose entries do not overlap', () => {
    const { variables, sizes } = layoutOf(plant, shipped);
    for (const area of ['inputs', 'outputs'] as const) {
      let end = 0;
      const inOrder = variables.filter((v) => v.area === area).sort((a, b) => a.bit - b.bit);
      for (const { bit, bits } of inOrder) {
        expect(bit).toBeGreaterThanOrEqual(end);
        end = bit + bits;
      }
      expect(end).toBeLessThanOrEqual(sizes[area] * 8);
    }
  });

  it('has the entries that a live system lists', () => {
    const table = symbolTable(plant, shipped);
    expect(named(table, 'Term 5 (EL3104).AI Standard Channel 1')).toMatchObject({
      typeName: 'AI Standard Channel 1_TYPE',
      size: 4,
    });
    expect(named(table, 'Term 6 (EL3602).AI Inputs Channel 2')).toMatchObject({ size: 6 });
    expect(named(table, 'Term 13 (EL1014).Channel 4')).toMatchObject({ typeName: 'BIT' });
    expect(named(table, 'Term 2 (EK1110).WcState.WcState')).toBeUndefined();
  });

  it('takes every terminal type that has a definition', () => {
    const everything = chainOf([...shipped.keys()]);
    const names = symbolTable(everything, shipped).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
