import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { type Broker, hasMosquitto, mosquitto, mqttClient } from '../support/broker.ts';
import { demoConfig } from '../support/demo-ioc.ts';
import { watchedIoc } from '../support/watched-ioc.ts';

const deadline = { timeout: 15_000, interval: 50 };
const health = 'te/device/main/service/T/status/health';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

/** What changes with the values of the plant, which moves on. */
const moving = /\/a\/pv_|\/twin\/state$/;

/** What the broker keeps, by topic, without the times in it and what moves with the plant. */
async function retained(broker: Broker): Promise<ReadonlyMap<string, string>> {
  await using looking = new Scope();
  const client = await mqttClient(looking, broker);
  const kept = new Map<string, string>();
  const seen = new Promise<void>((resolve) => {
    client.on('message', (topic, payload, { retain }) => {
      if (topic === 'marker') resolve();
      else if (retain && !moving.test(topic))
        kept.set(topic, payload.toString().replace(/"time":[^,}]*/g, '"time"'));
    });
  });
  await client.subscribeAsync(['te/#', 'marker'], { qos: 1 });
  // What is kept comes before what is published after it was asked for.
  await client.publishAsync('marker', '', { qos: 1 });
  await seen;
  return kept;
}

/** Looks in a row that see the same, until the IOC has said all. */
const LOOKS = 30;

/** The same, once the plant is known and nothing new is said. */
async function settled(broker: Broker): Promise<ReadonlyMap<string, string>> {
  let [before, looks]: [ReadonlyMap<string, string>, number] = [new Map(), 0];
  await vi.waitFor(
    async () => {
      const now = await retained(broker);
      const isSame = isDeepStrictEqual(now, before);
      [before, looks] = [now, isSame ? looks + 1 : 0];
      expect(now.get(health)).toContain('"up"');
      expect(looks).toBeGreaterThanOrEqual(LOOKS);
    },
    { timeout: 25_000, interval: 50 },
  );
  return before;
}

describe.skipIf(!hasMosquitto)('what an IOC keeps in its broker', () => {
  it.each([
    ['remembers nothing', 'allow_anonymous true', 'SIGTERM'],
    ['remembers nothing and is killed', 'allow_anonymous true', 'SIGKILL'],
    [
      'remembers all',
      'allow_anonymous true\npersistence true\npersistence_location $DIR/',
      'SIGTERM',
    ],
  ] as const)('is the same after a restart of one that %s', async (_, config, signal) => {
    const broker = await mosquitto(scope, config);
    const ioc = await watchedIoc(scope, `${demoConfig}bus: { url: ${broker.url} }\n`);
    const before = await settled(broker.plain);
    expect(before.size).toBeGreaterThan(50);
    await broker.stop(signal);
    await vi.waitFor(() => expect(ioc.read('T:IOC:BusState')).not.toBe(3), deadline);
    await broker.start();
    await vi.waitFor(async () => {
      const after = await retained(broker.plain);
      expect(after).toEqual(before);
    }, deadline);
    expect(ioc.read('T:IOC:BusFull')).toBe(0);
  });
});
