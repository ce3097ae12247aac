import type { AdsClientProcess } from '../processes/ads-client-sink.ts';
import type { AdsFloodProcess } from '../processes/ads-flood.ts';
import type { AdsImageProcess, ImageTaken } from '../processes/ads-image.ts';
import { checkThat } from '../support/check.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated, scaled } from '../support/effort.ts';
import {
  type Cost,
  costFigures,
  cpuPerMillion,
  type Figure,
  median,
  perSecond,
} from '../support/figure.ts';

interface Shape {
  readonly name: string;
  /** Notifications, bytes of each, and of the regions that one is cut into. */
  readonly values: number;
  readonly size: number;
  readonly region: number;
  readonly perFrame: number;
  /** Samples for us and for the peer, to whom the same would take minutes. */
  readonly samples: number;
  readonly peerSamples: number;
  /** CPU-seconds per million samples: microseconds each. */
  readonly target: number;
}

/** The shapes of facts/ads-clients.md section 3, and the targets of its section 7. */
const shapes: readonly Shape[] = [
  {
    ...{ name: 'typical, 50 × 4 B', values: 1000, size: 4, region: 4, perFrame: 50 },
    ...{ samples: 3e6, peerSamples: 1e5, target: 0.08 },
  },
  {
    ...{ name: 'wide, 1000 × 2 B', values: 1000, size: 2, region: 2, perFrame: 1000 },
    ...{ samples: 3e6, peerSamples: 2e5, target: 0.05 },
  },
  {
    ...{ name: 'small, 1 × 8 B', values: 1000, size: 8, region: 8, perFrame: 1 },
    ...{ samples: 1e6, peerSamples: 2e4, target: 0.5 },
  },
  {
    ...{ name: 'block, 1 × 4 KiB', values: 16, size: 4096, region: 4096, perFrame: 1 },
    ...{ samples: 80_000, peerSamples: 3200, target: 3 },
  },
];

/** A scan of 1,000 points as 100 Hz brings it. */
const PACE_MS = 10;
const PACED_SECONDS = 2;

/** What the ADS layer costs up to the process image, without records. */
export async function ads(effort: Effort): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const shape of shapes) figures.push(...(await ofShape(shape, effort)));
  return [
    ...figures,
    ...(await cutBlock(effort)),
    ...(await paced(effort)),
    ...(await backlog(effort)),
    ...(await reads(effort)),
  ];
}

async function ofShape(shape: Shape, effort: Effort): Promise<Figure[]> {
  const { name, target } = shape;
  const [ours, growth] = await flooded(shape, effort);
  const peer = await peerFlooded(shape, effort);
  const own = median(ours.map(cpuPerMillion));
  return [
    ...costFigures(name, ours, 'M/s', { target, note: 'into the process image; none lost' }),
    { name: `${name}: peak RSS, growth`, unit: 'MB', samples: [growth / 1e6], target: 20 },
    ...costFigures(`${name}: npm ads-client`, peer, 'M/s', { note: 'decodes a number, no more' }),
    {
      name: `${name}: ads-client ÷ ours`,
      unit: '× peer',
      samples: peer.map((cost) => cpuPerMillion(cost) / own),
    },
  ];
}

/** The same block when it holds many values: a group of contiguous inputs. */
async function cutBlock(effort: Effort): Promise<Figure[]> {
  const block = shapes.at(-1);
  if (!block) return [];
  const [taken] = await flooded({ ...block, region: 4, samples: block.samples / 10 }, effort);
  const values = taken.map((cost) => ({ ...cost, operations: cost.operations * (4096 / 4) }));
  return costFigures('block of 1,024 values of 4 B: per value', values, 'M/s');
}

type Run = { readonly shape: Shape; readonly samples: number; readonly period: number };

function floodOf({ shape: { values, size, perFrame }, samples, period }: Run) {
  return { values, size, perFrame, passes: samples / values, changing: true, period };
}

/** What each flood cost, and by how much the most that the process ever held grew. */
async function flooded(
  shape: Shape,
  effort: Effort,
  period = 0,
): Promise<readonly [readonly ImageTaken[], number]> {
  await using flood = new Child<AdsFloodProcess>('ads-flood');
  await using image = new Child<AdsImageProcess>('ads-image');
  await image.call('start', { ...shape, port: await flood.call('listen') });
  const before = await image.call('peakRss');
  const samples = scaled(effort, shape.samples, shape.values);
  const taken = await repeated(effort, async () => {
    await image.call('expect', { samples });
    await flood.call('flood', floodOf({ shape, samples, period }));
    return await image.call('taken');
  });
  checkThat(
    taken.every(({ lost }) => lost === 0),
    'every sample gets into the image',
  );
  return [taken, Math.max(...taken.map(({ peakRss }) => peakRss)) - before];
}

async function peerFlooded(shape: Shape, effort: Effort, period = 0): Promise<readonly Cost[]> {
  await using flood = new Child<AdsFloodProcess>('ads-flood');
  await using peer = new Child<AdsClientProcess>('ads-client-sink');
  await peer.call('start', { ...shape, port: await flood.call('listen') });
  const samples = scaled(effort, shape.peerSamples, shape.values);
  const taken = await repeated(effort, async () => {
    await peer.call('expect', { samples });
    await flood.call('flood', floodOf({ shape, samples, period }));
    return await peer.call('taken');
  });
  return taken.filter((cost) => cost !== undefined);
}

/** 100,000 samples a second, as a plant sends them. */
async function paced(effort: Effort): Promise<Figure[]> {
  const wide = shapes[1];
  if (!wide) return [];
  const samples = (1000 / PACE_MS) * PACED_SECONDS * wide.values;
  const shape = { ...wide, samples, peerSamples: samples };
  const [ours] = await flooded(shape, effort, PACE_MS);
  const peer = await peerFlooded(shape, effort, PACE_MS);
  const share = ({ cpu, wall }: Cost) => (cpu / wall) * 100;
  const name = '1000 points at 100 Hz';
  return [
    { name, unit: '% core', samples: ours.map(share), target: 4 },
    { name: `${name}: npm ads-client`, unit: '% core', samples: peer.map(share) },
  ];
}

const BACKLOG = 5e6;
/** How long the receiver stands still, in milliseconds. */
const STALL_MS = 2000;
/** How long the peer may take, who would need minutes. */
const PEER_SECONDS = 8;

/** A receiver that stood still while 5 M samples queued up in front of it. */
async function backlog(effort: Effort): Promise<Figure[]> {
  const [shape] = shapes;
  if (!shape) return [];
  const run = { shape, samples: scaled(effort, BACKLOG, shape.values), period: 0 };
  const ours = await repeated(effort, () => caughtUp(run), 0);
  const peer = await peerBehind(run);
  const name = `backlog of ${run.samples / 1e6} M samples`;
  return [
    {
      name: `${name}: caught up after`,
      unit: 'ms',
      samples: ours.map(({ wall }) => wall * 1000),
      note: `the receiver stood still for ${STALL_MS / 1000} s; none lost`,
    },
    { name, unit: 'CPU-s/M', samples: ours.map(cpuPerMillion) },
    {
      name: `${name}: peak RSS, growth`,
      unit: 'MB',
      samples: ours.map(({ growth }) => growth / 1e6),
      target: 20,
    },
    {
      name: `${name}: npm ads-client, done within ${PEER_SECONDS} s`,
      unit: '%',
      samples: [(peer.samples / run.samples) * 100],
    },
    {
      name: `${name}: npm ads-client, peak RSS, growth`,
      unit: 'MB',
      samples: [peer.growth / 1e6],
    },
  ];
}

async function caughtUp(run: Run) {
  await using flood = new Child<AdsFloodProcess>('ads-flood');
  await using image = new Child<AdsImageProcess>('ads-image');
  await image.call('start', { ...run.shape, port: await flood.call('listen') });
  const before = await image.call('peakRss');
  await image.call('expect', { samples: run.samples });
  await stalled(flood, image.call('stall', { milliseconds: STALL_MS }), run);
  const taken = await image.call('taken');
  checkThat(taken.lost === 0, 'every sample of the backlog gets into the image');
  return { ...taken, growth: taken.peakRss - before };
}

async function peerBehind(run: Run) {
  await using flood = new Child<AdsFloodProcess>('ads-flood');
  await using peer = new Child<AdsClientProcess>('ads-client-sink');
  await peer.call('start', { ...run.shape, port: await flood.call('listen') });
  const before = await peer.call('peakRss');
  await peer.call('expect', { samples: run.samples });
  await stalled(flood, peer.call('stall', { milliseconds: STALL_MS }), run);
  const time = new Promise((resolve) => setTimeout(resolve, PEER_SECONDS * 1000));
  await Promise.race([peer.call('taken'), time]);
  return { samples: await peer.call('samples'), growth: (await peer.call('peakRss')) - before };
}

/** Most of the backlog must wait at the sender while the receiver stands still. */
async function stalled(flood: Child<AdsFloodProcess>, stall: Promise<void>, run: Run) {
  const waiting = flood.call('backlog', floodOf(run));
  const first = await Promise.race([stall, waiting]);
  checkThat(
    typeof first === 'number' && first > 2 * run.samples,
    'the backlog waits at the sender',
  );
  await stall;
}

/** A round trip of 4 bytes, one after the other and 32 at a time. */
async function reads(effort: Effort): Promise<Figure[]> {
  await using server = new Child<AdsFloodProcess>('ads-flood');
  await using image = new Child<AdsImageProcess>('ads-image');
  await using peer = new Child<AdsClientProcess>('ads-client-sink');
  const port = await server.call('listen');
  await image.call('connect', { port });
  await peer.call('connect', { port });
  const figures: Figure[] = [];
  for (const [inFlight, all, least] of [
    [32, 200_000, 50],
    [1, 10_000, undefined],
  ] as const) {
    const name = `reads, ${inFlight} in flight`;
    const count = scaled(effort, all, 1);
    const ours = await repeated(effort, () => image.call('reads', { count, inFlight }));
    const some = { count: Math.ceil(count / 5), inFlight };
    const theirs = await repeated(effort, () => peer.call('reads', some));
    figures.push(
      ...readFigures(name, ours, least && `target: more than ${least} k/s`),
      ...readFigures(`${name}: npm ads-client`, theirs),
    );
  }
  return figures;
}

function readFigures(name: string, costs: readonly Cost[], note?: string): Figure[] {
  const rates = costs.map((cost) => perSecond(cost, 'k/s'));
  return [
    { name, unit: 'k/s', samples: rates, ...(note ? { note } : {}) },
    { name: `${name}: CPU each`, unit: 'µs', samples: costs.map(cpuPerMillion) },
  ];
}
