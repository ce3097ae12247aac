import { connectAsync, type MqttClient } from 'mqtt';
import { type MqttBusLink, openBusLink } from '../../src/bus/index.ts';
import { silentLog } from '../../src/kernel/index.ts';
import { stopwatch } from '../support/cost.ts';
import type { Cost } from '../support/figure.ts';
import { offer } from '../support/offer.ts';

const TOPICS = 1000;
const PAYLOAD = JSON.stringify({
  time: '2026-11-27T17:22:00.123Z',
  ch1: { value: 1.5, status: 0 },
});
/** What may wait in a raw client's stream, and messages that it may have in flight. */
const HIGH_WATER = 256 * 1024;
const WINDOW = 16;

type Wish = { readonly count: number; readonly perTurn: number; readonly qos: 0 | 1 };

let link: MqttBusLink | undefined;
let client: MqttClient | undefined;
const payload = PAYLOAD.padEnd(100, ' ');
const topics = Array.from({ length: TOPICS }, (_, n) => `te/device/bench_${n}///m/io`);
const topicOf = (n: number) => topics[n % TOPICS] ?? '';
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const operations = {
  async openLink({ url, outbox }: { readonly url: string; readonly outbox?: object }) {
    link = openBusLink(
      { url, clientId: 'bench', log: silentLog, ...outbox },
      new AbortController().signal,
    );
    const connected = new Promise<void>((resolve) => link?.connected$.subscribe(() => resolve()));
    link.start();
    await connected;
    return process.pid;
  },

  async openRaw({ url }: { readonly url: string }) {
    client = await connectAsync(url, { clientId: 'raw' });
    (client.stream as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
  },

  /** Publishes so many, some in each turn of the event loop, until all have left. */
  async publish(wish: Wish): Promise<Cost> {
    const measured = stopwatch();
    if (link) await byLink(link, wish);
    else if (client) await (wish.qos === 0 ? rawQuick(client, wish) : rawSure(client, wish));
    return measured(wish.count);
  },

  /** Publishes so many in each second, in ticks of 10 ms. */
  async paced({ perSecond, seconds, from }: { perSecond: number; seconds: number; from: number }) {
    const measured = stopwatch();
    const began = performance.now();
    let number = from;
    for (let tick = 1; tick <= seconds * 100; tick++) {
      for (; number < from + (tick * perSecond) / 100; number++) {
        link?.publish({ topic: 'e', payload: numbered(number), delivery: 'event' });
      }
      const wait = began + tick * 10 - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
    }
    return measured(number - from);
  },

  /** Milliseconds from the connection until all has left, while live values go on. */
  async drained() {
    const began = performance.now();
    let isOver = false;
    const over = link?.flushed().then(() => {
      isOver = true;
    });
    while (!isOver) {
      link?.publish({ topic: 'live', payload: String(Date.now()), delivery: 'telemetry' });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await over;
    return performance.now() - began;
  },

  /** Milliseconds until the broker hears us again. */
  async connected() {
    const began = performance.now();
    while (!link?.isConnected) await new Promise((resolve) => setTimeout(resolve, 5));
    return performance.now() - began;
  },

  state: () => ({
    queued: link?.outbox.messages ?? 0,
    rss: process.memoryUsage().rss,
  }),
};

export type MqttPublisherProcess = typeof operations;
offer(operations);

async function byLink(to: MqttBusLink, { count, perTurn, qos }: Wish): Promise<void> {
  const delivery = qos === 0 ? 'telemetry' : 'event';
  for (let n = 0; n < count; ) {
    for (let one = 0; one < perTurn && n < count; one++, n++) {
      to.publish({ topic: topicOf(n), payload, delivery });
    }
    do await turn();
    while (to.outbox.messages >= TOPICS - perTurn);
  }
  await to.flushed();
}

async function rawQuick(to: MqttClient, { count, perTurn }: Wish): Promise<void> {
  for (let n = 0; n < count; ) {
    for (let one = 0; one < perTurn && n < count; one++, n++) to.publish(topicOf(n), payload);
    do await turn();
    while (to.stream.writableLength > HIGH_WATER);
  }
}

function rawSure(to: MqttClient, { count }: Wish): Promise<void> {
  return new Promise((resolve) => {
    let [sent, acknowledged] = [0, 0];
    const next = () => {
      if (acknowledged === count) resolve();
      while (sent < count && sent - acknowledged < WINDOW) {
        to.publish(topicOf(sent++), payload, { qos: 1 }, () => {
          acknowledged++;
          next();
        });
      }
    };
    next();
  });
}

function numbered(number: number): string {
  return `${number} `.padEnd(100, '.');
}
