import { cp1252Bytes, Writer } from '../kernel/index.ts';
import type { ChainDevice } from '../model/index.ts';
import { complete, type Device, refusing, watchByReading } from './device.ts';
import type { Plant } from './plant.ts';
import { Result, refused } from './refusal.ts';

/** Group of the server itself; that of a device is its id higher (facts/ads.md section 5). */
const IO_GROUP = 0x5000;

/** The I/O server, AMS port 300: which fieldbus devices there are. */
export function ioServer(plant: Plant): Device {
  const { server } = plant.chain;
  const device: Device = {
    ...refusing,
    info: () => ({ ...versionOf(server.version), build: server.build, name: server.name }),
    state: () => plant.state,
    writeControl: (adsState) => plant.control(adsState),
    read: ({ group, offset, length }) => {
      const { devices } = plant.chain;
      if (group === IO_GROUP) return complete(listing(devices, offset), length);
      const found = devices.find(({ id }) => id === group - IO_GROUP);
      if (found === undefined) throw refused(Result.invalidGroup);
      return complete(detail(found, offset), length);
    },
    watch: (place) => watchByReading(device, place),
  };
  return device;
}

/** `3.1` as numbers. */
export function versionOf(version: string): { major: number; minor: number } {
  const [major, minor] = version.split('.').map(Number);
  return { major: major ?? 0, minor: minor ?? 0 };
}

function listing(devices: readonly ChainDevice[], offset: number): Uint8Array {
  const w = new Writer();
  switch (offset) {
    case 1:
      w.u16(devices.length);
      for (const { id } of devices) w.u16(id);
      return w.take();
    case 2:
      w.u32(devices.length);
      return w.take();
    default:
      throw refused(Result.invalidOffset);
  }
}

function detail({ name, netId, type }: ChainDevice, offset: number): Uint8Array {
  switch (offset) {
    case 1:
      return Uint8Array.of(...cp1252Bytes(name), 0);
    case 5:
      return Uint8Array.from(netId.split('.'), Number);
    case 7:
      // On-board I/O of a CX7000 is no fieldbus (facts/ads.md section 5).
      if (type === 0) throw refused(Result.invalidInterface);
      return Uint8Array.of(type, type >>> 8);
    default:
      throw refused(Result.invalidOffset);
  }
}
