import {
  type Datatype,
  type EnumLabel,
  portNames,
  text,
  u8,
  u16,
  type Value,
} from '../model/index.ts';
import { rise, segmentText } from './bus-diagnosis.ts';
import { derived, riseOf } from './derived-attribute.ts';
import { ESC_COMMAND_LENGTH, ESC_DATA_OFFSET } from './esc-command.ts';
import type { DeviceFacts } from './facts.ts';
import { crcPorts, crcSums, lostLinks } from './master-regions.ts';
import type { PlantAttribute } from './plant-attribute.ts';
import type { Derive, Region } from './source.ts';
import { type BusPort, frameOrder, linksOf, type PlacedSlave, placed } from './topology.ts';

/** Seconds for which a rise of a counter is remembered. */
const FAULT_SPAN = 60;

/** Bytes of one slave's sum, and of the counters of its ports. */
const SUM = 4;
const PORTS = 4 * portNames.length;

const portLabels: readonly EnumLabel[] = ['none', ...portNames].map((label, value) => ({
  value,
  label,
}));

/**
 * Where errors begin: the first port on the way of the frame whose counter of CRC errors or of lost
 * links rose within a minute. Behind a junction that is not the bus order: the frame comes back to
 * its other ports after the branch behind them.
 */
export function faultAttributes(device: DeviceFacts): PlantAttribute[] {
  const slaves = placed(device.slaves);
  const order = frameOrder(linksOf(device.slaves));
  const addresses = device.slaves.map(({ address }) => address);
  const inputs: Region[] = [
    crcSums(device),
    ...addresses.map((address) => crcPorts(device, address)),
    ...(device.hasLostLinks ? addresses.map((address) => lostLinks(device, address)) : []),
  ];
  const attribute = (
    name: string,
    description: string,
    datatype: Datatype,
    value: (fault: Fault | undefined) => Value,
    labels?: readonly EnumLabel[],
  ) => {
    const derive: Derive = (now, before) =>
      before && value(firstFault(order, slaves.length, now.bytes, before.bytes));
    // A slave that does not answer for its ports hides no other.
    const source = { inputs, span: FAULT_SPAN, derive, mayMiss: true };
    return derived(name, description, datatype, source, labels ? { labels } : {});
  };
  return [
    attribute(
      'first_faulty_slave',
      'Address of the first slave with new errors; 0: none',
      u16,
      (fault) => (fault ? (addresses[fault.index] ?? 0) : 0),
    ),
    attribute(
      'first_faulty_port',
      'Port of that slave',
      u8,
      (fault) => (fault?.port === undefined ? 0 : fault.port + 1),
      portLabels,
    ),
    attribute('faulty_segment', 'Cable or contact with new errors', text(255), (fault) =>
      fault ? faultText(slaves, fault) : 'none',
    ),
  ];
}

type Fault = {
  readonly index: number;
  /** Undefined when the slave does not tell. */
  readonly port: number | undefined;
  readonly what: 'errors' | 'link';
};

function firstFault(
  order: readonly BusPort[],
  slaves: number,
  now: Uint8Array,
  past: Uint8Array,
): Fault | undefined {
  const risen = new Rises(slaves, now, past);
  if (risen.isNone) return undefined;
  for (const { index, port } of order) {
    // The sum tells whether a slave counted at all: it comes for all slaves at once.
    if (risen.sum(index)) {
      if (risen.crc(index, port)) return { index, port, what: 'errors' };
      if (!portNames.some((_, each) => risen.crc(index, each))) {
        return { index, port: undefined, what: 'errors' };
      }
    }
    if (risen.link(index, port)) return { index, port, what: 'link' };
  }
  return undefined;
}

/** What rose: CRC sums of all slaves, CRC errors at their ports, links lost at them if that is told. */
class Rises {
  readonly #now: DataView;
  readonly #past: DataView;
  readonly #slaves: number;
  readonly isNone: boolean;

  constructor(slaves: number, now: Uint8Array, past: Uint8Array) {
    this.#slaves = slaves;
    this.#now = viewOf(now);
    this.#past = viewOf(past);
    const links = slaves * (SUM + PORTS);
    const isSame = (from: number, to?: number) =>
      Buffer.compare(now.subarray(from, to), past.subarray(from, to)) === 0;
    this.isNone = isSame(0, slaves * SUM) && isSame(links);
  }

  sum(index: number): boolean {
    return this.#u32(SUM * index);
  }

  crc(index: number, port: number): boolean {
    return this.#u32(SUM * this.#slaves + PORTS * index + 4 * port);
  }

  link(index: number, port: number): boolean {
    const at = this.#slaves * (SUM + PORTS) + ESC_COMMAND_LENGTH * index;
    if (at >= this.#now.byteLength) return false;
    const counted = (view: DataView) =>
      view.getUint16(at + ESC_COMMAND_LENGTH - 2) > 0
        ? view.getUint8(at + ESC_DATA_OFFSET + port)
        : undefined;
    return riseOf(counted(this.#now), counted(this.#past)) > 0;
  }

  #u32(at: number): boolean {
    return rise(this.#now.getUint32(at, true), this.#past.getUint32(at, true)) > 0;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function faultText(slaves: readonly PlacedSlave[], { index, port, what }: Fault): string {
  const errors = segmentText(slaves, index, port);
  return what === 'errors' ? errors : `${errors.replace(', on the way back', '')}, link lost`;
}
