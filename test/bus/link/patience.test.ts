import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../../src/kernel/index.ts';
import { ManualClock } from '../../ads/manual-clock.ts';
import { aedesBroker, hasMosquitto, mosquitto, mqttClient } from '../../support/broker.ts';
import { brokenWay } from './broken-way.ts';
import { connected, deadline, listener, openedLink, status } from './opened.ts';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

describe('a link that fails', () => {
  it('tries again after 0.2 s at least, and up to ever longer', async () => {
    const clock = new ManualClock();
    const link = openedLink(scope, 'mqtt://127.0.0.1:1', { clock });
    await status(link, /nothing listens/);
    for (const most of [400, 800, 1600, 2000, 2000]) {
      // Housekeeping has a timer of its own.
      await vi.waitFor(() => expect(clock.timers).toBe(2), deadline);
      const { attempts } = link.status;
      clock.advance(199);
      expect(link.status.attempts).toBe(attempts);
      clock.advance(most - 199);
      expect(link.status.attempts).toBe(attempts + 1);
    }
  });

  it('tries again for ever when its login is refused, at most every 5 s', async () => {
    const broker = await aedesBroker(scope, (aedes) => {
      aedes.authenticate = (_, user, __, done) =>
        done(null, user === 'ioc' && link.status.attempts > 8);
    });
    const clock = new ManualClock();
    const link = openedLink(scope, broker.url, { clock, user: 'ioc', password: 'x' });
    for (let attempt = 1; attempt <= 8; attempt++) {
      await vi.waitFor(() => expect(clock.timers).toBe(2), deadline);
      expect(link.status).toMatchObject({ attempts: attempt, connections: 0 });
      expect(link.status.text).toMatch(/login refused: not authorised \(code 5\)/);
      clock.advance(5000);
    }
    await connected(link);
  });

  it('ends without waiting for its next attempt', async () => {
    const clock = new ManualClock();
    const link = openedLink(scope, 'mqtt://127.0.0.1:1', { clock });
    await status(link, /nothing listens/);
    await link[Symbol.asyncDispose]();
    expect(clock.timers).toBe(0);
    expect(link.status.text).toMatch(/: stopped$/);
  });

  it('ends in the middle of an attempt', async () => {
    const broker = await aedesBroker(scope, (aedes) => {
      aedes.preConnect = () => {};
    });
    const link = openedLink(scope, broker.url);
    await link[Symbol.asyncDispose]();
    expect(link.isConnected).toBe(false);
  });
});

describe('a link whose broker acknowledges nothing', () => {
  it('gives the connection up after 30 s, and sends again', async () => {
    const broker = await aedesBroker(scope);
    const way = await brokenWay(scope, broker.port);
    const clock = new ManualClock();
    const link = openedLink(scope, way.url, { clock });
    await connected(link);
    way.hold();
    link.publish({ topic: 'e', payload: '1', delivery: 'event' });
    await vi.waitFor(() => expect(link.pump.inFlight).toBe(1), deadline);
    clock.advance(30_000);
    expect(link.isConnected).toBe(true);
    clock.advance(2000);
    way.pass();
    await vi.waitFor(
      () => expect(link.status.lastLoss).toMatch(/it acknowledges nothing/),
      deadline,
    );
    clock.advance(5000);
    await link.flushed();
    expect(way.published.length).toBe(2);
  });

  it('leaves, for all that, within 2 s and what a farewell takes', async () => {
    const broker = await aedesBroker(scope);
    const way = await brokenWay(scope, broker.port);
    const clock = new ManualClock();
    const link = openedLink(scope, way.url, { clock });
    await connected(link);
    way.hold();
    link.publish({ topic: 'e', payload: '1', delivery: 'event' });
    let isOver = false;
    const over = link[Symbol.asyncDispose]().then(() => {
      isOver = true;
    });
    await vi.waitFor(() => expect(link.pump.inFlight).toBe(1), deadline);
    expect(isOver).toBe(false);
    clock.advance(2000);
    // Last words had their time; now the farewell has its own.
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(500);
    await over;
  });
});

describe.skipIf(!hasMosquitto)('a message over which the broker ends the connection', () => {
  it('is found, told and dropped; the others arrive', async () => {
    // With MQTT 3.1.1 mosquitto cannot say that a packet is too large for it.
    const broker = await mosquitto(scope, 'allow_anonymous true\nmax_packet_size 2000');
    const { payloads } = await listener(scope, { ...broker, ...broker.plain }, 'e');
    const clock = new ManualClock();
    const link = openedLink(scope, broker.url, { clock });
    await connected(link);
    for (let n = 0; n < 30; n++) {
      const payload = n === 5 ? 'x'.repeat(5000) : String(n);
      link.publish({ topic: 'e', payload, delivery: 'event' });
    }
    await vi.waitFor(() => {
      clock.advance(500);
      expect(link.outbox.messages).toBe(0);
    }, deadline);
    const others = Array.from({ length: 30 }, (_, n) => String(n)).filter((each) => each !== '5');
    await vi.waitFor(() => expect([...new Set(payloads())]).toEqual(others), deadline);
    expect(link.outbox.drops.refused).toBe(1);
  });
});

describe.skipIf(!hasMosquitto)('a link whose session is of an earlier process', () => {
  it('gives it up when it brings what nobody wants any more', async () => {
    const broker = await mosquitto(scope, 'allow_anonymous true');
    const before = openedLink(scope, broker.url);
    before.subscribe('old/#', () => {});
    await connected(before);
    await before[Symbol.asyncDispose]();
    const clock = new ManualClock();
    const after = openedLink(scope, broker.url, { clock });
    const got: string[] = [];
    after.subscribe('new/#', ({ topic }) => got.push(topic));
    await connected(after);
    const client = await mqttClient(scope, broker);
    await client.publishAsync('old/1', '', { qos: 1 });
    await vi.waitFor(() => expect(after.hearing.unclaimed).toBe(1), deadline);
    expect(after.status.connections).toBe(1);
    clock.advance(61_000);
    await client.publishAsync('old/2', '', { qos: 1 });
    await vi.waitFor(() => expect(after.status.connections).toBe(2), deadline);
    await client.publishAsync('old/3', '', { qos: 1 });
    await client.publishAsync('new/1', '', { qos: 1 });
    await vi.waitFor(() => expect(got).toEqual(['new/1']), deadline);
    expect(after.hearing.unclaimed).toBe(2);
    expect(after.status.lastLoss).toBe('');
  });
});
