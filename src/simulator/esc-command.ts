import { Reader, Writer } from '../kernel/index.ts';
import type { Bus } from './bus.ts';
import { Result, refused } from './refusal.ts';
import type { Slave } from './slave.ts';

/** Datagrams that read: by place on the bus, by station address (ETG.1000.4). */
const Read = { autoIncrement: 1, fixed: 4 } as const;
/** Bytes of a command with four bytes of data, as Beckhoff's AdsLib sends it. */
const COMMAND_LENGTH = 16;

/**
 * A datagram that the master sends to its slaves, as it comes back: the data of those that it
 * addressed, and how many took part. A bus without slaves lets it time out (facts/ads.md section 5).
 */
export function passedOn(bus: Bus, request: Uint8Array): Uint8Array {
  if (request.length !== COMMAND_LENGTH) throw refused(Result.invalidSize);
  if (bus.slaves.length === 0) throw refused(Result.deviceTimeout);
  const r = new Reader(request);
  const [type, index] = [r.u8(), r.u8()];
  const [address, register, length, interrupts] = [r.u16(), r.u16(), r.u16(), r.u16()];
  const addressed = addressedBy(bus, type, address);
  bus.acyclicSent = (bus.acyclicSent + 1) >>> 0;
  const w = new Writer();
  w.u8(type);
  w.u8(index);
  // Each slave that is passed counts a place up.
  w.u16(type === Read.autoIncrement ? address + bus.slaves.length : address);
  w.u16(register);
  w.u16(length);
  w.u16(interrupts);
  for (let i = 0; i < 4; i++) w.u8(addressed ? registerOf(addressed, register + i) : 0);
  w.u16(addressed ? 1 : 0);
  return w.take();
}

function addressedBy(bus: Bus, type: number, address: number): Slave | undefined {
  const isFixed = type === Read.fixed;
  if (!isFixed && type !== Read.autoIncrement) throw refused(Result.invalidData);
  const slave = isFixed ? bus.slave(address) : bus.slaves[-address & 0xffff];
  return slave?.connected ? slave : undefined;
}

/** A byte of an EtherCAT slave controller's registers; those that nobody asks for are 0. */
function registerOf(slave: Slave, at: number): number {
  const { facts, state, crc, lostLinks } = slave;
  if (at >= 0x0310 && at < 0x0314) return lostLinks[at - 0x0310] ?? 0;
  // Pairs of invalid frames and physical errors, port by port.
  if (at >= 0x0300 && at < 0x0308) return at % 2 ? 0 : Math.min(255, crc[(at - 0x0300) / 2] ?? 0);
  if (at === 0x0010 || at === 0x0011) return (facts.address >> (8 * (at - 0x0010))) & 0xff;
  return at === 0x0130 ? state & 0x1f : 0;
}
