import { text, u32 } from '../model/index.ts';
import type { PlantFacts } from './facts.ts';
import { constant, type PlantAttribute } from './plant-attribute.ts';

/** What the I/O server says of itself. */
export function serverAttributes({ server, devices }: PlantFacts): PlantAttribute[] {
  const { name, major, minor, build } = server;
  return [
    constant('function', 'What this node is', text(80), 'I/O Server'),
    constant('name', 'Name of the I/O server', text(80), name),
    constant('version', 'Version of the I/O server', text(80), `${major}-${minor}`),
    constant('build', 'Build of the I/O server', text(80), String(build)),
    constant('dev_count', 'EtherCAT devices found', u32, devices.length),
  ];
}
