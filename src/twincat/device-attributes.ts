import { arrayOf, type EnumLabel, text, u8, u16, u32 } from '../model/index.ts';
import { EtherCatState } from './diagnostics.ts';
import type { DeviceFacts, Identity } from './facts.ts';
import { crcSums, frameCounters, masterState, slaveCount, slaveStates } from './master-regions.ts';
import { constant, inRegion, type PlantAttribute } from './plant-attribute.ts';
import type { ProcessData } from './process-attributes.ts';
import type { Region } from './source.ts';

/** EtherCAT states in words; 0 is what some simulations say for INIT. */
export const stateLabels: readonly EnumLabel[] = [
  { value: 0, label: 'INIT' },
  { value: EtherCatState.init, label: 'INIT' },
  { value: EtherCatState.preOp, label: 'PREOP' },
  { value: EtherCatState.boot, label: 'BOOT' },
  { value: EtherCatState.safeOp, label: 'SAFEOP' },
  { value: EtherCatState.op, label: 'OP' },
];

/** What a master says of itself and of its bus. */
export function deviceAttributes(
  device: DeviceFacts,
  nodeCount: number,
  process: ProcessData,
): { attributes: PlantAttribute[]; problems: string[] } {
  const cyclic = cyclicAttributes(device, process);
  const attributes = [
    ...identityAttributes(device),
    ...busAttributes(device),
    constant('node_count', 'Nodes (couplers and boxes) found', u16, nodeCount),
    ...cyclic.attributes,
  ];
  return { attributes, problems: cyclic.problems };
}

/** `code:0x0C203052, s/n:0` */
export function identityText({ product, serial }: Identity): string {
  return `code:0x${product.toString(16).toUpperCase().padStart(8, '0')}, s/n:${serial}`;
}

function identityAttributes({ id, type, name, netId, identity }: DeviceFacts): PlantAttribute[] {
  return [
    constant('function', 'What this node is', text(255), 'EtherCAT Master'),
    constant('id', 'Id of the device on the I/O server', u16, id),
    constant('type', 'Type of the device; 94 is EtherCAT', u16, type),
    constant('name', 'Name of the device in TwinCAT', text(255), name),
    constant('netid', 'AMS NetId of the master', text(255), netId),
    constant('identity', 'Product code and serial number', text(255), identityText(identity)),
  ];
}

function busAttributes(device: DeviceFacts): PlantAttribute[] {
  const frames = frameCounters(device);
  const counter = (name: string, description: string, byte: number) =>
    inRegion(name, description, u32, { region: frames, byte, bit: 0 });
  const whole = (region: Region) => ({ region, byte: 0, bit: 0 });
  const n = device.slaves.length;
  return [
    counter('system_time', 'Time of the frame counters', 0),
    counter('sent_cyclic_frames', 'Cyclic frames sent', 4),
    counter('lost_cyclic_frames', 'Cyclic frames lost', 8),
    counter('sent_acyclic_frames', 'Acyclic frames sent', 12),
    counter('lost_acyclic_frames', 'Acyclic frames lost', 16),
    inRegion('slave_count', 'Slaves configured', u16, whole(slaveCount(device))),
    inRegion('master_state', 'EtherCAT state of the master', u16, whole(masterState(device)), {
      labels: stateLabels,
    }),
    // A bus without slaves has no such regions.
    ...(n === 0
      ? []
      : [
          inRegion('slaves_states', 'State and link of every slave', arrayOf(u8, 2 * n), {
            ...whole(slaveStates(device)),
          }),
          inRegion('slaves_crc_counters', 'CRC errors of every slave', arrayOf(u32, n), {
            ...whole(crcSums(device)),
          }),
        ]),
  ];
}

/** Members of the structures that a master with one cyclic frame adds (facts/ads.md section 7). */
const cyclicMembers = [
  ['inputs_slave_count', 'Inputs.SlaveCount', 10, 'Slaves seen by the master'],
  ['inputs_dev_state', 'Inputs.DevState', 14, 'State bits of the master'],
  ['outputs_dev_ctrl', 'Outputs.DevCtrl', 4, 'Control bits of the master'],
  ['in_frm0_state', 'Inputs.Frm0State', 0, 'State of frame 0: lost datagrams'],
  ['in_frm0_wc_state', 'Inputs.Frm0WcState', 2, 'Wrong working counters of frame 0'],
  ['in_frm0_inp_toggle', 'Inputs.Frm0InputToggle', 4, 'Toggles when frame 0 came'],
  ['out_frm0_ctrl', 'Outputs.Frm0Ctrl', 0, 'Control bits of frame 0'],
  ['out_frm0_wc_ctrl', 'Outputs.Frm0WcCtrl', 2, 'Working counter control of frame 0'],
] as const;

function cyclicAttributes(device: DeviceFacts, { target, symbols }: ProcessData) {
  const attributes: PlantAttribute[] = [];
  const missing: string[] = [];
  let inputs: Region | undefined;
  for (const [name, member, byte, description] of cyclicMembers) {
    const [structure = ''] = member.split('.');
    // Some servers put the device's name ahead (facts/ads.md section 7).
    const own = [`${device.name}.${member}`, member].map((each) => symbols.get(each));
    const around = [`${device.name}.${structure}`, structure].map((each) => symbols.get(each));
    const single = own.find((entry) => entry !== undefined);
    const entry = single ?? around.find((each) => each !== undefined && each.size >= byte + 2);
    if (!entry) {
      missing.push(member);
      continue;
    }
    const { group, offset, size } = entry;
    const region = { target, group, offset, length: Math.max(1, size), update: 'notify' } as const;
    if (structure === 'Inputs') inputs ??= region;
    attributes.push(inRegion(name, description, u16, { region, byte: single ? 0 : byte, bit: 0 }));
  }
  if (inputs) attributes.unshift(timestamp(inputs));
  const problems =
    missing.length > 0 ? [`${device.name}: not in the symbol table: ${missing.join(', ')}`] : [];
  return { attributes, problems };
}

function timestamp(region: Region): PlantAttribute {
  return {
    name: 'timestamp',
    description: 'Time of the newest cyclic data of the master',
    datatype: text(80),
    access: 'r',
    source: { kind: 'stamp', region },
  };
}
