import { type BusLink, type ControllerKind, inferredLinks, outgoingPorts } from '../model/index.ts';
import type { SlaveFacts } from './facts.ts';

/** A slave and where it sits. */
export interface PlacedSlave {
  readonly slave: SlaveFacts;
  readonly kind: ControllerKind;
  /** Place in bus order, from 0: the slave's place in every all-slaves region. */
  readonly index: number;
  readonly node: number;
  readonly position: number;
  /** The slave that it is plugged into, undefined for the master, and at which of its ports. */
  readonly parent: SlaveFacts | undefined;
  readonly parentPort: number;
}

/** A port of a slave, by the slave's place in bus order. */
export type BusPort = { readonly index: number; readonly port: number };

/** Couplers with an E-bus behind them; EK1110, EK1122 and their kin pass the bus on instead. */
const coupler = /^EK1(100|101|300|501|541|8\d\d|9\d\d)(-|$)/;

/** EtherCAT boxes: a node of one. */
const box = /^(EP|EPP|EQ|ER)\d{4}(-|$)/;

/**
 * Nodes and positions of slaves in bus order (facts/ads.md section 11): a coupler or a box opens a
 * node at position 0, what follows counts from 1; slaves ahead of the first are node 0, from 0.
 */
export function placed(slaves: readonly SlaveFacts[]): PlacedSlave[] {
  const links = linksOf(slaves);
  let node = 0;
  let position = 0;
  return slaves.map((slave, index) => {
    const kind = kindOf(slave.type);
    if (kind !== 'terminal') {
      node++;
      position = 0;
    }
    const { parent, port } = links[index] ?? AT_MASTER;
    const upstream = parent === undefined ? undefined : slaves[parent];
    return {
      ...{ slave, kind, index, node, position: position++ },
      ...{ parent: upstream, parentPort: port },
    };
  });
}

/**
 * How slaves are plugged together: as their master tells by the addresses at their ports, else as
 * their types suggest. Nobody is plugged into a slave behind it in bus order, whatever is told.
 */
export function linksOf(slaves: readonly SlaveFacts[]): BusLink[] {
  const indices = new Map(slaves.map(({ address }, index) => [address, index]));
  const told = new Map<number, BusLink>();
  for (const [parent, { neighbours = [] }] of slaves.entries()) {
    for (const [port, address] of neighbours.entries()) {
      const child = indices.get(address) ?? -1;
      if (port > 0 && child > parent) told.set(child, { parent, port });
    }
  }
  const inferred = inferredLinks(slaves.map(({ type }) => type));
  return slaves.map(({ neighbours = [] }, index) => {
    const guess = inferred[index] ?? AT_MASTER;
    const upstream = indices.get(neighbours[0] ?? 0) ?? index;
    const byInput = upstream < index ? { parent: upstream, port: guess.port } : undefined;
    return told.get(index) ?? byInput ?? guess;
  });
}

/**
 * Every port of every slave in the order in which a frame comes in by it: into the slave by A, and
 * back by each other port from what is plugged in there.
 */
export function frameOrder(links: readonly BusLink[]): BusPort[] {
  const behind = links.map((): Step[] => []);
  const roots: number[] = [];
  for (const [index, { parent, port }] of links.entries()) {
    if (parent === undefined) roots.push(index);
    else behind[parent]?.push({ port, child: index });
  }
  const order: BusPort[] = [];
  // No recursion: a bus may be thousands of slaves deep.
  const path: { readonly index: number; readonly steps: Step[] }[] = [];
  const enter = (index: number) => {
    order.push({ index, port: 0 });
    const steps = outgoingPorts.flatMap((port) => [
      ...(behind[index] ?? []).filter((step) => step.port === port),
      { port, child: undefined },
    ]);
    path.push({ index, steps });
  };
  for (const root of roots) {
    enter(root);
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const step = at.steps.shift();
      if (step === undefined) path.pop();
      else if (step.child === undefined) order.push({ index: at.index, port: step.port });
      else enter(step.child);
    }
  }
  return order;
}

/** A branch that the frame takes at a port, or its coming back by that port. */
type Step = { readonly port: number; readonly child: number | undefined };

const AT_MASTER: BusLink = { parent: undefined, port: 0 };

function kindOf(type: string): ControllerKind {
  if (coupler.test(type)) return 'coupler';
  return box.test(type) ? 'box' : 'terminal';
}
