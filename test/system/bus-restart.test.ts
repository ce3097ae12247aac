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

/** What the broker keeps, by topic, without the times in it. */
async function retained(broker: Broker): Promise<ReadonlyMap<string, string>> {
  await using looking = new Scope();
  const client = await mqttClient(looking, broker);
  const kept = new Map<string, string>();
  const seen = new Promise<void>((resolve) => {
    client.on('message', (topic, payload, { retain }) => {
      if (topic === 'marker') resolve();
      else if (retain) kept.set(topic, payload.toString().replace(/"time":[^,}]*/g, '"time"'));
    });
  });
  await client.subscribeAsync(['te/#', 'marker'], { qos: 1 });
  // What is kept comes before what is published after it was asked for.
  await client.publishAsync('marker', '', { qos: 1 });
  await seen;
  return kept;
}

/** The same, once the IOC has said all. */
async function settled(broker: Broker): Promise<ReadonlyMap<string, string>> {
  let before = new Map<string, string>() as ReadonlyMap<string, string>;
  await vi.waitFor(async () => {
    const now = await retained(broker);
    const last = before;
    before = now;
    expect(now.get(health)).toContain('"up"');
    expect(now).toEqual(last);
  }, deadline);
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
