import { describe, expect, it } from 'vitest';
import { AdsDataType, amsNetId, amsPort, DataTypeFlag } from '../../src/ads/index.ts';
import {
  buildTree,
  type DeviceFacts,
  type PlantController,
  type PlantFacts,
} from '../../src/twincat/index.ts';
import { device, entry, known, placeOf, plant, slave, system, typeEntry } from './tree-plants.ts';

const second: DeviceFacts = {
  ...device([slave('EL1', 'Term 2')]),
  id: 2,
  name: 'Device 2 (EtherCAT)',
  netId: amsNetId('5.1.2.3.3.1'),
};

function twoMasters(table: PlantFacts['symbols']): PlantFacts {
  return { ...plant([], table), devices: [device([slave('EL1', 'Term 1')]), second] };
}

const words = (size: number, at: Record<string, number>) =>
  typeEntry('Inputs_TYPE', {
    size,
    members: Object.entries(at).map(([name, offset]) =>
      typeEntry(name, {
        size: 2,
        offset,
        dataType: AdsDataType.uint16,
        flags: DataTypeFlag.dataItem,
      }),
    ),
  });

describe('a master with two cyclic frames', () => {
  const inputs = entry('Inputs', { size: 22, typeName: 'Inputs_TYPE' });
  const layout = words(22, {
    Frm0State: 0,
    Frm0WcState: 2,
    Frm0InputToggle: 4,
    Frm1State: 6,
    Frm1WcState: 8,
    Frm1InputToggle: 10,
    SlaveCount: 16,
    DevState: 20,
  });

  it('has its members where the data types put them, those of the second frame too', () => {
    const { tree } = buildTree(plant([], [inputs], [layout]), known());
    const of = (name: string) => tree.children[0]?.attributes.find((each) => each.name === name);
    expect(placeOf(of('inputs_dev_state'))).toEqual({ at: 'f030:100+22', byte: 20, bit: 0 });
    expect(placeOf(of('inputs_slave_count')).byte).toBe(16);
    expect(placeOf(of('in_frm1_wc_state')).byte).toBe(8);
    expect(placeOf(of('in_frm1_inp_toggle')).byte).toBe(10);
  });

  it('without data types has only what cannot have moved', () => {
    const { tree, problems } = buildTree(plant([], [inputs]), known());
    const names = tree.children[0]?.attributes.map(({ name }) => name);
    expect(names).toContain('in_frm0_wc_state');
    expect(names).not.toContain('inputs_dev_state');
    expect(problems.join()).toContain('Inputs.DevState');
  });
});

describe('two masters', () => {
  it('of one table: the bare names are the first one’s, the other has its name ahead', () => {
    const table = [
      entry('Inputs', { offset: 16, size: 16 }),
      entry('Device 2 (EtherCAT).Inputs', { offset: 48, size: 16 }),
    ];
    const { tree } = buildTree(twoMasters(table), known());
    expect(tree.children.map((each) => regionOf(each.attributes))).toEqual([
      'f030:16+16',
      'f030:48+16',
    ]);
  });

  it('never share one’s structure', () => {
    const { tree } = buildTree(twoMasters([entry('Inputs', { size: 16 })]), known());
    const [, other] = tree.children;
    expect(other?.attributes.map(({ name }) => name)).not.toContain('inputs_dev_state');
  });

  it('with a table each are read at the port of each', () => {
    const symbol = (name: string) => entry(name, { size: 2, dataType: AdsDataType.uint16 });
    const own = { symbolPort: amsPort(27906), symbols: [symbol('Term 2.V')], dataTypes: [] };
    const facts = twoMasters([symbol('Term 1.V')]);
    const [first] = facts.devices;
    const devices = first ? [first, { ...second, table: own }] : [];
    const { tree } = buildTree({ ...facts, devices }, known());
    const targets = tree.children.map((each) => {
      const source = each.children[0]?.attributes.find(({ name }) => name === 'v')?.source;
      return source?.kind === 'region' ? source.region.target : undefined;
    });
    expect(targets).toEqual([
      { netId: system, port: 27905 },
      { netId: system, port: 27906 },
    ]);
  });
});

function regionOf(attributes: PlantController['attributes']): string {
  return placeOf(attributes.find((each) => each.name === 'inputs_dev_state')).at;
}
