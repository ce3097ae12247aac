import type { MqttListenerProcess } from '../processes/mqtt-listener.ts';
import type { MqttPublisherProcess } from '../processes/mqtt-publisher.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated, scaled } from '../support/effort.ts';
import { cpuPerMillion, type Figure, median } from '../support/figure.ts';
import { Mosquitto, noMosquitto } from '../support/mosquitto.ts';

/** Goals of the project, CPU-seconds per million messages. */
const goals = { 0: 15, 1: 25 } as const;
const COUNT = { 0: 100_000, 1: 50_000 } as const;
const PER_TURN = 100;
const OUTAGE_SECONDS = 60;
const RATE = 1000;

/** What a message to the broker costs, against MQTT.js by itself; and an outage of the broker. */
export async function bus(effort: Effort): Promise<(Figure | string)[]> {
  if (noMosquitto !== undefined) return [noMosquitto];
  await using broker = await Mosquitto.open();
  return [
    ...(await costs(broker, effort, 0)),
    ...(await costs(broker, effort, 1)),
    ...(await outage(broker, effort)),
  ];
}

/** The broker is away for a minute, at 1,000 events a second. */
async function outage(broker: Mosquitto, effort: Effort): Promise<(Figure | string)[]> {
  await using listener = new Child<MqttListenerProcess>('mqtt-listener');
  await using publisher = new Child<MqttPublisherProcess>('mqtt-publisher');
  await listener.call('listen', { url: broker.url });
  await publisher.call('openLink', { url: broker.url });
  let sent = 0;
  const publish = async (seconds: number) => {
    await publisher.call('paced', { perSecond: RATE, seconds, from: sent });
    sent += RATE * seconds;
  };
  await publish(2);
  const before = await publisher.call('state');
  await broker.stop();
  const seconds = scaled(effort, OUTAGE_SECONDS, 6);
  for (let passed = 0; passed < seconds; passed += 6) await publish(6);
  const during = await publisher.call('state');
  await broker.start();
  const back = await publisher.call('connected');
  const drain = await publisher.call('drained');
  await publish(1);
  await publisher.call('drained');
  const { distinct, again, latest } = await listener.call('tally');
  const one = (name: string, unit: Figure['unit'], sample: number, target?: number): Figure => {
    return { name: `${what}: ${name}`, unit, samples: [sample], ...(target && { target }) };
  };
  const what = `broker away ${seconds} s, ${RATE} events a second`;
  return [
    one('more memory', 'MB', (during.rss - before.rss) / 1e6, 64),
    one('until it hears us again', 'ms', back, 2000),
    one('drain', 'k/s', during.queued / drain),
    one('live values meanwhile, latest', 'ms', latest, 1000),
    `${what}: ${sent - distinct} of ${sent} lost, ${again} came twice`,
  ];
}

async function costs(broker: Mosquitto, effort: Effort, qos: 0 | 1): Promise<Figure[]> {
  const ours = await samples('openLink', broker, effort, qos);
  const raw = await samples('openRaw', broker, effort, qos);
  const what = `publish, QoS ${qos}, 100 bytes, ${PER_TURN} a turn`;
  return [
    { name: `this IOC: ${what}`, unit: 'CPU-s/M', samples: ours, target: goals[qos] },
    { name: `MQTT.js alone: ${what}`, unit: 'CPU-s/M', samples: raw },
    {
      name: `${what}: against MQTT.js alone`,
      unit: '× peer',
      samples: ours.map((each) => each / median(raw)),
    },
  ];
}

async function samples(
  open: 'openLink' | 'openRaw',
  { url }: Mosquitto,
  effort: Effort,
  qos: 0 | 1,
): Promise<number[]> {
  await using publisher = new Child<MqttPublisherProcess>('mqtt-publisher');
  await publisher.call(open, { url });
  const wish = { count: scaled(effort, COUNT[qos], PER_TURN), perTurn: PER_TURN, qos };
  const found = await repeated(effort, () => publisher.call('publish', wish));
  return found.map(cpuPerMillion);
}
