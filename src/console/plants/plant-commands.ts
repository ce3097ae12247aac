import type { Command, Lines, Parameter } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { matchesGlob } from '../glob.ts';
import { table } from '../report/table.ts';
import type { PlantNode, PlantView } from './plant-view.ts';

const pattern: readonly Parameter[] = [{ name: '[pattern]', kind: 'string' }];

/** Nodes that are looked at in one turn of the event loop. */
const NODES_A_TURN = 200;

/** The plants of an IOC; none until it runs. */
export type PlantSource = () => readonly PlantView[];

/** The commands that show what lies below the IOC; EPICS has none like them. */
export function plantCommands(source: PlantSource): readonly Command[] {
  return [
    {
      name: 'plants',
      parameters: [],
      usage: 'List the plants: prefix, address, state, what is wrong.',
      run: () => table(source().map(plantRow)),
    },
    {
      name: 'tree',
      parameters: pattern,
      usage: `Show the I/O server, its EtherCAT masters, couplers and terminals, with their states; only
those whose PV prefix, type or name matches the pattern, if there is one.`,
      run: ({ args }) => tree(source(), args.text(0)),
    },
    {
      name: 'slaves',
      parameters: pattern,
      usage: `List the slaves: address, type, state, link, CRC errors, PV prefix, name in TwinCAT.

Example: slaves EL31*`,
      run: ({ args }) => list(slaveHead, slaveRow, source(), args.text(0)),
    },
    {
      name: 'links',
      parameters: pattern,
      usage: 'List the links of the slaves: their state, and the CRC errors of ports A to D.',
      run: ({ args }) => list(linkHead, linkRow, source(), args.text(0)),
    },
    {
      name: 'faults',
      parameters: [],
      usage: 'Tell what is wrong now.',
      run: () => faults(source()),
    },
  ];
}

function plantRow({ name, where, status }: PlantView): readonly string[] {
  const { state, text } = status();
  return [name, where, state, text];
}

async function* tree(plants: readonly PlantView[], wanted: string | undefined): Lines {
  const rows: (readonly string[])[] = [];
  for (const plant of plants) {
    for (const { path, depth, type, name, state, fault = '' } of await nodesOf(plant, wanted)) {
      const standing = depth === 0 ? plant.status().state : state;
      rows.push([`${'  '.repeat(depth)}${path}`, type, name, standing, fault]);
    }
  }
  yield* table(rows);
}

/** The slaves that match, below the heads of their columns. */
async function* list(
  head: readonly string[],
  rowOf: (slave: PlantNode) => readonly string[],
  plants: readonly PlantView[],
  wanted: string | undefined,
): Lines {
  const rows: (readonly string[])[] = [];
  for (const plant of plants) {
    for (const node of await nodesOf(plant, wanted)) {
      if (node.kind === 'slave') rows.push(rowOf(node));
    }
  }
  if (rows.length === 0) {
    throw new Complaint(wanted ? `No slave matches ${wanted}` : 'No slaves are known yet');
  }
  yield* table([head, ...rows]);
}

/** The nodes that match. A plant has thousands, each with some PVs: others have their turn between. */
async function nodesOf(plant: PlantView, wanted: string | undefined): Promise<PlantNode[]> {
  const found: PlantNode[] = [];
  let seen = 0;
  for (const node of plant.nodes()) {
    const texts = [node.path, node.type, node.name];
    if (!wanted || texts.some((text) => matchesGlob(text, wanted))) found.push(node);
    if (++seen % NODES_A_TURN === 0) await new Promise((turn) => setImmediate(turn));
  }
  return found;
}

const slaveHead = ['Address', 'Type', 'State', 'Link', 'CRC', 'PVs', 'Name'];

function slaveRow({ address, type, state, link, crc = [], path, name }: PlantNode) {
  return [String(address ?? ''), type, state, link, String(sum(crc)), path, name];
}

const linkHead = ['Address', 'Type', 'Link', 'A', 'B', 'C', 'D', 'PVs'];

function linkRow({ address, type, link, crc = [], path }: PlantNode) {
  return [String(address ?? ''), type, link, ...crc.map(String), path];
}

async function* faults(plants: readonly PlantView[]): Lines {
  for (const plant of plants) {
    const { state, text, lastLoss } = plant.status();
    yield `${plant.name}: ${state}${state === 'Connected' ? '' : `, ${text}`}`;
    if (lastLoss !== '') yield `  last loss: ${lastLoss}`;
    const nodes = await nodesOf(plant, undefined);
    const faulty = nodes.filter(({ fault }) => fault !== undefined);
    if (faulty.length === 0) yield '  no faults';
    yield* table(faulty.map(({ path, type, fault = '' }) => [`  ${path}`, type, fault]));
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
