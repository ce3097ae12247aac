import type { AmsNetId, AmsPort } from '../ads/index.ts';
import { Port } from '../ads/index.ts';
import type { DeviceFacts } from './facts.ts';
import type { Region, WriteTarget } from './source.ts';

/** u16 EtherCAT state of the master (facts/ads.md section 6, as everything here). */
export function masterState({ netId }: DeviceFacts): Region {
  return polled(netId, 0x0003, 0x0100, 2);
}

/** u16 number of configured slaves. */
export function slaveCount({ netId }: DeviceFacts): Region {
  return polled(netId, 0x0006, 0, 2);
}

/** { u8 state, u8 link } of every slave, in bus order. */
export function slaveStates({ netId, slaves }: DeviceFacts): Region {
  return polled(netId, 0x0009, 0, 2 * slaves.length);
}

/** u32 time, cyclic frames sent and lost, acyclic frames sent and lost. */
export function frameCounters({ netId }: DeviceFacts): Region {
  return polled(netId, 0x000c, 0, 20);
}

/** u32 sum of the CRC errors of all ports, of every slave. */
export function crcSums({ netId, slaves }: DeviceFacts): Region {
  return polled(netId, 0x0012, 0, 4 * slaves.length);
}

/** u32 CRC errors of ports A to D; a slave with fewer ports answers fewer bytes. */
export function crcPorts({ netId }: DeviceFacts, address: number): Region {
  return { ...polled(netId, 0x0012, address, 16), mayBeShort: true };
}

/** A CoE object of a slave, for reading once per session and for writing. */
export function coeEntry(
  netId: AmsNetId,
  address: number,
  { index, subindex, length }: { index: number; subindex: number; length: number },
): { region: Region; write: WriteTarget } {
  // Not a shift: the offset is unsigned.
  const offset = index * 0x10000 + subindex;
  const write = { target: { netId, port: address as AmsPort }, group: 0xf302, offset, length };
  return { region: { ...write, update: 'once' }, write };
}

function polled(netId: AmsNetId, group: number, offset: number, length: number): Region {
  return { target: { netId, port: Port.ethercatMaster }, group, offset, length, update: 'poll' };
}
