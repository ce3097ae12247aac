import { AdsState, type Place } from '../ads/index.ts';
import { Writer } from '../kernel/index.ts';
import type { Bus } from './bus.ts';
import { complete, type Device, refusing, watchByReading } from './device.ts';
import { passedOn } from './esc-command.ts';
import type { Plant } from './plant.ts';
import { Result, refused } from './refusal.ts';
import { EtherCatState, type Slave } from './slave.ts';

/** Index groups of an EtherCAT master (facts/ads.md section 6). */
const Group = {
  masterState: 0x0003,
  slaveCount: 0x0006,
  slaveAddresses: 0x0007,
  slaveStates: 0x0009,
  frameCounters: 0x000c,
  slaveIdentity: 0x0011,
  crcCounters: 0x0012,
  topology: 0x0022,
  escCommand: 0x002c,
  dcStatistics: 0x002f,
  coe: 0xf302,
} as const;

/** An EtherCAT master, AMS port 65535 of its own NetId. */
export function master(plant: Plant, bus: Bus): Device {
  const device: Device = {
    ...refusing,
    info: () => ({ major: 3, minor: 1, build: plant.chain.server.build, name: 'EtherCAT Master' }),
    state: () => ({ adsState: AdsState.run, deviceState: 0 }),
    read: (place) => {
      // The answer to a text is cut where the request ends (facts/ads.md section 6).
      if (place.group === Group.coe) {
        return bus.dictionary.upload(place.offset, place.length).subarray(0, place.length);
      }
      return complete(busData(bus, place), place.length);
    },
    write: (group, offset, bytes) => order(bus, group, offset, bytes),
    readWrite({ group, offset, bytes }) {
      if (group !== Group.escCommand) throw refused(Result.invalidGroup);
      if (offset !== 0) throw refused(Result.invalidOffset);
      return passedOn(bus, bytes);
    },
    watch: (place) => watchByReading(device, place),
  };
  return device;
}

/** Where the master's own state is read, and where one is requested. */
const MASTER_STATE = 0x0100;
const MASTER_REQUEST = 0x0000;

/**
 * What may be written to a master. That a state can be requested is Beckhoff's word, where it is
 * written is not verified (facts/ads.md section 6).
 */
function order(bus: Bus, group: number, offset: number, bytes: Uint8Array): void {
  switch (group) {
    case Group.coe:
      bus.dictionary.download(offset, bytes);
      break;
    case Group.masterState:
      if (offset !== MASTER_REQUEST) throw refused(Result.invalidOffset);
      bus.requestAll(wantedState(bytes));
      break;
    case Group.slaveStates:
      bus.request(slaveAt(bus, offset), wantedState(bytes));
      break;
    case Group.frameCounters:
      if (offset !== 0) throw refused(Result.invalidOffset);
      if (bytes.length !== 0) throw refused(Result.invalidSize);
      bus.resetFrameCounters();
      break;
    case Group.crcCounters:
      if (bytes.length !== 0) throw refused(Result.invalidSize);
      for (const { crc } of offset === 0 ? bus.slaves : [slaveAt(bus, offset)]) crc.fill(0);
      break;
    case Group.dcStatistics:
      commandClocks(bus, offset);
      break;
    default:
      throw refused(Result.invalidGroup);
  }
}

/** A state as u16; the bit that acknowledges an error is allowed. */
function wantedState(bytes: Uint8Array): number {
  if (bytes.length !== 2) throw refused(Result.invalidSize);
  const state = (bytes[0] ?? 0) & 0x0f;
  const known: readonly number[] = Object.values(EtherCatState);
  if (!known.includes(state) || bytes[1] !== 0) throw refused(Result.invalidData);
  return state;
}

/** 0 clears, 1 activates, 2 deactivates. */
function commandClocks({ clocks }: Bus, offset: number): void {
  if (offset === 0) clocks.clear();
  else if (offset === 1 || offset === 2) clocks.active = offset === 1;
  else throw refused(Result.invalidOffset);
}

/** A slave's mailbox, AMS port = station address on the master's NetId. */
export function mailbox(plant: Plant, bus: Bus, slave: Slave): Device {
  const { facts } = slave;
  // Each request takes a frame outside the cycle; a slave that cannot answer lets it time out.
  const exchange = (group: number) => {
    if (group !== Group.coe) throw refused(Result.invalidGroup);
    bus.acyclicSent = (bus.acyclicSent + 1) >>> 0;
    if (!slave.reachable) throw refused(Result.deviceTimeout);
  };
  const device: Device = {
    ...refusing,
    info: () => ({ major: 3, minor: 1, build: plant.chain.server.build, name: facts.type }),
    state: () => ({ adsState: AdsState.run, deviceState: 0 }),
    read: ({ group, offset, length }) => {
      exchange(group);
      return slave.dictionary.upload(offset, length);
    },
    write(group, offset, bytes) {
      exchange(group);
      slave.dictionary.download(offset, bytes);
    },
    watch: (place) => watchByReading(device, place),
  };
  return device;
}

/** What a group of the master holds at an offset. */
type Listing = (w: Writer, bus: Bus, offset: number) => void;

const listings: Readonly<Record<number, Listing>> = {
  [Group.masterState]: at(MASTER_STATE, (w, bus) => w.u16(bus.state)),
  [Group.slaveCount]: at(0, (w, bus) => w.u16(bus.slaves.length)),
  [Group.slaveAddresses]: at(0, (w, bus) => {
    for (const { facts } of bus.slaves) w.u16(facts.address);
  }),
  [Group.slaveStates](w, bus, offset) {
    for (const { state, link } of offset === 0 ? bus.slaves : [slaveAt(bus, offset)]) {
      w.u8(state);
      w.u8(link);
    }
  },
  [Group.frameCounters]: at(0, (w, bus) => {
    for (const count of frameCounters(bus)) w.u32(count);
  }),
  [Group.topology]: at(0, (w, bus) => {
    const places = new Map(bus.slaves.map(({ facts }, n) => [facts.address, -n & 0xffff]));
    for (const [n, slave] of bus.slaves.entries()) {
      topologyRecord(w, slave, bus.neighbours[n] ?? [], places);
    }
  }),
  [Group.dcStatistics]: at(0, (w, bus) => bus.clocks.encode(w)),
  [Group.slaveIdentity](w, bus, offset) {
    for (const part of identityOf(slaveAt(bus, offset))) w.u32(part);
  },
  [Group.crcCounters](w, bus, offset) {
    if (offset === 0) for (const { crcSum } of bus.slaves) w.u32(crcSum);
    else for (const count of slaveAt(bus, offset).crc) w.u32(count);
  },
};

function busData(bus: Bus, { group, offset }: Place): Uint8Array {
  const listing = listings[group];
  if (listing === undefined) throw refused(Result.invalidGroup);
  const w = new Writer();
  listing(w, bus, offset);
  return w.take();
}

/** A listing that has one offset only. */
function at(only: number, listing: Listing): Listing {
  return (w, bus, offset) => {
    if (offset !== only) throw refused(Result.invalidOffset);
    listing(w, bus, offset);
  };
}

function slaveAt(bus: Bus, address: number): Slave {
  const slave = bus.slave(address);
  if (slave === undefined) throw refused(Result.invalidOffset);
  return slave;
}

/** 64 bytes: addresses, those at the ports A to D, their places, status bits (ST_TopologyDataEx). */
function topologyRecord(
  w: Writer,
  slave: Slave,
  neighbours: readonly number[],
  places: ReadonlyMap<number, number>,
): void {
  const { address } = slave.facts;
  w.u16(address);
  w.u16(places.get(address) ?? 0);
  for (const neighbour of neighbours) w.u16(neighbour);
  for (const neighbour of neighbours) w.u16(places.get(neighbour) ?? 0);
  w.zeros(16);
  w.u32(slave.reachable ? SLAVE_PRESENT : 0);
  w.zeros(24);
}

const SLAVE_PRESENT = 0x04;

function frameCounters(bus: Bus): number[] {
  return [bus.systemTime >>> 0, bus.cyclicSent, bus.cyclicLost, bus.acyclicSent, bus.acyclicLost];
}

function identityOf({ identity }: Slave): number[] {
  return [identity.vendor, identity.product, identity.revision, identity.serial];
}
