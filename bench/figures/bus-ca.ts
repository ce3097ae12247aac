import type { BusIocProcess } from '../processes/bus-ioc.ts';
import type { CaClientProcess } from '../processes/ca-client.ts';
import type { PlantProcess } from '../processes/plant.ts';
import { checkThat } from '../support/check.ts';
import { Child } from '../support/child.ts';
import { type Effort, scaled } from '../support/effort.ts';
import { type Figure, quantile } from '../support/figure.ts';
import { Mosquitto, noMosquitto } from '../support/mosquitto.ts';

/** Some seconds of them: longer than it takes the IOC to give up a silent broker. */
const GETS = 200_000;
const CONNECT_MS = 20_000;

type Client = Child<CaClientProcess>;

/**
 * Gets from a whole IOC on a simulated plant of 22 slaves, one at a time: without a bus, with one, and
 * while its broker stands still (SIGSTOP) with all connections as they are. In turn, so that whatever
 * else the machine does is part of each.
 */
export async function busCa(effort: Effort): Promise<(Figure | string)[]> {
  if (noMosquitto !== undefined) return [noMosquitto];
  await using plant = new Child<PlantProcess>('plant');
  await using broker = await Mosquitto.open();
  await using without = new Child<BusIocProcess>('bus-ioc');
  await using served = new Child<BusIocProcess>('bus-ioc');
  await using plain = new Child<CaClientProcess>('ca-client');
  await using client = new Child<CaClientProcess>('ca-client');
  const target = await plant.call('start');
  await opened(plain, without, target);
  await opened(client, served, { ...target, url: broker.url });
  const count = scaled(effort, GETS, 1000);
  const took = { none: [] as number[][], healthy: [] as number[][], frozen: [] as number[][] };
  await plain.call('gets', { count });
  await client.call('gets', { count });
  for (let i = 0; i < effort.repetitions; i++) {
    took.none.push(await plain.call('gets', { count }));
    await connected(served);
    took.healthy.push(await client.call('gets', { count }));
    took.frozen.push(await whileFrozen(broker, () => client.call('gets', { count })));
  }
  return [
    ...figures('no bus', took.none),
    ...figures('bus, broker healthy', took.healthy),
    ...figures('bus, broker frozen', took.frozen),
  ];
}

async function opened(
  client: Client,
  ioc: Child<BusIocProcess>,
  target: Parameters<BusIocProcess['serve']>[0],
): Promise<void> {
  const { inputs, ...ports } = await ioc.call('serve', target);
  checkThat(inputs.length > 10, 'the plant has analogue inputs');
  await client.call('use', ports);
  await client.call('open', { names: inputs });
}

async function connected(ioc: Child<BusIocProcess>): Promise<void> {
  const deadline = performance.now() + CONNECT_MS;
  while (!(await ioc.call('isConnected'))) {
    checkThat(performance.now() < deadline, 'the broker hears the IOC again');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function whileFrozen<T>(broker: Mosquitto, work: () => Promise<T>): Promise<T> {
  broker.freeze();
  try {
    return await work();
  } finally {
    broker.thaw();
  }
}

function figures(what: string, took: readonly (readonly number[])[]): Figure[] {
  const micros = (share: number) => took.map((each) => quantile(each, share) * 1e6);
  return [
    { name: `CA get, ${what}: p50`, unit: 'µs', samples: micros(0.5) },
    { name: `CA get, ${what}: p99`, unit: 'µs', samples: micros(0.99) },
  ];
}
