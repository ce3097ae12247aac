import type { IocProcess } from '../processes/ioc.ts';
import type { PlantProcess } from '../processes/plant.ts';
import { Child } from '../support/child.ts';
import type { Effort } from '../support/effort.ts';
import type { Figure } from '../support/figure.ts';
import { median } from '../support/figure.ts';

/** Round trip of the slow line, in milliseconds. */
const ROUND_TRIP = 50;
const FRESH_STARTS = 5;

type Target = { readonly port: number; readonly netId: string; readonly symbolPort: number };

/** From the ADS connection to a tree, records and a Channel Access server; every time a new process. */
export async function introspection(effort: Effort): Promise<Figure[]> {
  const shipped = await shippedChain(effort);
  const thousand = await generated({ slaves: 1000, masters: 1, records: true }, effort);
  if (effort.scale < 1) return [...shipped, ...thousand];
  const many = { slaves: 10_000, masters: 4, records: false };
  return [...shipped, ...thousand, ...(await generated(many, effort))];
}

async function shippedChain({ repetitions }: Effort): Promise<Figure[]> {
  await using plant = new Child<PlantProcess>('plant');
  const target = await plant.call('start');
  const first = await plant.during(freshStart(target));
  const near = [first];
  const starts = repetitions === 1 ? 2 : FRESH_STARTS;
  while (near.length < starts) near.push(await plant.during(freshStart(target)));
  const port = await plant.call('delayed', { milliseconds: ROUND_TRIP });
  const far: Awaited<ReturnType<typeof freshStart>>[] = [];
  while (far.length < repetitions) far.push(await plant.during(freshStart({ ...target, port })));
  const nearMs = near.map(({ milliseconds }) => milliseconds);
  const farMs = far.map(({ milliseconds }) => milliseconds);
  const waves = farMs.map((ms) => (ms - median(nearMs)) / ROUND_TRIP);
  const found = `${first.slaves} slaves, ${first.records} records`;
  return [
    { name: 'connected → served', unit: 'ms', samples: nearMs, target: 1000, note: found },
    { name: `the same, ${ROUND_TRIP} ms round trip`, unit: 'ms', samples: farMs },
    { name: 'round trips one after the other', unit: 'count', samples: waves },
    {
      name: 'process start → served',
      unit: 'ms',
      samples: near.map(({ sinceStart }) => sinceStart),
    },
  ];
}

type Size = { readonly slaves: number; readonly masters: number; readonly records: boolean };

/** A plant of that size: how long until its tree is there, and its records. */
async function generated(size: Size, { repetitions }: Effort): Promise<Figure[]> {
  await using plant = new Child<PlantProcess>('plant');
  const target = await plant.call('start', size);
  const trees: Awaited<ReturnType<typeof freshTree>>[] = [];
  const served: Awaited<ReturnType<typeof freshStart>>[] = [];
  for (let i = 0; i < repetitions; i++) {
    trees.push(await plant.during(freshTree(target)));
    if (size.records) served.push(await plant.during(freshStart(target)));
  }
  const name = `${size.slaves} slaves`;
  const figures: Figure[] = [
    {
      name: `${name}: connected → tree`,
      unit: 'ms',
      samples: trees.map(({ whole }) => whole),
      ...(size.slaves === 1000 && { target: 1000 }),
      note: `${trees[0]?.attributes} attributes, ${size.masters} master(s)`,
    },
    { name: `${name}: … the answers`, unit: 'ms', samples: trees.map(({ answers }) => answers) },
  ];
  if (!size.records) return figures;
  const samples = served.map(({ milliseconds }) => milliseconds);
  const note = `${served[0]?.records} records`;
  return [...figures, { name: `${name}: connected → served`, unit: 'ms', samples, note }];
}

async function freshTree(target: Target) {
  await using ioc = new Child<IocProcess>('ioc');
  return await ioc.call('tree', target);
}

async function freshStart(target: Target) {
  await using ioc = new Child<IocProcess>('ioc');
  return await ioc.call('serve', target);
}
