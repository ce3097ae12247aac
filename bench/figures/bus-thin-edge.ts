import type { ThinEdgeProcess } from '../processes/thin-edge.ts';
import { checkThat } from '../support/check.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated, scaled } from '../support/effort.ts';
import type { Figure } from '../support/figure.ts';
import { Mosquitto, noMosquitto } from '../support/mosquitto.ts';

/** Goal of the project, percent of a core. */
const GOAL = 10;
const SECONDS = 10;

/** 1,000 terminals of 20 values, each of which changes once a second, as thin-edge measurements. */
export async function busThinEdge(effort: Effort): Promise<(Figure | string)[]> {
  if (noMosquitto !== undefined) return [noMosquitto];
  await using broker = await Mosquitto.open();
  await using silent = new Child<ThinEdgeProcess>('thin-edge');
  await using served = new Child<ThinEdgeProcess>('thin-edge');
  const seconds = scaled(effort, SECONDS, 2);
  await silent.call('move', { seconds: 2 });
  const alone = await repeated(effort, () => silent.call('move', { seconds }));
  const start = await served.call('serve', { url: broker.url });
  await served.call('move', { seconds: 2 });
  const whole = await repeated(effort, () => served.call('move', { seconds }));
  for (const { messages } of whole) checkThat(messages >= 900 * seconds, '1,000 messages a second');
  const percent = ({ cpu, wall }: { cpu: number; wall: number }) => (100 * cpu) / wall;
  const base = Math.min(...alone.map(percent));
  const what = '20,000 updates/s as 1,000 measurements/s';
  return [
    { name: `${what}: records and bus`, unit: '% core', samples: whole.map(percent) },
    { name: `${what}: records alone`, unit: '% core', samples: alone.map(percent) },
    {
      ...{ name: `${what}: the bus`, unit: '% core', target: GOAL },
      samples: whole.map((each) => percent(each) - base),
    },
    { name: '1,000 terminals introduced and told whole', unit: 'ms', samples: [start] },
  ];
}
