import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MqttBusLink } from '../../../src/bus/index.ts';
import { Scope } from '../../../src/kernel/index.ts';
import { aedesBroker, hasMosquitto, mosquitto } from '../../support/broker.ts';
import { brokenWay } from './broken-way.ts';
import { connected, deadline, listener, openedLink, type Seen, status } from './opened.ts';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

const keeping =
  'allow_anonymous true\npersistence true\npersistence_location $DIR/\nmax_queued_messages 0\n' +
  'autosave_on_changes true\nautosave_interval 1';

/** Publishes numbered events for a while, so many a millisecond; resolves with how many. */
async function events(link: MqttBusLink, ms: number): Promise<number> {
  const end = performance.now() + ms;
  let number = 0;
  while (performance.now() < end) {
    link.publish({ topic: 'e', payload: String(number++), delivery: 'event' });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return number;
}

function away(link: MqttBusLink): Promise<void> {
  return vi.waitFor(() => expect(link.isConnected).toBe(false), deadline);
}

/** How many numbers came, and how many of them we sent again, not the broker. */
function tally(seen: readonly Seen[]) {
  const distinct = new Set(seen.map(({ payload }) => payload)).size;
  return { distinct, again: seen.filter(({ isRepeated }) => !isRepeated).length - distinct };
}

describe.skipIf(!hasMosquitto)('a link whose broker restarts', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('loses no event (%s)', async (signal) => {
    const broker = await mosquitto(scope, keeping);
    const { seen } = await listener(scope, broker, 'e');
    const link = openedLink(scope, broker.url);
    await connected(link);
    const counting = events(link, 1500);
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(50), deadline);
    await broker.stop(signal);
    await away(link);
    await broker.start();
    const count = await counting;
    await link.flushed();
    await vi.waitFor(() => expect(tally(seen).distinct).toBe(count), deadline);
    expect(tally(seen).again).toBeLessThanOrEqual(1);
    expect(link.outbox.drops).toMatchObject({ full: 0, expired: 0, refused: 0 });
  });

  it('keeps its subscriptions, and what it missed comes', async () => {
    const broker = await mosquitto(scope, keeping);
    const link = openedLink(scope, broker.url);
    const got: string[] = [];
    link.subscribe('cmd/#', ({ payload }) => got.push(new TextDecoder().decode(payload)));
    await connected(link);
    await link[Symbol.asyncDispose]();
    const { client } = await listener(scope, broker, 'none');
    await client.publishAsync('cmd/1', 'missed', { qos: 1 });
    const sessions: boolean[] = [];
    const again = openedLink(scope, broker.url);
    again.subscribe('cmd/#', ({ payload }) => got.push(new TextDecoder().decode(payload)));
    again.connected$.subscribe(({ hasSession }) => sessions.push(hasSession));
    await connected(again);
    await vi.waitFor(() => expect(got).toEqual(['missed']), deadline);
    expect(sessions).toEqual([true]);
  });

  it('subscribes again with one that remembers nothing, and says so', async () => {
    const broker = await mosquitto(scope, 'allow_anonymous true');
    const link = openedLink(scope, broker.url);
    const sessions: boolean[] = [];
    const got: string[] = [];
    link.connected$.subscribe(({ hasSession }) => sessions.push(hasSession));
    link.subscribe('cmd/#', ({ topic }) => got.push(topic));
    await connected(link);
    await broker.stop();
    await away(link);
    await broker.start();
    await connected(link);
    const { client } = await listener(scope, broker, 'none');
    await client.publishAsync('cmd/1', '', { qos: 1 });
    await vi.waitFor(() => expect(got).toEqual(['cmd/1']), deadline);
    expect(sessions).toEqual([false, false]);
  });

  it('lets a subscription go that ended while it was away', async () => {
    const broker = await mosquitto(scope, keeping);
    const link = openedLink(scope, broker.url);
    const got: string[] = [];
    const gone = link.subscribe('gone/#', ({ topic }) => got.push(topic));
    link.subscribe('kept/#', ({ topic }) => got.push(topic));
    await connected(link);
    await broker.stop();
    await away(link);
    gone[Symbol.dispose]();
    await broker.start();
    await connected(link);
    const { client } = await listener(scope, broker, 'none');
    await client.publishAsync('gone/1', '', { qos: 1 });
    await client.publishAsync('kept/1', '', { qos: 1 });
    await vi.waitFor(() => expect(got).toEqual(['kept/1']), deadline);
    expect(link.hearing.unclaimed).toBe(0);
  });

  it('sends the newest of each state, and no telemetry of the time between', async () => {
    const broker = await mosquitto(scope, keeping);
    const { seen } = await listener(scope, broker, 'x/#');
    const link = openedLink(scope, broker.url);
    await connected(link);
    await broker.stop();
    await away(link);
    for (const payload of ['1', '2', '3']) {
      link.publish({ topic: 'x/state', payload, delivery: 'state' });
      link.publish({ topic: 'x/telemetry', payload, delivery: 'telemetry' });
    }
    await broker.start();
    await link.flushed();
    await vi.waitFor(() => expect(seen).toHaveLength(1), deadline);
    expect(seen).toMatchObject([{ topic: 'x/state', payload: '3' }]);
    expect(link.outbox.drops).toMatchObject({ replaced: 2, stale: 3 });
  });
});

describe.skipIf(!hasMosquitto)('a link whose broker falls silent', () => {
  it('notices, tells it, keeps what counts, and goes on', async () => {
    const broker = await mosquitto(scope, keeping);
    const link = openedLink(scope, broker.url, { keepAliveSeconds: 1, connectTimeoutMs: 500 });
    await connected(link);
    broker.freeze();
    link.publish({ topic: 'e', payload: '1', delivery: 'event' });
    await status(link, /silent: no answer to a ping|no answer in time/);
    expect(link.status.lastLoss).toMatch(/silent: no answer to a ping$/);
    broker.thaw();
    await link.flushed();
    expect(link.isConnected).toBe(true);
  });

  it('never grows: telemetry gives way to newer, within the bounds', async () => {
    const broker = await mosquitto(scope, keeping);
    const link = openedLink(scope, broker.url, { keepAliveSeconds: 60 });
    await connected(link);
    broker.freeze();
    const payload = 'x'.repeat(1000);
    for (let round = 0; round < 200; round++) {
      for (let topic = 0; topic < 100; topic++) {
        link.publish({ topic: `m/${topic}`, payload, delivery: 'telemetry' });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(link.outbox.messages).toBeLessThanOrEqual(100);
    expect(link.outbox.drops.replaced).toBeGreaterThan(10_000);
    broker.thaw();
    await link.flushed();
  });

  it('does not hold up the end: many links end in the time of one', async () => {
    const broker = await mosquitto(scope, keeping);
    await using links = new Scope(scope.signal);
    for (const clientId of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const link = openedLink(links, broker.url, { clientId });
      await connected(link);
      links.defer(() => link.publish({ topic: clientId, payload: 'down', delivery: 'state' }));
    }
    broker.freeze();
    const began = performance.now();
    await links[Symbol.asyncDispose]();
    // 2 s for the last words of all and a moment for each to go; 15 s if each took its own.
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('a link whose connection breaks', () => {
  it('sends again what was not acknowledged, marked as repeated where there is a session', async () => {
    const broker = await aedesBroker(scope);
    const { url, cut, hold, published } = await brokenWay(scope, broker.port);
    const link = openedLink(scope, url);
    // A session without subscriptions is none to aedes.
    link.subscribe('cmd', () => {});
    await connected(link);
    hold();
    link.publish({ topic: 'e', payload: '1', delivery: 'event' });
    await vi.waitFor(() => expect(published).toEqual([0x32]), deadline);
    expect(link.pump.inFlight).toBe(1);
    cut();
    await link.flushed();
    // MQTT 3.1.1, table 3.2: PUBLISH at QoS 1, then with DUP.
    expect(published).toEqual([0x32, 0x3a]);
    expect(link.outbox.messages).toBe(0);
  });
});
