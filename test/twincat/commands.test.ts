import { describe, expect, it } from 'vitest';
import { i32 } from '../../src/model/index.ts';
import { buildTree, type PlantRequest } from '../../src/twincat/index.ts';
import { definition, known, master, placeOf, plant, slave } from './tree-plants.ts';

const settings = {
  index: 0x8010,
  name: 'AI Settings',
  entries: [
    { name: 'gain', description: 'Gain', subindex: 0x12, datatype: i32, access: 'rw' },
    { name: 'offset', description: 'Offset', subindex: 0x13, datatype: i32, access: 'r' },
  ],
} as const;
const el1 = definition('EL1', [], { coe: [settings] });
const { tree } = buildTree(plant([slave('EL1', 'Term 1', 1001)]), known(el1));
const device = tree.children[0];
const terminal = device?.children[0];

function requestOf(controller: typeof device, name: string): PlantRequest {
  const attribute = controller?.attributes.find((each) => each.name === name);
  expect(attribute?.access).toBe('w');
  if (attribute?.source.kind !== 'command') throw new Error(`${name} is no command`);
  return attribute.source.request;
}

const atMaster = { netId: master, port: 0xffff };

describe('commands', () => {
  it('request the state of the master, and of a slave by its address', () => {
    expect(requestOf(device, 'request_state')).toEqual({
      kind: 'write-value',
      write: { target: atMaster, group: 3, offset: 0, length: 2 },
      otherwise: { target: atMaster, group: 3, offset: 0x100, length: 2 },
    });
    expect(requestOf(terminal, 'request_state')).toEqual({
      kind: 'write-value',
      write: { target: atMaster, group: 9, offset: 1001, length: 2 },
    });
    const states = terminal?.attributes.find(({ name }) => name === 'request_state')?.labels;
    expect(states?.map(({ value, label }) => `${value} ${label}`)).toEqual([
      '0 none',
      '1 INIT',
      '2 PREOP',
      '4 SAFEOP',
      '8 OP',
    ]);
  });

  it('reset counters by a write of no bytes', () => {
    const reset = (group: number, offset: number) => ({
      kind: 'write',
      write: { target: atMaster, group, offset, length: 0 },
      bytes: new Uint8Array(0),
    });
    expect(requestOf(device, 'reset_frame_counters')).toEqual(reset(0x0c, 0));
    expect(requestOf(device, 'reset_crc_counters')).toEqual(reset(0x12, 0));
    expect(requestOf(terminal, 'reset_crc_counters')).toEqual(reset(0x12, 1001));
  });

  it('read the CoE objects of a slave again, where it has some', () => {
    const refresh = requestOf(terminal, 'refresh_coe');
    const offsets = refresh.kind === 'refresh' ? refresh.regions.map(({ offset }) => offset) : [];
    expect(offsets).toEqual([0x80100012, 0x80100013]);
    const { tree } = buildTree(plant([slave('XX')]), known());
    const names = tree.children[0]?.children[0]?.attributes.map(({ name }) => name);
    expect(names).not.toContain('refresh_coe');
  });

  it('discover the plant again', () => {
    expect(requestOf(tree as typeof device, 'rescan')).toEqual({ kind: 'rescan' });
  });
});

describe('the statistics of distributed clocks', () => {
  const attributesOf = (hasDcStatistics: boolean) => {
    const facts = plant([]);
    const devices = facts.devices.map((each) => ({ ...each, hasDcStatistics }));
    return buildTree({ ...facts, devices }, known()).tree.children[0]?.attributes ?? [];
  };

  it('are polled as one region where the master has them', () => {
    const clocks = attributesOf(true).filter(({ name }) => name.startsWith('dc_'));
    expect(clocks.map((each) => placeOf(each).at)).toEqual(Array(6).fill('2f:0+96'));
    expect(clocks.map((each) => placeOf(each).byte)).toEqual([0, 4, 8, 12, 16, 56]);
  });

  it('are not there where it has none', () => {
    expect(attributesOf(false).some(({ name }) => name.includes('dc_'))).toBe(false);
  });
});

describe('calibration and vendor objects', () => {
  const vendor = { ...settings, index: 0x801f, name: 'AI Vendor data', protected: true };
  const accessOf = (options?: Parameters<typeof buildTree>[2]) => {
    const facts = plant([slave('EL1')]);
    const built = buildTree(facts, known({ ...el1, coe: [vendor] }), options);
    const { attributes = [] } = built.tree.children[0]?.children[0] ?? {};
    return attributes.find(({ name }) => name === 'gain')?.access;
  };

  it('are read-only unless the configuration says otherwise', () => {
    expect(accessOf()).toBe('r');
    expect(accessOf({ coeWritable: [0x802f] })).toBe('r');
    expect(accessOf({ coeWritable: [0x801f] })).toBe('rw');
    expect(accessOf({ coeWritable: 'all' })).toBe('rw');
  });
});
