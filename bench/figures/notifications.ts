import type { AdsClientProcess } from '../processes/ads-client-sink.ts';
import type { AdsFloodProcess } from '../processes/ads-flood.ts';
import type { AdsIocProcess, Sink, Taken } from '../processes/ads-ioc.ts';
import { checkThat } from '../support/check.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated, scaled } from '../support/effort.ts';
import { type Cost, costFigures, cpuPerMillion, type Figure, median } from '../support/figure.ts';

const VALUES = 10_000;

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
  const samples = scaled(effort, 3_000_000, VALUES);
  const changing = { shape, samples, changing: true, flush: 0 };
  const every = await flooded(changing, effort);
  const still = await flooded({ ...changing, changing: false }, effort);
  const batched = await flooded({ ...changing, flush: 0.1 }, effort);
  const peer = await peerFlooded({ ...changing, samples: samples / 6 }, effort);
  checkThat(
    every.every(({ posted }) => posted === samples),
    'every changed sample posts its record',
  );
  const conflated = Math.round(median(batched.map(({ posted }) => posted)));
  const { name } = shape;
  return [
    ...costFigures(`${name}: each sample processed`, every, 'M/s', {
      target: 0.3,
      note: `${VALUES} ai records, a batch per pass`,
    }),
    ...costFigures(`${name}: unchanged`, still, 'M/s'),
    ...costFigures(`${name}: flush 0.1 s, the default`, batched, 'M/s', {
      note: `newest wins: ${conflated} of ${samples} processed`,
    }),
    ...costFigures(`${name}: npm ads-client`, peer, 'M/s', { note: 'decodes to numbers, no more' }),
    ratio(`${name}: ads-client ÷ each sample processed`, peer, every),
    ratio(`${name}: ads-client ÷ unchanged`, peer, still),
  ];
}

type Run = {
  readonly shape: Shape;
  readonly samples: number;
  readonly changing: boolean;
  readonly flush: number;
};

async function flooded(run: Run, effort: Effort): Promise<readonly Taken[]> {
  await using flood = new Child<AdsFloodProcess>('ads-flood');
  await using ioc = new Child<AdsIocProcess>('ads-ioc');
  const { size } = run.shape;
  const port = await flood.call('listen');
  const sink: Sink = { port, values: VALUES, size, flush: run.flush, serve: false };
  await ioc.call('start', sink);
  const results = await repeated(effort, async () => {
    const taken = ioc.call('take', { samples: run.samples });
    const [result] = await Promise.all([taken, flood.call('flood', floodOf(run))]);
    return result;
  });
  return results.filter((taken) => taken !== undefined);
}

async function peerFlooded(run: Run, effort: Effort): Promise<readonly Cost[]> {
  await using flood = new Child<AdsFloodProcess>('ads-flood');
  await using peer = new Child<AdsClientProcess>('ads-client-sink');
  const samples = Math.round(run.samples / VALUES) * VALUES;
  const { size } = run.shape;
  await peer.call('start', { port: await flood.call('listen'), values: VALUES, size });
  return await repeated(effort, async () => {
    const taken = peer.call('take', { samples });
    const [result] = await Promise.all([taken, flood.call('flood', floodOf({ ...run, samples }))]);
    return result;
  });
}

function floodOf({ shape: { size, perFrame }, samples, changing }: Run) {
  const passes = samples / VALUES;
  return { values: VALUES, size, perFrame, passes, changing, period: 0 };
}

function ratio(name: string, peer: readonly Cost[], ours: readonly Cost[]): Figure {
  const own = median(ours.map(cpuPerMillion));
  return { name, unit: '× peer', samples: peer.map((cost) => cpuPerMillion(cost) / own) };
}
