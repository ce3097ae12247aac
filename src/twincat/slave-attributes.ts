import {
  bool,
  byteLength,
  type Datatype,
  type EnumLabel,
  int,
  portNames,
  type TerminalDefinition,
  text,
  u8,
  u16,
  u32,
} from '../model/index.ts';
import { identityText, stateLabels } from './device-attributes.ts';
import type { DeviceFacts } from './facts.ts';
import { crcPorts, crcSums, slaveStates } from './master-regions.ts';
import { constant, inRegion, type PlantAttribute } from './plant-attribute.ts';
import type { ProcessData } from './process-attributes.ts';
import type { PlacedSlave } from './topology.ts';

const validInvalid = [
  { value: 0, label: 'Valid' },
  { value: 1, label: 'Invalid' },
] as const;

const ports = portNames.map((label, value) => ({ value, label }));

/** What every slave has, whatever its type. */
export function slaveAttributes(
  device: DeviceFacts,
  placed: PlacedSlave,
  definition: TerminalDefinition | undefined,
): PlantAttribute[] {
  const { slave, node, position, parent, parentPort } = placed;
  const purpose = definition?.description ?? 'Unknown terminal';
  return [
    constant('function', 'What this node is', text(255), purpose),
    constant('parent_dev_id', 'Id of the EtherCAT device', text(255), String(device.id)),
    constant('type', 'Type of the slave', text(255), slave.type),
    constant('name', 'Name of the slave in TwinCAT', text(255), slave.name),
    constant('address', 'EtherCAT station address', u16, slave.address),
    constant('identity', 'Product code and serial number', text(255), identityText(slave.identity)),
    ...healthAttributes(device, placed),
    constant('node', 'Node number; 0 is before the first', u16, node),
    constant('position', 'Position in the node', u16, position),
    constant(
      'parent_slave',
      'Slave that this is plugged into',
      text(255),
      parent?.name ?? 'master',
    ),
    constant('parent_address', 'Address of that slave; 0: master', u16, parent?.address ?? 0),
    {
      ...constant('parent_port', 'Port of that slave', u8, parent ? parentPort : 0),
      labels: ports,
    },
  ];
}

function healthAttributes(device: DeviceFacts, { slave, index }: PlacedSlave): PlantAttribute[] {
  const states = slaveStates(device);
  const ports = crcPorts(device, slave.address);
  const state = { region: states, byte: 2 * index, bit: 0 };
  return [
    inRegion('state_machine', 'EtherCAT state and error bits; 8 is OP', u8, state),
    inRegion('link_status', 'Link bits; 0 is good', u8, { ...state, byte: 2 * index + 1 }),
    inRegion('ecat_state', 'EtherCAT state', int(4, false), state, { labels: stateLabels }),
    ...['a', 'b', 'c', 'd'].map((port, i) =>
      inRegion(`crc_error_port_${port}`, `CRC errors of port ${port.toUpperCase()}`, u32, {
        region: ports,
        byte: 4 * i,
        bit: 0,
      }),
    ),
    inRegion('crc_error_sum', 'CRC errors of all ports', u32, {
      region: crcSums(device),
      byte: 4 * index,
      bit: 0,
    }),
  ];
}

/**
 * The bits that the master adds to a slave with process data. A known slave that has none, and so
 * no working counter, still answers whether it is there: the link bit "not present" stands in, for
 * clients that look at every slave's Wcstate.
 */
export function runtimeAttributes(
  device: DeviceFacts,
  { slave, index, kind }: PlacedSlave,
  definition: TerminalDefinition | undefined,
  { target, symbols }: ProcessData,
): PlantAttribute[] {
  const runtime = (
    name: string,
    description: string,
    symbol: string,
    { datatype = bool, ...labels }: { datatype?: Datatype; labels?: readonly EnumLabel[] } = {},
  ) => {
    const entry = symbols.get(`${slave.name}.${symbol}`);
    if (!entry || byteLength(datatype) > Math.max(1, entry.size)) return [];
    const { group, offset, size } = entry;
    const region = { target, group, offset, length: Math.max(1, size), update: 'notify' } as const;
    return [inRegion(name, description, datatype, { region, byte: 0, bit: 0 }, labels)];
  };
  const wcState = runtime('wcstate', 'Working counter of the slave', 'WcState.WcState', {
    labels: validInvalid,
  });
  const isPassive = kind === 'terminal' && definition?.symbols.length === 0;
  if (wcState.length === 0 && isPassive) {
    const notPresent = { region: slaveStates(device), byte: 2 * index + 1, bit: 0 };
    wcState.push(
      inRegion('wcstate', 'Slave not present (it has no process data)', bool, notPresent, {
        labels: validInvalid,
      }),
    );
  }
  return [
    ...wcState,
    ...runtime('input_toggle', 'Toggles with new inputs', 'WcState.InputToggle'),
    ...runtime(
      'infodata_state',
      'EtherCAT state as the slave says with its data',
      'InfoData.State',
      {
        datatype: u16,
      },
    ),
  ];
}
