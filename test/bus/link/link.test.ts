import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BusLinkOptions, openBusLink, type Received } from '../../../src/bus/index.ts';
import { Scope, silentLog } from '../../../src/kernel/index.ts';
import { aedesBroker, hasMosquitto, mosquitto, mqttClient } from '../../support/broker.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const brokers = [
  { name: 'aedes', start: aedesBroker, is: true },
  {
    name: 'mosquitto',
    start: (scope: Scope) => mosquitto(scope, 'allow_anonymous true'),
    is: hasMosquitto,
  },
];

describe.each(brokers.filter(({ is }) => is))('a bus link to $name', ({ start }) => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  async function opened(options: Partial<BusLinkOptions> = {}) {
    const broker = await start(scope);
    const link = scope.use(
      openBusLink({ url: broker.url, clientId: 'ioc', log: silentLog, ...options }, scope.signal),
    );
    return { broker, link };
  }

  async function heard(broker: { url: string; port: number }, filter = '#') {
    const client = await mqttClient(scope, broker);
    const seen: { topic: string; payload: string; retain: boolean; qos: number }[] = [];
    client.on('message', (topic, payload, { retain, qos }) => {
      seen.push({ topic, payload: payload.toString(), retain, qos });
    });
    await client.subscribeAsync(filter, { qos: 1 });
    return seen;
  }

  it('brings what is published to who subscribed', async () => {
    const { broker, link } = await opened();
    const seen = await heard(broker);
    link.publish({ topic: 'a/event', payload: '1', delivery: 'event' });
    link.publish({ topic: 'a/state', payload: '2', delivery: 'state' });
    link.start();
    await link.flushed();
    link.publish({ topic: 'a/telemetry', payload: new Uint8Array([0x33]), delivery: 'telemetry' });
    await vi.waitFor(() => expect(seen).toHaveLength(3));
    expect(seen).toEqual([
      { topic: 'a/state', payload: '2', retain: false, qos: 1 },
      { topic: 'a/event', payload: '1', retain: false, qos: 1 },
      { topic: 'a/telemetry', payload: '3', retain: false, qos: 0 },
    ]);
  });

  it('keeps states in the broker, and events not', async () => {
    const { broker, link } = await opened();
    link.start();
    link.publish({ topic: 'a/event', payload: '1', delivery: 'event' });
    link.publish({ topic: 'a/state', payload: '2', delivery: 'state' });
    link.publish({ topic: 'a/alarm', payload: '3', delivery: 'event', retain: true });
    await link.flushed();
    const seen = await heard(broker);
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    expect(seen.map(({ topic, retain }) => [topic, retain])).toEqual(
      expect.arrayContaining([
        ['a/state', true],
        ['a/alarm', true],
      ]),
    );
  });

  it('hears what matches a filter, with what was retained first', async () => {
    const { broker, link } = await opened();
    const client = await mqttClient(scope, broker);
    await client.publishAsync('cmd/1', 'old', { retain: true, qos: 1 });
    const got: Received[] = [];
    link.subscribe('cmd/+', (message) =>
      got.push({ ...message, payload: message.payload.slice() }),
    );
    link.start();
    await vi.waitFor(() => expect(got).toHaveLength(1));
    await client.publishAsync('cmd/2', 'new', { qos: 1 });
    await client.publishAsync('other/2', 'new', { qos: 1 });
    await vi.waitFor(() => expect(got).toHaveLength(2));
    expect(got.map(({ topic, payload, retain }) => [topic, text(payload), retain])).toEqual([
      ['cmd/1', 'old', true],
      ['cmd/2', 'new', false],
    ]);
  });

  it('hears nothing more once disposed of the subscription', async () => {
    const { broker, link } = await opened();
    const client = await mqttClient(scope, broker);
    const got: string[] = [];
    const subscription = link.subscribe('x/#', ({ topic }) => got.push(topic));
    link.subscribe('y/#', ({ topic }) => got.push(topic));
    link.start();
    await link.flushed();
    await vi.waitFor(() => expect(link.isConnected).toBe(true));
    subscription[Symbol.dispose]();
    await client.publishAsync('x/1', '', { qos: 1 });
    await client.publishAsync('y/1', '', { qos: 1 });
    await vi.waitFor(() => expect(got).toEqual(['y/1']));
  });

  it('leaves its last words before it goes, and no will', async () => {
    const will = () => ({ topic: 'health', payload: 'dead', delivery: 'state' as const });
    const { broker, link } = await opened({ will });
    const seen = await heard(broker);
    link.start();
    await vi.waitFor(() => expect(link.isConnected).toBe(true));
    link.publish({ topic: 'health', payload: 'down', delivery: 'state' });
    await link[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(seen.map(({ payload }) => payload)).toEqual(['down']));
    expect(link.isConnected).toBe(false);
  });

  it('leaves in good order though others publish on', async () => {
    const will = () => ({ topic: 'health', payload: 'dead', delivery: 'state' as const });
    const { broker, link } = await opened({ will });
    link.start();
    await vi.waitFor(() => expect(link.isConnected).toBe(true));
    link.publish({ topic: 'health', payload: 'down', delivery: 'state' });
    let isOver = false;
    const over = link[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    while (!isOver) {
      link.publish({ topic: 'm', payload: '1', delivery: 'telemetry' });
      link.publish({ topic: 'e', payload: '1', delivery: 'event' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await over;
    const seen = await heard(broker, 'health');
    await vi.waitFor(() => expect(seen.map(({ payload }) => payload)).toEqual(['down']));
  });

  it('tells who asks that it is connected, at once or when it is', async () => {
    const { link } = await opened();
    const told: boolean[] = [];
    link.connected$.subscribe(({ hasSession }) => told.push(hasSession));
    link.start();
    await vi.waitFor(() => expect(told).toEqual([false]));
    link.connected$.subscribe(({ hasSession }) => told.push(hasSession));
    expect(told).toEqual([false, false]);
  });

  it('refuses topics and filters that are none, which would cost us the connection', async () => {
    const { link } = await opened();
    link.subscribe('a/#/b', () => {});
    link.subscribe('a/b', () => {});
    link.start();
    await vi.waitFor(() => expect(link.isConnected).toBe(true));
    for (const topic of ['', 'a/+', '#', 'a\0', 'x'.repeat(65_536)]) {
      link.publish({ topic, payload: '', delivery: 'event' });
    }
    link.publish({ topic: 'a', payload: '', delivery: 'event' });
    await link.flushed();
    expect(link.outbox.drops.invalid).toBe(5);
    expect(link.status.text).toMatch(/may not subscribe to a\/#\/b \(topic filter invalid\)/);
    expect(link.status.connections).toBe(1);
  });
});
