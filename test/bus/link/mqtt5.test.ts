import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Received } from '../../../src/bus/index.ts';
import { Scope } from '../../../src/kernel/index.ts';
import { ManualClock } from '../../ads/manual-clock.ts';
import { hasMosquitto, mosquitto, mqttClient } from '../../support/broker.ts';
import { connected, deadline, openedLink } from './opened.ts';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

const five = { version: '5' } as const;
const open = 'allow_anonymous true';

describe.skipIf(!hasMosquitto)('a link that speaks MQTT 5', () => {
  it('brings where an answer is wanted, and sends it with what tells it apart', async () => {
    const broker = await mosquitto(scope, open);
    const link = openedLink(scope, broker.url, five);
    const got: Received[] = [];
    link.subscribe('ask', (message) => {
      got.push(message);
      const { responseTopic = '', correlation } = message;
      const answer = { topic: responseTopic, payload: 'answer', delivery: 'event' as const };
      link.publish({ ...answer, ...(correlation && { correlation: correlation.slice() }) });
    });
    await connected(link);
    const client = await mqttClient(scope, broker, { protocolVersion: 5 });
    const answers: string[] = [];
    client.on('message', (_, payload, { properties }) => {
      answers.push(`${properties?.correlationData?.toString()}: ${payload}`);
    });
    await client.subscribeAsync('answers');
    const properties = { responseTopic: 'answers', correlationData: Buffer.from('no 7') };
    await client.publishAsync('ask', '', { properties });
    await vi.waitFor(() => expect(answers).toEqual(['no 7: answer']), deadline);
    expect(got[0]?.responseTopic).toBe('answers');
  });

  it('lets messages expire in the broker', async () => {
    const broker = await mosquitto(scope, open);
    const link = openedLink(scope, broker.url, five);
    await connected(link);
    link.publish({ topic: 'a', payload: '1', delivery: 'state', expiry: 60 });
    link.publish({ topic: 'b', payload: '2', delivery: 'state' });
    await link.flushed();
    const client = await mqttClient(scope, broker, { protocolVersion: 5 });
    const seen = new Map<string, number | undefined>();
    client.on('message', (topic, _, { properties }) => {
      seen.set(topic, properties?.messageExpiryInterval);
    });
    await client.subscribeAsync('#');
    await vi.waitFor(() => expect(seen.size).toBe(2), deadline);
    expect(seen.get('a')).toBeGreaterThan(50);
    expect(seen.get('b')).toBeUndefined();
  });

  it('sends again what expires, too, when it was in flight', async () => {
    const broker = await mosquitto(scope, open);
    const clock = new ManualClock();
    const link = openedLink(scope, broker.url, { ...five, clock });
    await connected(link);
    broker.freeze();
    link.publish({ topic: 'a', payload: '1', delivery: 'event', expiry: 5 });
    await vi.waitFor(() => expect(link.pump.inFlight).toBe(1), deadline);
    await broker.stop('SIGKILL');
    await broker.start();
    await vi.waitFor(() => expect(link.isConnected).toBe(false), deadline);
    clock.advance(10_000);
    await link.flushed();
    expect(link.status.connections).toBe(2);
  });

  it('is remembered as long as it asked for', async () => {
    const broker = await mosquitto(scope, open);
    const sessions = async (sessionExpirySeconds: number) => {
      const link = openedLink(scope, broker.url, { ...five, sessionExpirySeconds });
      const told: boolean[] = [];
      link.connected$.subscribe(({ hasSession }) => told.push(hasSession));
      await connected(link);
      await link[Symbol.asyncDispose]();
      return told[0];
    };
    expect([await sessions(60), await sessions(60)]).toEqual([false, true]);
    expect([await sessions(0), await sessions(60)]).toEqual([false, false]);
  });

  it('shares a subscription with others, so that each message comes to one of them', async () => {
    const broker = await mosquitto(scope, open);
    const got: string[] = [];
    for (const clientId of ['one', 'two']) {
      const link = openedLink(scope, broker.url, { ...five, clientId });
      link.subscribe('$share/iocs/cmd/#', ({ topic }) => got.push(`${clientId} ${topic}`));
      await connected(link);
    }
    const client = await mqttClient(scope, broker);
    const topics = Array.from({ length: 10 }, (_, n) => `cmd/${n}`);
    for (const topic of topics) await client.publishAsync(topic, '', { qos: 1 });
    await vi.waitFor(() => expect(got).toHaveLength(10), deadline);
    expect(got.map((each) => each.split(' ')[1]).sort()).toEqual(topics);
    expect(new Set(got.map((each) => each.split(' ')[0])).size).toBe(2);
  });

  it('sends no packet that the broker says is too large for it', async () => {
    const broker = await mosquitto(scope, `${open}\nmax_packet_size 2000`);
    const link = openedLink(scope, broker.url, five);
    await connected(link);
    link.publish({ topic: 'a', payload: 'x'.repeat(5000), delivery: 'event' });
    link.publish({ topic: 'a', payload: 'x'.repeat(500), delivery: 'event' });
    await link.flushed();
    expect(link.outbox.drops.tooLarge).toBe(1);
    expect(link.status.connections).toBe(1);
  });

  it('has no more in flight than the broker wants', async () => {
    const broker = await mosquitto(scope, `${open}\nmax_inflight_messages 3`);
    const link = openedLink(scope, broker.url, five);
    await connected(link);
    broker.freeze();
    for (let n = 0; n < 20; n++) link.publish({ topic: 'e', payload: '', delivery: 'event' });
    await vi.waitFor(() => expect(link.pump.inFlight).toBe(3), deadline);
    broker.thaw();
    await link.flushed();
    expect(link.pump.sent).toBe(20);
  });

  it('suspects another that took its place, and goes on trying', async () => {
    const broker = await mosquitto(scope, open);
    const link = openedLink(scope, broker.url, five);
    await connected(link);
    await mqttClient(scope, broker, { clientId: 'ioc', protocolVersion: 5 });
    const suspicion =
      /(another client took our client id "ioc"|session taken over by another client)/;
    await vi.waitFor(() => expect(link.status.lastLoss).toMatch(suspicion), deadline);
    await connected(link);
  });
});
