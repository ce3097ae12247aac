import { text, u16 } from '../model/index.ts';
import type { PlantFacts } from './facts.ts';
import { constant, type PlantAttribute } from './plant-attribute.ts';

/** What the I/O server says of itself. */
export function serverAttributes({ server, devices }: PlantFacts): PlantAttribute[] {
  const { name, major, minor, build } = server;
  return [
    constant('function', 'What this node is', text(255), 'I/O Server'),
    constant('name', 'Name of the I/O server', text(255), name),
    constant('version', 'Version of the I/O server', text(255), `${major}-${minor}`),
    constant('build', 'Build of the I/O server', text(255), String(build)),
    constant('dev_count', 'EtherCAT devices found', u16, devices.length),
  ];
}
