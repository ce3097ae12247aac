import {
  arrayOf,
  type Datatype,
  decodeValue,
  type EnumLabel,
  f64,
  text,
  u8,
  u16,
  u32,
  type Value,
} from '../model/index.ts';
import {
  firstRisen,
  isOperational,
  linkFaultsText,
  listText,
  portNames,
  ratePerSecond,
  rise,
  segmentText,
  stateFaultsText,
} from './bus-diagnosis.ts';
import type { DeviceFacts, SlaveFacts } from './facts.ts';
import { crcPorts, crcSums, frameCounters, slaveStates } from './master-regions.ts';
import { type PlantAttribute, shownOf } from './plant-attribute.ts';
import type { ProcessData } from './process-attributes.ts';
import type { SlaveState } from './slave-state.ts';
import type { Derive, Reading, Region } from './source.ts';

/** Seconds over which rates are taken, and for which a rise of a counter is remembered. */
const RATE_SPAN = 10;
const FAULT_SPAN = 60;

const perSecond = { unit: '1/s', precision: 3 };
const portLabels: readonly EnumLabel[] = ['none', ...portNames].map((label, value) => ({
  value,
  label,
}));

/** What the counters and states of a bus say about its cables, computed from polled regions. */
export function deviceDiagnosis(device: DeviceFacts, process: ProcessData): PlantAttribute[] {
  const frames = [frameCounters(device)];
  const lost = (name: string, what: string, index: number) =>
    rate(name, `${what} frames lost per second`, frames, (counters) =>
      counters.slice(index, index + 1),
    );
  return [
    lost('lost_cyclic_frame_rate', 'Cyclic', 2),
    lost('lost_acyclic_frame_rate', 'Acyclic', 4),
    // A bus without slaves has no such regions.
    ...(device.slaves.length === 0
      ? []
      : [
          rate('crc_error_rate', 'CRC errors of all slaves per second', [crcSums(device)]),
          ...faultAttributes(device),
          ...stateAttributes(device),
          ...wcAttributes(device, process),
        ]),
  ];
}

/** CRC errors of one slave, all its ports. */
export function slaveDiagnosis(device: DeviceFacts, { address }: SlaveFacts): PlantAttribute[] {
  return [rate('crc_error_rate', 'CRC errors per second', [crcPorts(device, address)])];
}

/** Where errors begin: the first slave on the bus whose counter rose within a minute, and its port. */
function faultAttributes(device: DeviceFacts): PlantAttribute[] {
  const { slaves } = device;
  const sums = crcSums(device);
  const ports = slaves.map(({ address }) => crcPorts(device, address));
  const attribute = (
    name: string,
    description: string,
    datatype: Datatype,
    inputs: readonly Region[],
    value: (fault: Fault | undefined) => Value,
    labels?: readonly EnumLabel[],
  ) => {
    const derive: Derive = (now, before) =>
      before && value(firstFault(slaves.length, counters(now), counters(before)));
    const source = { inputs, span: FAULT_SPAN, derive };
    return derived(name, description, datatype, source, labels ? { labels } : {});
  };
  return [
    // The slave is told by the sums alone, so that one without an answer about its ports hides none.
    attribute(
      'first_faulty_slave',
      'Address of the first slave with new CRC errors; 0: none',
      u16,
      [sums],
      (fault) => (fault ? (slaves[fault.index]?.address ?? 0) : 0),
    ),
    attribute(
      'first_faulty_port',
      'Port of that slave',
      u8,
      [sums, ...ports],
      (fault) => (fault?.port === undefined ? 0 : fault.port + 1),
      portLabels,
    ),
    attribute(
      'faulty_segment',
      'Cable or contact with new CRC errors',
      text(255),
      [sums, ...ports],
      (fault) => (fault ? segmentText(slaves, fault.index, fault.port) : 'none'),
    ),
  ];
}

type Fault = { readonly index: number; readonly port: number | undefined };

/** Counters are the sums of `n` slaves, and the ports of each if they are asked for. */
function firstFault(
  n: number,
  now: readonly number[],
  before: readonly number[],
): Fault | undefined {
  const index = firstRisen(now.slice(0, n), before.slice(0, n));
  if (index === undefined) return undefined;
  const from = n + portNames.length * index;
  const to = from + portNames.length;
  return { index, port: firstRisen(now.slice(from, to), before.slice(from, to)) };
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

type Derived = {
  readonly inputs: readonly Region[];
  readonly span: number;
  readonly derive: Derive;
};

function derived(
  name: string,
  description: string,
  datatype: Datatype,
  source: Derived,
  shown: Parameters<typeof shownOf>[0] = {},
): PlantAttribute {
  return {
    name,
    description,
    datatype,
    access: 'r',
    source: { kind: 'derived', ...source },
    ...shownOf(shown),
  };
}

/** How fast the sum of some counters rises; all of them unless `chosen` picks. */
function rate(
  name: string,
  description: string,
  inputs: readonly Region[],
  chosen = (counts: readonly number[]) => counts,
): PlantAttribute {
  const derive: Derive = (now, before) => {
    if (!before) return undefined;
    const past = chosen(counters(before));
    const risen = chosen(counters(now)).reduce((sum, n, i) => sum + rise(n, past[i] ?? 0), 0);
    return ratePerSecond(risen, now.at - before.at);
  };
  return derived(name, description, f64, { inputs, span: RATE_SPAN, derive }, perSecond);
}

/** The u32 counters of a reading. */
function counters({ bytes }: Reading): number[] {
  const row = decodeValue(arrayOf(u32, bytes.length >> 2), bytes);
  return Array.from(row as Uint32Array);
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
