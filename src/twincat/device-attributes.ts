import { arrayOf, type EnumLabel, EtherCatState, text, u8, u16, u32 } from '../model/index.ts';
import { cyclicAttributes } from './cyclic-attributes.ts';
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
