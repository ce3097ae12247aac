import { Subject } from 'rxjs';
import type { NodeAttribute, PlantNode, PlantNodes, ServedNodes } from '../../../src/bus/index.ts';
import { type Attribute, bool, f32, text, u8, u16, u32 } from '../../../src/model/index.ts';
import { pascalCase } from '../../../src/pv/index.ts';

/** Nodes of a test, which may be changed: `told` emits as a running IOC would. */
export class HandMadeNodes implements PlantNodes {
  plants: readonly ServedNodes[];
  readonly changed$ = new Subject<void>();

  constructor(...plants: readonly ServedNodes[]) {
    this.plants = plants;
  }

  tell(...plants: readonly ServedNodes[]): void {
    this.plants = plants;
    this.changed$.next();
  }
}

/** A plant called `plant` whose names begin with `prefix`. */
export function plantOf(
  prefix: string,
  nodes: readonly PlantNode[],
  link: ServedNodes['link'] = { isUp: true, text: 'connected' },
): ServedNodes {
  return { name: `plant ${prefix}`, prefix, nodes, link };
}

/** An attribute by name; what is not told is a 16-bit number that is read. */
export function attribute(name: string, more: Partial<Attribute> = {}): Attribute {
  const description = more.description ?? name;
  return { name, description, datatype: u16, access: 'r', source: undefined, ...more };
}

/** A node at a path; its PVs are called as the IOC calls them. */
export function nodeAt(
  path: string,
  kind: PlantNode['kind'],
  attributes: readonly Attribute[],
  more: Partial<PlantNode> = {},
): PlantNode {
  const parent = path.includes(':') ? path.slice(0, path.lastIndexOf(':')) : undefined;
  const rest = { type: kind, name: path, id: 0, node: 0, position: 0, description: kind };
  return { path, parent, kind, ...rest, attributes: attributes.map(served(path)), ...more };
}

function served(path: string) {
  return (made: Attribute): NodeAttribute => {
    const pv = `${path}:${pascalCase(made.name)}`;
    const value = made.access === 'r' ? pv : made.access === 'rw' ? `${pv}_RBV` : undefined;
    return { attribute: made, value, setpoint: made.access === 'r' ? undefined : pv };
  };
}

export const slaveHealth: readonly Attribute[] = [
  attribute('state_machine', { datatype: u8 }),
  attribute('link_status', { datatype: u8 }),
  attribute('crc_error_sum', { datatype: u32 }),
  attribute('crc_error_rate', { datatype: f32, unit: '1/s' }),
  attribute('wcstate', { datatype: bool }),
];

/** A server with a master, a coupler, and analogue inputs of two channels behind it. */
export function smallPlant(prefix = 'BL07'): readonly PlantNode[] {
  const analogue = [1, 2].flatMap((channel) => [
    attribute(`ai_standard_channel_${channel}`, {
      description: `AI Standard Channel ${channel}.Status`,
    }),
    attribute(`ai_standard_channel_${channel}_value`, {
      description: `AI Standard Channel ${channel}.Value`,
      datatype: f32,
      unit: 'V',
    }),
  ]);
  return [
    nodeAt(prefix, 'server', [attribute('name', { datatype: text(255) })], {
      type: 'I/O Server',
      netId: '5.1.2.3.1.1',
    }),
    nodeAt(`${prefix}:ETH1`, 'device', [
      attribute('master_state'),
      attribute('lost_cyclic_frames', { datatype: u32 }),
      attribute('lost_cyclic_frame_rate', { datatype: f32 }),
      attribute('wc_state_faults'),
    ]),
    nodeAt(`${prefix}:ETH1:RIO1`, 'coupler', slaveHealth, { type: 'EK1100', id: 1001 }),
    nodeAt(
      `${prefix}:ETH1:RIO1:MOD1`,
      'terminal',
      [attribute('type', { datatype: text(255) }), ...slaveHealth, ...analogue],
      {
        ...{ type: 'EL3102', name: 'Term 2 (EL3102)', id: 1002, node: 1, position: 1 },
        identity: { vendor: 2, product: 0x0c1e3052, revision: 0x00100000, serial: 0 },
      },
    ),
  ];
}
