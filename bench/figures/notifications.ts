import type { AdsClientProcess } from '../processes/ads-client-sink.ts';
import type { AdsFloodProcess } from '../processes/ads-flood.ts';
import type { AdsIocProcess, Taken } from '../processes/ads-ioc.ts';
import { checkThat } from '../support/check.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated, scaled } from '../support/effort.ts';
import { type Cost, costFigures, cpuPerMillion, type Figure, median } from '../support/figure.ts';

const VALUES = 10_000;
/** A pass over all values in so many milliseconds is a million samples a second. */
const PACE_MS = 10;
/** `update.flush` as shipped, in seconds. */
const FLUSH = 0.1;

interface Shape {
  readonly name: string;
  readonly size: number;
  readonly perFrame: number;
}

/** The shapes of facts/ads-clients.md section 3. */
const shapes: readonly Shape[] = [
  { name: 'typical, 50 × 4 B', size: 4, perFrame: 50 },
  { name: 'wide, 1000 × 2 B', size: 2, perFrame: 1000 },
];

/** What a notification sample costs on its way to a record, in the IOC and in npm ads-client. */
export async function notifications(effort: Effort): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const shape of shapes) figures.push(...(await ofShape(shape, effort)));
  return figures;
}

async function ofShape(shape: Shape, effort: Effort): Promise<Figure[]> {
  const passes = scaled(effort, 500, 1);
  const flat = { shape, passes, changing: true, period: 0, flush: 0 };
  const every = await flooded(flat, effort);
  checkThat(
    every.every(({ posted, operations }) => posted === operations),
    'every changed sample posts its record',
  );
  const still = await flooded({ ...flat, changing: false }, effort);
  const million = { ...flat, passes: scaled(effort, 150, 1), period: PACE_MS, flush: FLUSH };
  const paced = await flooded(million, effort);
  const peer = await peerFlooded({ ...flat, passes: scaled(effort, 60, 1) }, effort);
  const { name } = shape;
  return [
    ...costFigures(`${name}: each sample processed`, every, 'M/s', {
      target: 0.3,
      note: `${VALUES} ai records, a batch per pass`,
    }),
    ...costFigures(`${name}: unchanged`, still, 'M/s'),
    {
      name: `${name}: 1 M samples/s, flush ${FLUSH} s`,
      unit: '% core',
      samples: paced.map(({ cpu, wall }) => (cpu / wall) * 100),
      note: `newest wins: ${share(paced)} % processed`,
    },
    ...costFigures(`${name}: npm ads-client`, peer, 'M/s', { note: 'decodes to numbers, no more' }),
    ratio(`${name}: ads-client ÷ each sample processed`, peer, every),
    ratio(`${name}: ads-client ÷ unchanged`, peer, still),
  ];
}

interface Run {
  readonly shape: Shape;
  /** How often each value is sent. */
  readonly passes: number;
  readonly changing: boolean;
  readonly period: number;
  readonly flush: number;
}

async function flooded(run: Run, effort: Effort): Promise<readonly Taken[]> {
  await using flood = new Child<AdsFloodProcess>('ads-flood');
  await using ioc = new Child<AdsIocProcess>('ads-ioc');
  const port = await flood.call('listen');
  const { size } = run.shape;
  await ioc.call('start', { port, values: VALUES, size, flush: run.flush, serve: false });
  const results = await repeated(effort, async () => {
    await ioc.call('expect', { samples: run.passes * VALUES });
    await flood.call('flood', floodOf(run));
    return await ioc.call('taken');
  });
  return results.filter((taken) => taken !== undefined);
}

async function peerFlooded(run: Run, effort: Effort): Promise<readonly Cost[]> {
  await using flood = new Child<AdsFloodProcess>('ads-flood');
  await using peer = new Child<AdsClientProcess>('ads-client-sink');
  const port = await flood.call('listen');
  await peer.call('start', { port, values: VALUES, size: run.shape.size });
  const results = await repeated(effort, async () => {
    await peer.call('expect', { samples: run.passes * VALUES });
    await flood.call('flood', floodOf(run));
    return await peer.call('taken');
  });
  return results.filter((taken) => taken !== undefined);
}

function floodOf({ shape: { size, perFrame }, passes, changing, period }: Run) {
  return { values: VALUES, size, perFrame, passes, changing, period };
}

function share(runs: readonly Taken[]): string {
  return (median(runs.map(({ posted, operations }) => posted / operations)) * 100).toFixed(0);
}

function ratio(name: string, peer: readonly Cost[], ours: readonly Cost[]): Figure {
  const own = median(ours.map(cpuPerMillion));
  return { name, unit: '× peer', samples: peer.map((cost) => cpuPerMillion(cost) / own) };
}
