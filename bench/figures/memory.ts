import type { CaClientProcess } from '../processes/ca-client.ts';
import type { CaServerProcess } from '../processes/ca-server.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated } from '../support/effort.ts';
import type { Figure } from '../support/figure.ts';
import { epicsBase } from '../support/reference.ts';

/** Memory of a server process after garbage collection, and how long it takes to be there. */
export async function memory(effort: Effort): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of [0, 10_000, 100_000]) figures.push(...(await idle(count, effort)));
  figures.push(await monitored(10_000, effort), await monitored(100_000, effort));
  return figures;
}

async function idle(count: number, effort: Effort): Promise<Figure[]> {
  const runs = await repeated(
    effort,
    async () => {
      await using server = new Child<CaServerProcess>('ca-server', ['--expose-gc']);
      await server.call('start', { count, type: 'ai' });
      return await server.call('rss');
    },
    0,
  );
  const name = count === 0 ? 'no records' : `${count} ai records`;
  return [
    { name: `${name}, CA server idle: RSS`, unit: 'MB', samples: runs.map(({ rss }) => rss / 1e6) },
    {
      name: `${name}: process start → served`,
      unit: 'ms',
      samples: runs.map(({ sinceStart }) => sinceStart),
    },
  ];
}

async function monitored(count: number, effort: Effort): Promise<Figure> {
  const samples = await repeated(
    effort,
    async () => {
      await using server = new Child<CaServerProcess>('ca-server', ['--expose-gc']);
      await using client = new Child<CaClientProcess>('ca-client');
      await client.call('use', await server.call('start', { count, type: 'ai' }));
      await client.call('monitor', { count, circuits: 1, rounds: false });
      return (await server.call('rss')).rss / 1e6;
    },
    0,
  );
  const note = count === 10_000 ? { note: epicsBase.memory } : {};
  return { name: `${count} ai records, all monitored: RSS`, unit: 'MB', samples, ...note };
}
