import { describe, expect, it } from 'vitest';
import { AdsDataType } from '../../src/ads/index.ts';
import { arrayOf, i32, u8, u16, u32, walk } from '../../src/model/index.ts';
import { buildTree, type PlantController } from '../../src/twincat/index.ts';
import {
  bitEntry,
  definition,
  entry,
  known,
  master,
  placeOf,
  plant,
  slave,
} from './tree-plants.ts';

const none = known();

describe('the topology', () => {
  it('opens a node at each coupler and box, and counts positions in it', () => {
    const types = [
      'EK1110',
      'EL1014',
      'EK1100',
      'EL3104',
      'EK1122',
      'EP2338-0002',
      'EK1101-0008',
      'EL2024',
    ];
    expect(shape(types)).toEqual([
      'server 0.0 I/O Server',
      ' device 0.0 EtherCAT Master',
      '  terminal 0.0 EK1110',
      '  terminal 0.1 EL1014',
      '  coupler 1.0 EK1100',
      '   terminal 1.1 EL3104',
      '   terminal 1.2 EK1122',
      '  box 2.0 EP2338-0002',
      '  coupler 3.0 EK1101-0008',
      '   terminal 3.1 EL2024',
    ]);
  });

  it('is that of a plant without slaves, too', () => {
    const { tree } = buildTree(plant([]), none);
    expect(tree.children[0]?.children).toEqual([]);
    expect(names(tree.children[0])).not.toContain('slaves_states');
  });
});

describe('the I/O server', () => {
  it('says what it is', () => {
    const { tree } = buildTree(plant([]), none);
    expect(tree.attributes.map(({ name, source }) => [name, source])).toEqual([
      ['function', { kind: 'constant', value: 'I/O Server' }],
      ['name', { kind: 'constant', value: 'I/O Server' }],
      ['version', { kind: 'constant', value: '3-1' }],
      ['build', { kind: 'constant', value: '2103' }],
      ['dev_count', { kind: 'constant', value: 1 }],
      ['rescan', { kind: 'command', request: { kind: 'rescan' } }],
    ]);
  });
});

describe('an EtherCAT device', () => {
  const inputs = entry('Inputs', { offset: 0x5f0, size: 16 });
  const outputs = entry('Outputs', { group: 0xf020, offset: 0x5f0, size: 6 });
  const { tree, problems } = buildTree(
    plant([slave('EL1'), slave('EL1')], [inputs, outputs]),
    none,
  );
  const of = finder(tree.children[0]);

  it('says what it is', () => {
    expect(of('identity')?.source).toEqual({ kind: 'constant', value: 'code:0x00010003, s/n:7' });
    expect(of('netid')?.source).toEqual({ kind: 'constant', value: master });
    expect(of('node_count')?.source).toEqual({ kind: 'constant', value: 0 });
  });

  it('polls its five frame counters as one region', () => {
    const counters = [
      'system_time',
      'sent_cyclic_frames',
      'lost_cyclic_frames',
      'sent_acyclic_frames',
      'lost_acyclic_frames',
    ];
    expect(counters.map((name) => placeOf(of(name)))).toEqual(
      [0, 4, 8, 12, 16].map((byte) => ({ at: 'c:0+20', byte, bit: 0 })),
    );
    expect(of('system_time')?.source).toMatchObject({
      region: { target: { netId: master, port: 0xffff }, update: 'poll' },
    });
  });

  it('polls states and CRC errors of all slaves as arrays', () => {
    expect(of('slaves_states')?.datatype).toEqual(arrayOf(u8, 4));
    expect(placeOf(of('slaves_states')).at).toBe('9:0+4');
    expect(of('slaves_crc_counters')?.datatype).toEqual(arrayOf(u32, 2));
    expect(placeOf(of('slaves_crc_counters')).at).toBe('12:0+8');
    expect(placeOf(of('slave_count'))).toMatchObject({ at: '6:0+2' });
  });

  it('is told of its cyclic state in one structure', () => {
    expect(placeOf(of('in_frm0_inp_toggle'))).toEqual({ at: 'f030:1520+16', byte: 4, bit: 0 });
    expect(placeOf(of('inputs_dev_state'))).toEqual({ at: 'f030:1520+16', byte: 14, bit: 0 });
    expect(placeOf(of('outputs_dev_ctrl'))).toEqual({ at: 'f020:1520+6', byte: 4, bit: 0 });
    expect(of('in_frm0_state')?.datatype).toEqual(u16);
    expect(of('timestamp')?.source).toMatchObject({
      kind: 'stamp',
      region: { offset: 0x5f0, length: 16 },
    });
    expect(problems.join()).not.toContain('Device 1');
  });

  it('finds the structures under the device name, and members listed one by one', () => {
    const table = [
      entry('Device 1 (EtherCAT).Inputs', { offset: 16, size: 16 }),
      entry('Device 1 (EtherCAT).Outputs.DevCtrl', {
        offset: 4,
        size: 2,
        dataType: AdsDataType.uint16,
      }),
    ];
    const built = buildTree(plant([], table), none);
    const found = finder(built.tree.children[0]);
    expect(placeOf(found('in_frm0_wc_state')).at).toBe('f030:16+16');
    expect(placeOf(found('outputs_dev_ctrl'))).toEqual({ at: 'f030:4+2', byte: 0, bit: 0 });
    expect(built.problems).toEqual([
      'Device 1 (EtherCAT): not in the symbol table: Outputs.Frm0Ctrl, Outputs.Frm0WcCtrl',
    ]);
  });
});

describe('a slave', () => {
  const el1 = definition('EL1', [{ symbol: 'AI.Value', selected: false }]);
  const first = slave('EK1100', 'Term 1', 1001);
  const second = slave('EL1', 'Term 2', 1002);

  it('takes its health from the regions that all slaves share', () => {
    const { tree } = buildTree(plant([first, second]), known(el1));
    const of = finder(tree.children[0]?.children[0]?.children[0]);
    expect(placeOf(of('state_machine'))).toEqual({ at: '9:0+4', byte: 2, bit: 0 });
    expect(placeOf(of('link_status'))).toEqual({ at: '9:0+4', byte: 3, bit: 0 });
    expect(placeOf(of('crc_error_sum'))).toEqual({ at: '12:0+8', byte: 4, bit: 0 });
    expect(placeOf(of('crc_error_port_c'))).toEqual({ at: '12:1002+16', byte: 8, bit: 0 });
    expect(of('crc_error_port_c')?.source).toMatchObject({ region: { mayBeShort: true } });
    expect(of('node')?.source).toEqual({ kind: 'constant', value: 1 });
    expect(of('parent_dev_id')?.source).toEqual({ kind: 'constant', value: '1' });
  });

  it('has the working counter and toggle that the table lists for it', () => {
    const table = [
      bitEntry('Term 2.WcState.WcState', { offset: 70 }),
      bitEntry('Term 2.WcState.InputToggle', { offset: 71 }),
    ];
    const { tree } = buildTree(plant([first, second], table), known(el1));
    const [coupler] = tree.children[0]?.children ?? [];
    const of = finder(coupler?.children[0]);
    expect(placeOf(of('wcstate')).at).toBe('f031:70+1');
    expect(placeOf(of('input_toggle')).at).toBe('f031:71+1');
    expect(names(coupler)).not.toContain('wcstate');
  });

  it('without process data tells by its link whether it answers', () => {
    const passive = definition('EK1110', [], { group: 'SystemBk' });
    const { tree } = buildTree(plant([first, slave('EK1110', 'Term 3')]), known(passive));
    const of = finder(tree.children[0]?.children[0]?.children[0]);
    expect(placeOf(of('wcstate'))).toEqual({ at: '9:0+4', byte: 3, bit: 0 });
  });

  it('reads each CoE entry once from its own mailbox, and puts it there', () => {
    const settings = {
      index: 0x8010,
      name: 'AI Settings',
      entries: [
        { name: 'gain_idx8010', description: 'Gain', subindex: 0x12, datatype: i32, access: 'rw' },
        { name: 'raw_idx8010', description: 'Raw', subindex: 1, datatype: i32, access: 'r' },
      ],
    } as const;
    const { tree } = buildTree(plant([second]), known({ ...el1, coe: [settings] }));
    const of = finder(tree.children[0]?.children[0]);
    const offset = 0x80100012;
    const target = { netId: master, port: 1002 };
    expect(of('gain_idx8010')).toMatchObject({
      access: 'rw',
      description: 'AI Settings: Gain',
      source: {
        region: { target, group: 0xf302, offset, length: 4, update: 'once' },
        write: { target, group: 0xf302, offset, length: 4 },
      },
    });
    expect(of('raw_idx8010')?.access).toBe('r');
  });

  it('of a type without definition is matched by identity, the revision first', () => {
    const kin = definition('EL2', [], { description: 'kin' });
    const twin = definition('EL3', [], {
      description: 'twin',
      identity: { vendor: 2, product: 1, revision: 9 },
    });
    const odd = { ...slave('EL9'), identity: { vendor: 2, product: 1, revision: 9, serial: 0 } };
    const functionOf = (...known_: Parameters<typeof known>) =>
      finder(buildTree(plant([odd]), known(...known_)).tree.children[0]?.children[0])('function')
        ?.source;
    expect(functionOf(kin, twin)).toEqual({ kind: 'constant', value: 'twin' });
    expect(functionOf(kin)).toEqual({ kind: 'constant', value: 'kin' });
  });

  it('of an unknown type has its health, and is said once per type', () => {
    const { tree, problems } = buildTree(plant([slave('XX1'), slave('XX1')]), none);
    expect(names(tree.children[0]?.children[0])).toContain('state_machine');
    expect(problems.filter((each) => each.includes('XX1'))).toEqual([
      'Terminal type XX1 has no definition, by type or by identity: its process data is served as the symbol table names it, without units; add XX1.yaml to a folder of terminal definitions',
    ]);
  });

  it('keeps the first of two attributes of one name, and says so', () => {
    const twice = definition('EL1', [{ symbol: 'A.Value', name: 'node' }]);
    const table = [entry('Term 2.A.Value', { size: 2, dataType: AdsDataType.int16 })];
    const { tree, problems } = buildTree(plant([second], table), known(twice));
    expect(names(tree.children[0]?.children[0]).filter((name) => name === 'node')).toHaveLength(1);
    expect(problems).toContain('Term 2: node twice; left out: a value');
  });
});

function shape(types: readonly string[]): string[] {
  const { tree } = buildTree(plant(types.map((type) => slave(type))), none);
  return [...walk(tree)].map(
    ({ controller: { kind, node, position, type }, ancestors }) =>
      `${' '.repeat(ancestors.length)}${kind} ${node}.${position} ${type}`,
  );
}

function names(controller: PlantController | undefined): string[] {
  return controller?.attributes.map(({ name }) => name) ?? [];
}

function finder(controller: PlantController | undefined) {
  return (name: string) => controller?.attributes.find((each) => each.name === name);
}
