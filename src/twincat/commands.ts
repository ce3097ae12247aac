import { bool, type EnumLabel, EtherCatState, u16 } from '../model/index.ts';
import type { DeviceFacts, SlaveFacts } from './facts.ts';
import { MASTER_REQUEST_OFFSET, MASTER_STATE_OFFSET, MasterGroup } from './master-group.ts';
import { masterTarget } from './master-regions.ts';
import type { PlantAttribute } from './plant-attribute.ts';
import type { PlantRequest, Region, WriteTarget } from './source.ts';

/** States that can be asked for; BOOT is for firmware and not offered. */
const requestLabels: readonly EnumLabel[] = [
  { value: 0, label: 'none' },
  { value: EtherCatState.init, label: 'INIT' },
  { value: EtherCatState.preOp, label: 'PREOP' },
  { value: EtherCatState.safeOp, label: 'SAFEOP' },
  { value: EtherCatState.op, label: 'OP' },
];

/** Asks the IOC to look at the plant again. */
export function serverCommands(): PlantAttribute[] {
  return [button('rescan', 'Discover the plant again', { kind: 'rescan' })];
}

/** What a master can be asked to do (facts/ads.md section 6). */
export function deviceCommands(device: DeviceFacts): PlantAttribute[] {
  const place = (group: number, offset: number) => masterTarget(device, group, offset);
  return [
    stateRequest(
      'State for the master and all slaves',
      { ...place(MasterGroup.state, MASTER_REQUEST_OFFSET), length: 2 },
      { ...place(MasterGroup.state, MASTER_STATE_OFFSET), length: 2 },
    ),
    reset('reset_frame_counters', 'Frame counters to 0', place(MasterGroup.frameCounters, 0)),
    reset('reset_crc_counters', 'CRC counters of all slaves to 0', place(MasterGroup.crc, 0)),
  ];
}

/** What a slave can be asked to do; `served` are its attributes, whose CoE objects are refreshed. */
export function slaveCommands(
  device: DeviceFacts,
  { address }: SlaveFacts,
  served: readonly PlantAttribute[],
): PlantAttribute[] {
  const regions: Region[] = [];
  for (const { source } of served) {
    if (source.kind === 'region' && source.region.update === 'once') regions.push(source.region);
  }
  const refresh = { kind: 'refresh', regions } as const;
  return [
    stateRequest('State for this slave', {
      ...masterTarget(device, MasterGroup.slaveStates, address),
      length: 2,
    }),
    reset(
      'reset_crc_counters',
      'CRC counters of this slave to 0',
      masterTarget(device, MasterGroup.crc, address),
    ),
    ...(regions.length > 0 ? [button('refresh_coe', 'Read the CoE objects again', refresh)] : []),
  ];
}

type Target = ReturnType<typeof masterTarget>;

function stateRequest(
  description: string,
  write: WriteTarget,
  otherwise?: WriteTarget,
): PlantAttribute {
  const request = { kind: 'write-value', write, ...(otherwise && { otherwise }) } as const;
  const source = { kind: 'command', request } as const;
  const name = 'request_state';
  return { name, description, datatype: u16, access: 'w', source, labels: requestLabels };
}

/** Counters are reset by a write of no bytes. */
export function reset(name: string, description: string, target: Target): PlantAttribute {
  const write = { ...target, length: 0 };
  return button(name, description, { kind: 'write', write, bytes: new Uint8Array(0) });
}

function button(name: string, description: string, request: PlantRequest): PlantAttribute {
  const labels = [
    { value: 0, label: 'none' },
    { value: 1, label: 'do it' },
  ];
  const source = { kind: 'command', request } as const;
  return { name, description, datatype: bool, access: 'w', source, labels };
}
