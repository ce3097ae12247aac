import { AdsState, type Place } from '../ads/index.ts';
import { Writer } from '../kernel/index.ts';
import type { Bus, Slave } from './bus.ts';
import { complete, type Device, refusing, watchByReading } from './device.ts';
import type { Plant } from './plant.ts';
import { Result, refused } from './refusal.ts';

/** Index groups of an EtherCAT master (facts/ads.md section 6). */
const Group = {
  masterState: 0x0003,
  slaveCount: 0x0006,
  slaveAddresses: 0x0007,
  slaveStates: 0x0009,
  frameCounters: 0x000c,
  slaveIdentity: 0x0011,
  crcCounters: 0x0012,
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
    write(group, offset, bytes) {
      if (group === Group.coe) {
        bus.dictionary.download(offset, bytes);
        return;
      }
      if (group !== Group.frameCounters) throw refused(Result.invalidGroup);
      if (offset !== 0) throw refused(Result.invalidOffset);
      if (bytes.length !== 0) throw refused(Result.invalidSize);
      bus.resetFrameCounters();
    },
    watch: (place) => watchByReading(device, place),
  };
  return device;
}

/** A slave's mailbox, AMS port = station address on the master's NetId. */
export function mailbox(plant: Plant, bus: Bus, slave: Slave): Device {
  const { dictionary, facts } = slave;
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
      return dictionary.upload(offset, length);
    },
    write(group, offset, bytes) {
      exchange(group);
      dictionary.download(offset, bytes);
    },
    watch: (place) => watchByReading(device, place),
  };
  return device;
}

/** What a group of the master holds at an offset. */
type Listing = (w: Writer, bus: Bus, offset: number) => void;

const listings: Readonly<Record<number, Listing>> = {
  [Group.masterState]: at(0x100, (w, bus) => w.u16(bus.state)),
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

function frameCounters(bus: Bus): number[] {
  return [bus.systemTime >>> 0, bus.cyclicSent, bus.cyclicLost, bus.acyclicSent, bus.acyclicLost];
}

function identityOf({ identity }: Slave): number[] {
  return [identity.vendor, identity.product, identity.revision, identity.serial];
}
