import type { CaClientProcess } from '../processes/ca-client.ts';
import type { CaServerProcess } from '../processes/ca-server.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated, scaled } from '../support/effort.ts';
import { type Cost, costFigures, type Figure, quantile } from '../support/figure.ts';
import { epicsBase } from '../support/reference.ts';

const CHANNELS = 10_000;

type Pair = { readonly server: Child<CaServerProcess>; readonly client: Child<CaClientProcess> };

/** Connects, gets and puts on 10,000 soft ao records, one circuit. */
export async function channelAccess(effort: Effort): Promise<Figure[]> {
  await using server = new Child<CaServerProcess>('ca-server');
  await using client = new Child<CaClientProcess>('ca-client');
  await client.call('use', await server.call('start', { count: CHANNELS, type: 'ao' }));
  const pair = { server, client };
  const many = scaled(effort, 600_000, 1000);
  const few = scaled(effort, 3000, 100);
  return [
    ...(await bulk(
      pair,
      effort,
      'connect (UDP search + create)',
      CHANNELS,
      'k/s',
      epicsBase.connect,
      () => client.call('connect', { count: CHANNELS }),
    )),
    ...(await oneByOne(pair, effort, 'get', few, epicsBase.get, () =>
      client.call('gets', { count: few }),
    )),
    ...(await bulk(pair, effort, 'get, pipelined', many, 'M/s', epicsBase.pipelinedGet, () =>
      client.call('pipelinedGets', { count: many }),
    )),
    ...(await bulk(pair, effort, 'put', many, 'M/s', epicsBase.put, () =>
      client.call('puts', { count: many }),
    )),
    ...(await oneByOne(pair, effort, 'put-notify', few, epicsBase.putNotify, () =>
      client.call('putNotifies', { count: few }),
    )),
    ...(await bulk(
      pair,
      effort,
      'put-notify, pipelined',
      many,
      'k/s',
      epicsBase.pipelinedPutNotify,
      () => client.call('pipelinedPutNotifies', { count: many }),
    )),
  ];
}

/** Many requests at a time: what each costs the server, and how many a second there were. */
async function bulk(
  pair: Pair,
  effort: Effort,
  name: string,
  operations: number,
  rate: 'M/s' | 'k/s',
  note: string,
  run: () => Promise<number>,
): Promise<Figure[]> {
  const costs = await repeated(effort, () => costed(pair, operations, run));
  return costFigures(name, costs, rate, { note });
}

/** One request at a time: what each costs the server, and how long the client waits. */
async function oneByOne(
  pair: Pair,
  effort: Effort,
  name: string,
  operations: number,
  note: string,
  run: () => Promise<number[]>,
): Promise<Figure[]> {
  const latencies: number[][] = [];
  const costs = await repeated(effort, () =>
    costed(pair, operations, async () => {
      const took = await run();
      latencies.push(took);
      return took.reduce((sum, seconds) => sum + seconds, 0);
    }),
  );
  const measured = latencies.slice(-costs.length);
  const micros = (share: number) => measured.map((took) => quantile(took, share) * 1e6);
  return [
    ...costFigures(`${name}, one at a time`, costs, 'k/s', { note }),
    { name: `${name}, one at a time: p50`, unit: 'µs', samples: micros(0.5) },
    { name: `${name}, one at a time: p99`, unit: 'µs', samples: micros(0.99) },
  ];
}

/** What the server spends while the client is busy for as long as `run` says. */
async function costed({ server }: Pair, operations: number, run: () => Promise<number>) {
  const before = await server.call('cpu');
  const wall = await run();
  const cpu = (await server.call('cpu')) - before;
  const cost: Cost = { operations, cpu, wall };
  return cost;
}
