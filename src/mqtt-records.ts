import type { MqttDevices } from './bus/index.ts';
import type { BusConfig } from './config/index.ts';
import { IocError, type Log } from './kernel/index.ts';
import type { DeviceSupport } from './records/index.ts';

/** Records with DTYP MQTT of an IOC: its room, and MQTT.js, are loaded only where there is a bus. */
export async function mqttRecords(
  bus: BusConfig | undefined,
  log: Log,
): Promise<MqttDevices | undefined> {
  if (!bus) return undefined;
  const { MqttDevices } = await import('./bus/index.ts');
  return new MqttDevices(log);
}

/** DTYP MQTT of an IOC that has no bus. */
export const withoutBus: DeviceSupport = {
  name: 'MQTT',
  open() {
    throw new IocError('ioc/bus', 'this IOC has no MQTT bus: give bus.url');
  },
};
