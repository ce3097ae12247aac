import { type AmsAddress, type AmsNetId, Port } from '../ads/index.ts';
import { COE_GROUP } from './coe.ts';
import { ESC_COMMAND_LENGTH, EscRegister, readRegisters } from './esc-command.ts';
import type { DeviceFacts } from './facts.ts';
import { DC_STATISTICS_LENGTH, MASTER_STATE_OFFSET, MasterGroup } from './master-group.ts';
import type { Region } from './source.ts';

/** u16 EtherCAT state of the master (facts/ads.md section 6, as everything here). */
export function masterState({ netId }: DeviceFacts): Region {
  return polled(netId, MasterGroup.state, MASTER_STATE_OFFSET, 2);
}

/** u16 number of configured slaves. */
export function slaveCount({ netId }: DeviceFacts): Region {
  return polled(netId, MasterGroup.slaveCount, 0, 2);
}

/** { u8 state, u8 link } of every slave, in bus order. */
export function slaveStates({ netId, slaves }: DeviceFacts): Region {
  return polled(netId, MasterGroup.slaveStates, 0, 2 * slaves.length);
}

/** u32 time, cyclic frames sent and lost, acyclic frames sent and lost. */
export function frameCounters({ netId }: DeviceFacts): Region {
  return polled(netId, MasterGroup.frameCounters, 0, 20);
}

/** u32 sum of the CRC errors of all ports, of every slave. */
export function crcSums({ netId, slaves }: DeviceFacts): Region {
  return polled(netId, MasterGroup.crc, 0, 4 * slaves.length);
}

/** u32 CRC errors of ports A to D; a slave with fewer ports answers fewer bytes. */
export function crcPorts({ netId }: DeviceFacts, address: number): Region {
  return { ...polled(netId, MasterGroup.crc, address, 16), mayBeShort: true };
}

/** Seconds between two looks at lost links times polls: each takes a frame of its own on the bus. */
const LOST_LINKS_EVERY = 10;

/** u8 links lost at the ports A to D, in the answer to a command to the slave (see `escCommand`). */
export function lostLinks({ netId }: DeviceFacts, address: number): Region {
  return {
    ...polled(netId, MasterGroup.escCommand, 0, ESC_COMMAND_LENGTH),
    command: readRegisters(address, EscRegister.lostLinks),
    every: LOST_LINKS_EVERY,
  };
}

/** u32 cycles, positive, negative, largest deviation, 10 positive and 10 negative classes. */
export function dcStatistics({ netId }: DeviceFacts): Region {
  return polled(netId, MasterGroup.dcStatistics, 0, DC_STATISTICS_LENGTH);
}

/** A CoE object of a slave, by the offset that `coeOffset` gives: read once per session. */
export function coeEntry(target: AmsAddress, offset: number, length: number): Region {
  return { target, group: COE_GROUP, offset, length, update: 'once' };
}

/** Group and offset of a master, for what is asked of it. */
export function masterTarget({ netId }: DeviceFacts, group: number, offset: number) {
  return { target: { netId, port: Port.ethercatMaster }, group, offset } as const;
}

function polled(netId: AmsNetId, group: number, offset: number, length: number): Region {
  return { target: { netId, port: Port.ethercatMaster }, group, offset, length, update: 'poll' };
}
