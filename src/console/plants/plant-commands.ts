import type { Command, Lines, Parameter } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { matchesGlob } from '../glob.ts';
import { table } from '../report/table.ts';
import type { PlantNode, PlantView } from './plant-view.ts';

const pattern: readonly Parameter[] = [{ name: '[pattern]', kind: 'string' }];

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
      run: ({ args }) => table(treeRows(source(), args.text(0))),
    },
    {
      name: 'slaves',
      parameters: pattern,
      usage: `List the slaves: address, type, state, link, CRC errors, PV prefix, name in TwinCAT.

Example: slaves EL31*`,
      run: ({ args }) => withHead(slaveHead, slavesOf(source(), args.text(0)).map(slaveRow)),
    },
    {
      name: 'links',
      parameters: pattern,
      usage: 'List the links of the slaves: their state, and the CRC errors of ports A to D.',
      run: ({ args }) => withHead(linkHead, slavesOf(source(), args.text(0)).map(linkRow)),
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

function treeRows(plants: readonly PlantView[], wanted: string | undefined) {
  return plants.flatMap((plant) =>
    nodesOf(plant, wanted).map(({ path, depth, type, name, state, fault }) => {
      const standing = depth === 0 ? plant.status().state : state;
      return [
        `${'  '.repeat(depth)}${path}`,
        type,
        name,
        standing,
        fault === undefined ? '' : fault,
      ];
    }),
  );
}

function slavesOf(plants: readonly PlantView[], wanted: string | undefined): readonly PlantNode[] {
  const all = plants.flatMap((plant) => nodesOf(plant, wanted));
  const slaves = all.filter(({ kind }) => kind === 'slave');
  if (slaves.length === 0) {
    throw new Complaint(wanted ? `No slave matches ${wanted}` : 'No slaves are known yet');
  }
  return slaves;
}

function nodesOf(plant: PlantView, wanted: string | undefined): readonly PlantNode[] {
  const nodes = [...plant.nodes()];
  if (!wanted) return nodes;
  return nodes.filter((node) => {
    return [node.path, node.type, node.name].some((text) => matchesGlob(text, wanted));
  });
}

const slaveHead = ['Address', 'Type', 'State', 'Link', 'CRC', 'PVs', 'Name'];

function slaveRow({ address, type, state, link, crc = [], path, name }: PlantNode) {
  return [String(address ?? ''), type, state, link, String(sum(crc)), path, name];
}

const linkHead = ['Address', 'Type', 'Link', 'A', 'B', 'C', 'D', 'PVs'];

function linkRow({ address, type, link, crc = [], path }: PlantNode) {
  return [String(address ?? ''), type, link, ...crc.map(String), path];
}

function* faults(plants: readonly PlantView[]): Lines {
  for (const plant of plants) {
    const { state, text, lastLoss } = plant.status();
    yield `${plant.name}: ${state}${state === 'Connected' ? '' : `, ${text}`}`;
    if (lastLoss !== '') yield `  last loss: ${lastLoss}`;
    const faulty = [...plant.nodes()].filter(({ fault }) => fault !== undefined);
    if (faulty.length === 0) yield '  no faults';
    yield* table(faulty.map(({ path, type, fault = '' }) => [`  ${path}`, type, fault]));
  }
}

function withHead(head: readonly string[], rows: readonly (readonly string[])[]): Lines {
  return table([head, ...rows]);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
