import type { PvProfileProcess } from '../processes/pv-profile.ts';
import { checkThat } from '../support/check.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated, scaled } from '../support/effort.ts';
import type { Figure } from '../support/figure.ts';
import { Mosquitto, noMosquitto } from '../support/mosquitto.ts';

/** Goal of the project: microseconds of a publisher for a QoS 0 message, JSON and all. */
const GOAL = 15;
const SECONDS = 10;

/** 10,000 PVs on topics of their own, each of which changes once a second. */
export async function busPv(effort: Effort): Promise<(Figure | string)[]> {
  if (noMosquitto !== undefined) return [noMosquitto];
  await using broker = await Mosquitto.open();
  await using silent = new Child<PvProfileProcess>('pv-profile');
  await using served = new Child<PvProfileProcess>('pv-profile');
  const seconds = scaled(effort, SECONDS, 2);
  const alone = await repeated(effort, () => silent.call('move', { seconds }));
  const { ms } = await served.call('serve', { url: broker.url });
  const whole = await repeated(effort, () => served.call('move', { seconds }));
  for (const { messages } of whole)
    checkThat(messages >= 9000 * seconds, '10,000 messages a second');
  const perUpdate = ({ cpu, operations }: { cpu: number; operations: number }) =>
    (cpu * 1e6) / operations;
  const base = Math.min(...alone.map(perUpdate));
  const what = 'PVs on topics of their own, 10,000 messages/s';
  return [
    { name: `${what}: records alone`, unit: 'µs', samples: alone.map(perUpdate) },
    {
      ...{ name: `${what}: JSON and the link, each`, unit: 'µs', target: GOAL },
      samples: whole.map((each) => perUpdate(each) - base),
    },
    { name: 'image and metadata of 10,000 PVs', unit: 'ms', samples: [ms] },
  ];
}
