import type { ChainSlave } from './chain.ts';

/** Ports of a slave, as their counters and link bits are ordered; frames come in at A. */
export const portNames = ['A', 'B', 'C', 'D'] as const;

/** Ports other than A in the order in which a frame leaves by them (ET1100, frame processing order). */
export const outgoingPorts: readonly number[] = [3, 1, 2];

/** Where a slave is plugged in. */
export interface BusLink {
  /** Place in bus order of the slave before it on the wire; undefined is the master. */
  readonly parent: number | undefined;
  /** Port of that slave, 0 (A) to 3 (D); 0 at the master. */
  readonly port: number;
}

/** What plugs into what: terminals into each other (E-bus), couplers and boxes into cables. */
type Medium = 'e-bus' | 'cable';

/** How a slave is wired: what it comes in by, and what each of its other ports is. */
interface Wiring {
  readonly input: Medium;
  readonly ports: Readonly<Record<number, Medium>>;
}

const wirings: readonly (readonly [RegExp, Wiring])[] = [
  // The cable to the next coupler leaves a coupler, not its last terminal.
  [/^EK1(100|101|300|501|541|8\d\d|9\d\d)(-|$)/, wiring('cable', { 1: 'e-bus', 2: 'cable' })],
  [/^EK1(110|310)(-|$)/, wiring('e-bus', { 1: 'cable' })],
  [/^EK1122(-|$)/, wiring('e-bus', { 3: 'cable', 1: 'e-bus', 2: 'cable' })],
  [/^EK15(21|61)(-|$)/, wiring('e-bus', { 1: 'e-bus', 2: 'cable' })],
  [/^(EP1122|EP9128|EP9224|EPP13[234]2|CU1128)(-|$)/, junction()],
  // Other boxes, and drives and devices of other vendors, have one way in and one out.
  [/^(?!E[LSMJK]|unknown$)/, wiring('cable', { 1: 'cable' })],
];

const terminal = wiring('e-bus', { 1: 'e-bus' });

/**
 * How slaves of these types in bus order are plugged together most likely, for masters that do not
 * tell: bus order is the way of the frame, which comes back to a junction after each of its branches.
 * Which branch of a junction that has several is wired, and where a branch ends that has as many
 * terminals as it likes, types do not say.
 */
export function inferredLinks(types: readonly string[]): BusLink[] {
  const links: BusLink[] = [];
  const open: Open[] = [];
  for (const type of types) {
    const { input, ports } = wiringOf(type);
    const link = nearest(open, links, input);
    const parent = link.parent === undefined ? undefined : open[link.parent];
    if (parent) parent.next = outgoingPorts.indexOf(link.port) + 1;
    links.push(link);
    open.push({ ports, next: 0 });
  }
  return links;
}

/** Links of a described plant: as each slave says that it is plugged in, else by the types. */
export function describedLinks(slaves: readonly Plugged[]): BusLink[] {
  const inferred = inferredLinks(slaves.map(({ type }) => type));
  return slaves.map(({ parent, port }, index) => {
    if (parent === undefined) return inferred[index] ?? { parent: undefined, port: 0 };
    const at = slaves.findIndex(({ address }) => address === parent);
    return at < 0 ? { parent: undefined, port: 0 } : { parent: at, port: port ?? 1 };
  });
}

/** Station addresses at the ports A to D of each slave of a described plant; 0: nothing, or the master. */
export function neighbourAddresses(slaves: readonly Plugged[]): [number, number, number, number][] {
  const all = slaves.map((): [number, number, number, number] => [0, 0, 0, 0]);
  describedLinks(slaves).forEach(({ parent, port }, index) => {
    const [own, above] = [all[index], parent === undefined ? undefined : all[parent]];
    if (!own || !above || parent === undefined) return;
    own[0] = slaves[parent]?.address ?? 0;
    above[port] = slaves[index]?.address ?? 0;
  });
  return all;
}

type Plugged = Pick<ChainSlave, 'type' | 'address' | 'parent' | 'port'>;

/** A slave whose ports up to `next` of the outgoing ones are passed already. */
type Open = { readonly ports: Wiring['ports']; next: number };

/** The way back from the newest slave to the first port ahead that fits; else what is left of the newest. */
function nearest(open: readonly Open[], links: readonly BusLink[], input: Medium): BusLink {
  const newest = open.length - 1;
  for (let at: number | undefined = newest; at !== undefined && at >= 0; at = links[at]?.parent) {
    const { ports = {}, next = 0 } = open[at] ?? {};
    const port = outgoingPorts.slice(next).find((each) => ports[each] === input);
    if (port !== undefined) return { parent: at, port };
  }
  return newest < 0 ? { parent: undefined, port: 0 } : { parent: newest, port: 1 };
}

function wiringOf(type: string): Wiring {
  return wirings.find(([pattern]) => pattern.test(type))?.[1] ?? terminal;
}

function wiring(input: Medium, ports: Wiring['ports']): Wiring {
  return { input, ports };
}

function junction(): Wiring {
  return wiring('cable', { 3: 'cable', 1: 'cable', 2: 'cable' });
}
