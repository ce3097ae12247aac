import { type Device, watchByReading } from './device.ts';
import { versionOf } from './io-server.ts';
import type { Plant } from './plant.ts';
import { Result, refused } from './refusal.ts';

/** The TwinCAT system service, AMS port 10000: says whether the system runs. */
export function systemService(plant: Plant): Device {
  const { version, build } = plant.chain.server;
  const device: Device = {
    info: () => ({ ...versionOf(version), build, name: 'TwinCAT System' }),
    state: () => plant.state,
    writeControl: (adsState) => plant.control(adsState),
    read: () => {
      throw refused(Result.invalidGroup);
    },
    write: () => {
      throw refused(Result.invalidGroup);
    },
    readWrite: () => {
      throw refused(Result.invalidGroup);
    },
    watch: (place) => watchByReading(device, place),
  };
  return device;
}
