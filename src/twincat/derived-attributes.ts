import { type Datatype, portNames, text, u8, u16, type Value } from '../model/index.ts';
import { isOperational, linkFaultsText, listText, stateFaultsText } from './bus-diagnosis.ts';
import { counters, derived, portBytes, rate } from './derived-attribute.ts';
import { ESC_DATA_OFFSET } from './esc-command.ts';
import type { DeviceFacts, SlaveFacts } from './facts.ts';
import { faultAttributes } from './fault-attributes.ts';
import { crcPorts, crcSums, frameCounters, lostLinks, slaveStates } from './master-regions.ts';
import { inRegion, type PlantAttribute } from './plant-attribute.ts';
import type { ProcessData } from './process-attributes.ts';
import type { SlaveState } from './slave-state.ts';
import type { Reading } from './source.ts';

/** What the counters and states of a bus say about its cables, computed from polled regions. */
export function deviceDiagnosis(device: DeviceFacts, process: ProcessData): PlantAttribute[] {
  const frames = [frameCounters(device)];
  const lost = (name: string, what: string, index: number) =>
    rate(name, `${what} frames lost per second`, frames, (reading) =>
      counters(reading).slice(index, index + 1),
    );
  return [
    lost('lost_cyclic_frame_rate', 'Cyclic', 2),
    lost('lost_acyclic_frame_rate', 'Acyclic', 4),
    // A bus without slaves has no such regions.
    ...(device.slaves.length === 0
      ? []
      : [
          rate('crc_error_rate', 'CRC errors of all slaves per second', [crcSums(device)]),
          ...lostLinkRate(device),
          ...faultAttributes(device),
          ...stateAttributes(device),
          ...wcAttributes(device, process),
        ]),
  ];
}

/** CRC errors and lost links of one slave, at all its ports. */
export function slaveDiagnosis(device: DeviceFacts, { address }: SlaveFacts): PlantAttribute[] {
  const crc = rate('crc_error_rate', 'CRC errors per second', [crcPorts(device, address)]);
  if (!device.hasLostLinks) return [crc];
  const region = lostLinks(device, address);
  const ports = portNames.map((name, port) =>
    inRegion(
      `lost_link_port_${name.toLowerCase()}`,
      `Links lost at port ${name}, 255 at most`,
      u8,
      {
        ...{ region, byte: ESC_DATA_OFFSET + port, bit: 0 },
      },
    ),
  );
  return [crc, ...ports, rate('lost_link_rate', 'Links lost per second', [region], portBytes)];
}

function lostLinkRate(device: DeviceFacts): PlantAttribute[] {
  if (!device.hasLostLinks) return [];
  const inputs = device.slaves.map(({ address }) => lostLinks(device, address));
  return [rate('lost_link_rate', 'Links lost of all slaves per second', inputs, portBytes, true)];
}

function stateAttributes(device: DeviceFacts): PlantAttribute[] {
  const { slaves } = device;
  const inputs = [slaveStates(device)];
  const attribute = (
    name: string,
    description: string,
    datatype: Datatype,
    value: (states: readonly SlaveState[]) => Value,
  ) =>
    derived(name, description, datatype, {
      inputs,
      span: 0,
      derive: ({ bytes }) => value(statesOf(bytes)),
    });
  return [
    attribute('slaves_not_op', 'Slaves that are not in OP', u16, (states) =>
      count(states, (state) => !isOperational(state)),
    ),
    attribute('links_not_good', 'Slaves with a link problem', u16, (states) =>
      count(states, ({ link }) => link !== 0),
    ),
    attribute('state_faults', 'Slaves that are not in OP, or have errors', text(255), (states) =>
      stateFaultsText(slaves, states),
    ),
    attribute('link_faults', 'Link problems by slave and port', text(255), (states) =>
      linkFaultsText(slaves, states),
    ),
  ];
}

/** The working counters of all slaves that have one in the symbol table. */
function wcAttributes({ slaves }: DeviceFacts, process: ProcessData): PlantAttribute[] {
  const { target, symbols } = process;
  const watched = slaves.flatMap(({ name }) => {
    const entry = symbols.get(`${name}.WcState.WcState`);
    if (!entry) return [];
    const { group, offset, size } = entry;
    const region = { target, group, offset, length: Math.max(1, size), update: 'notify' } as const;
    return [{ name, region }];
  });
  if (watched.length === 0) return [];
  const inputs = watched.map(({ region }) => region);
  const faulty = ({ bytes }: Reading) => {
    let at = 0;
    return watched.filter(({ region: { length } }) => {
      const isInvalid = ((bytes[at] ?? 0) & 1) === 1;
      at += length;
      return isInvalid;
    });
  };
  return [
    derived('wc_state_faults', 'Slaves whose working counter is wrong', u16, {
      inputs,
      span: 0,
      derive: (now) => faulty(now).length,
    }),
    derived('wc_state_health', 'Slaves that take no part in the cycle', text(255), {
      inputs,
      span: 0,
      derive: (now) =>
        listText(
          faulty(now).map(({ name }) => name),
          ', ',
        ) || 'good',
    }),
  ];
}

function statesOf(bytes: Uint8Array): SlaveState[] {
  return Array.from({ length: bytes.length >> 1 }, (_, i) => ({
    state: bytes[2 * i] ?? 0,
    link: bytes[2 * i + 1] ?? 0,
  }));
}

function count<T>(items: readonly T[], isCounted: (item: T) => boolean): number {
  return items.filter(isCounted).length;
}
