import type { CaClientProcess } from '../processes/ca-client.ts';
import type { CaServerProcess } from '../processes/ca-server.ts';
import { checkThat } from '../support/check.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated, scaled } from '../support/effort.ts';
import { type Cost, costFigures, type Figure } from '../support/figure.ts';
import { epicsBase } from '../support/reference.ts';

const CHANNELS = 10_000;
const PERIOD = 100;

/** Updates of 10,000 monitored ai records, record processing included. */
export async function monitors(effort: Effort): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const circuits of [1, 10]) figures.push(...(await over(circuits, effort)));
  return figures;
}

async function over(circuits: number, effort: Effort): Promise<Figure[]> {
  await using server = new Child<CaServerProcess>('ca-server');
  await using client = new Child<CaClientProcess>('ca-client');
  await client.call('use', await server.call('start', { count: CHANNELS, type: 'ai' }));
  await client.call('monitor', { count: CHANNELS, circuits, rounds: true });
  const batches = scaled(effort, 200, 1);
  const count = batches * CHANNELS;
  const flat = await repeated(effort, async () => {
    const [cost] = await Promise.all([
      server.call('rounds', { batches }),
      client.call('updates', { count }),
    ]);
    return checked(cost, count);
  });
  const beats = scaled(effort, 20, 1);
  const paced = await repeated(effort, async () => {
    const [cost] = await Promise.all([
      server.call('tick', { period: PERIOD, batches: beats }),
      client.call('updates', { count: beats * CHANNELS }),
    ]);
    return checked(cost, beats * CHANNELS);
  });
  const name = `${CHANNELS} PVs on ${circuits} circuit${circuits > 1 ? 's' : ''}`;
  return [
    ...costFigures(`${name}, as fast as taken`, flat, 'M/s', {
      target: 0.4,
      note: epicsBase.monitorBurst,
    }),
    ...costFigures(`${name}, at 10 Hz`, paced, 'k/s', { note: epicsBase.monitorAt10Hz }),
  ];
}

function checked(cost: Cost | undefined, updates: number): Cost {
  checkThat(cost?.operations === updates, `${updates} updates were sent, and none squashed`);
  return cost as Cost;
}
