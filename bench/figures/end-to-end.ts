import type { AdsFloodProcess } from '../processes/ads-flood.ts';
import type { AdsIocProcess, Taken } from '../processes/ads-ioc.ts';
import type { CaClientProcess } from '../processes/ca-client.ts';
import { checkThat } from '../support/check.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated, scaled } from '../support/effort.ts';
import { costFigures, type Figure } from '../support/figure.ts';

const VALUES = 10_000;
/** One million samples a second. */
const PACE_MS = 10;
/** Longest that the last updates may take to arrive. */
const ARRIVAL_MS = 3000;

/** From the ADS frame to the bytes of a Channel Access client that monitors every PV on one circuit. */
export async function endToEnd(effort: Effort): Promise<Figure[]> {
  const flat = await run({ passes: scaled(effort, 200, 1), period: 0, flush: 0 }, effort);
  const million = { passes: scaled(effort, 200, 1), period: PACE_MS };
  const each = await run({ ...million, flush: 0 }, effort);
  const batched = await run({ ...million, flush: 0.1 }, effort);
  const name = `${VALUES} PVs, 1 circuit`;
  const squashed = (all: readonly Taken[]) =>
    Math.max(...all.map((taken) => (taken.squashed / taken.posted) * 100)).toFixed(1);
  return [
    ...costFigures(`${name}, as fast as taken`, flat.map(perUpdate), 'M/s', {
      target: 0.8,
      note: `per update sent; at most ${squashed(flat)} % squashed`,
    }),
    ...costFigures(`${name}, 1 M samples/s, each sent`, each.map(perUpdate), 'M/s', {
      target: 0.8,
      note: `at most ${squashed(each)} % squashed`,
    }),
    coreShare(`${name}, 1 M samples/s, each sent`, each),
    coreShare(`${name}, 1 M samples/s, flush 0.1 s, the default`, batched),
  ];
}

type Flow = { readonly passes: number; readonly period: number; readonly flush: number };

async function run({ passes, period, flush }: Flow, effort: Effort): Promise<Taken[]> {
  await using flood = new Child<AdsFloodProcess>('ads-flood');
  await using ioc = new Child<AdsIocProcess>('ads-ioc');
  await using client = new Child<CaClientProcess>('ca-client');
  const port = await flood.call('listen');
  const sink = { port, values: VALUES, size: 4, flush, serve: true };
  await client.call('use', await ioc.call('start', sink));
  await client.call('monitor', { count: VALUES, circuits: 1, rounds: false });
  const all = await repeated(effort, async () => {
    const samples = passes * VALUES;
    const shape = { values: VALUES, size: 4, perFrame: 50 };
    await ioc.call('expect', { samples });
    await flood.call('flood', { ...shape, passes, changing: true, period });
    const taken = await ioc.call('taken');
    if (taken === undefined) throw new Error('the IOC took no samples');
    checkThat(flush > 0 || taken.posted === samples, 'every sample posts its record');
    return taken;
  });
  await checkArrival(ioc, client);
  return all;
}

/** Every update that the server counted is one that the client got, once both are at rest. */
async function checkArrival(ioc: Child<AdsIocProcess>, client: Child<CaClientProcess>) {
  const deadline = performance.now() + ARRIVAL_MS;
  for (;;) {
    const [sent, received] = await Promise.all([ioc.call('sent'), client.call('received')]);
    if (sent === received) return;
    checkThat(performance.now() < deadline, `${sent} updates sent, ${received} received`);
  }
}

/** The cost by updates that went out: squashed ones count for nothing. */
function perUpdate(taken: Taken): Taken {
  return { ...taken, operations: taken.updates };
}

function coreShare(name: string, all: readonly Taken[]): Figure {
  return { name, unit: '% core', samples: all.map(({ cpu, wall }) => (cpu / wall) * 100) };
}
