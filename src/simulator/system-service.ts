import { type Device, refusing, watchByReading } from './device.ts';
import { versionOf } from './io-server.ts';
import type { Plant } from './plant.ts';

/** The TwinCAT system service, AMS port 10000: says whether the system runs. */
export function systemService(plant: Plant): Device {
  const { version, build } = plant.chain.server;
  const device: Device = {
    ...refusing,
    info: () => ({ ...versionOf(version), build, name: 'TwinCAT System' }),
    state: () => plant.state,
    writeControl: (adsState) => plant.control(adsState),
    watch: (place) => watchByReading(device, place),
  };
  return device;
}
