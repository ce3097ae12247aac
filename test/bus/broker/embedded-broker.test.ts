import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../../src/kernel/index.ts';
import { mqttClient } from '../../support/broker.ts';
import { anyPort, embeddedBroker, openDoor } from '../../support/embedded-broker.ts';
import {
  hasMosquittoClients,
  mosquittoPub,
  mosquittoSub,
} from '../../support/mosquitto-clients.ts';
import { logInto } from '../../support/watched-ioc.ts';

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 5000, interval: 5 });

const gui = { name: 'gui', password: 'seeing', publish: ['te/+/cmd'], subscribe: ['te/#'] };
const ioc = { name: 'ioc', password: 'doing', publish: ['#'], subscribe: ['#'] };
const as = ({ name, password }: { name: string; password: string }) => [
  ...['-u', name, '-P', password],
];

describe.skipIf(!hasMosquittoClients)('the embedded broker', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('brings what mosquitto_pub says to mosquitto_sub, and keeps what is retained', async () => {
    const broker = await embeddedBroker(scope);
    await mosquittoPub(broker, 'te/a', 'kept', ['-r', '-q', '1']);
    const sub = await mosquittoSub(scope, broker, ['te/#'], ['-q', '1']);
    await until(() => sub.on('te/a').length === 1);
    expect(sub.seen[0]).toMatchObject({ payload: 'kept', retain: true });
    await mosquittoPub(broker, 'te/b', 'said', ['-q', '1']);
    await until(() => sub.on('te/b').join() === 'said');
    await mosquittoPub(broker, 'te/a', '', ['-r', '-q', '1']);
    const late = await mosquittoSub(scope, broker, ['te/#'], ['-q', '1']);
    await mosquittoPub(broker, 'te/c', 'end');
    await until(() => late.on('te/c').length === 1);
    expect(late.on('te/a')).toEqual([]);
    expect(broker.broker.sizes).toMatchObject({ retained: 0 });
    await until(() => broker.counters.received === 4);
  });

  it('brings a message at the QoS of the subscription at most, new or kept', async () => {
    const broker = await embeddedBroker(scope);
    await mosquittoPub(broker, 'te/a', 'kept', ['-r', '-q', '2']);
    const subs = [
      await mosquittoSub(scope, broker, ['te/#'], ['-q', '0']),
      await mosquittoSub(scope, broker, ['te/#', 'te/+'], ['-q', '1']),
      await mosquittoSub(scope, broker, ['te/#'], ['-q', '2']),
    ];
    await mosquittoPub(broker, 'te/b', 'new', ['-q', '2']);
    await until(() => subs.every(({ seen }) => seen.some(({ topic }) => topic === 'te/b')));
    const seenAt = subs.map(({ seen }) => [...new Set(seen.map(({ qos }) => qos))]);
    expect(seenAt).toEqual([[0], [1], [2]]);
  });

  it('hears of a subscription that ends and begins again at once', async () => {
    const broker = await embeddedBroker(scope);
    for (const clean of [true, false]) {
      const client = await mqttClient(scope, broker, { clean, clientId: `again-${clean}` });
      await client.subscribeAsync('te/#', { qos: 1 });
      const seen: string[] = [];
      client.on('message', (_topic, payload) => seen.push(String(payload)));
      client.unsubscribe('te/#');
      await client.subscribeAsync('te/#', { qos: 1 });
      await mosquittoPub(broker, 'te/a', 'x', ['-q', '1']);
      await until(() => seen.length === 1);
    }
  });

  it('lets in who says a known name and its password', async () => {
    const options = { users: [gui, ioc], anonymous: undefined };
    const { port, counters } = await embeddedBroker(scope, options);
    // Exit code 5 of mosquitto_pub: the connection was refused.
    const codes = [
      await mosquittoPub({ port }, 'te/a/cmd', 'x', as(gui)),
      await mosquittoPub({ port }, 'te/a/cmd', 'x', as({ ...gui, password: 'guess' })),
      await mosquittoPub({ port }, 'te/a/cmd', 'x', as({ ...gui, name: 'guess' })),
      await mosquittoPub({ port }, 'te/a/cmd', 'x', ['-u', 'gui']),
      await mosquittoPub({ port }, 'te/a/cmd', 'x'),
    ].map(({ code }) => code);
    expect(codes).toEqual([0, 4, 4, 4, 4]);
    expect(counters.refusedClients).toBe(4);
  });

  it('gives nobody the place of another by its client id', async () => {
    const broker = await embeddedBroker(scope, { users: [gui, ioc] });
    const { url, user: username, password } = broker.broker.own;
    await mqttClient(scope, { url, port: 0 }, { username, password, clientId: 'own' });
    await mosquittoSub(scope, broker, ['te/#'], [...as(gui), '-i', 'panel']);
    const codes = [
      await mosquittoPub(broker, 'te/a/cmd', 'x', ['-i', 'own']),
      await mosquittoPub(broker, 'te/a/cmd', 'x', ['-i', 'panel']),
      await mosquittoPub(broker, 'te/a/cmd', 'x', [...as(ioc), '-i', 'panel']),
      // The same user may, as MQTT has it.
      await mosquittoPub(broker, 'te/a/cmd', 'x', [...as(gui), '-i', 'panel']),
    ].map(({ code }) => code);
    expect(codes).toEqual([2, 2, 2, 0]);
  });

  it('gives each user what it may hear and takes what it may say, and tells of the rest once', async () => {
    const lines: string[] = [];
    const options = { users: [gui, ioc], anonymous: undefined };
    const broker = await embeddedBroker(scope, options, logInto(lines));
    const all = await mosquittoSub(scope, broker, ['#'], as(ioc));
    const seen = await mosquittoSub(scope, broker, ['#'], as(gui));
    await mosquittoPub(broker, 'te/a/m', 'forged', [...as(gui), '-q', '1', '-r']);
    await mosquittoPub(broker, 'te/a/m', 'forged', [...as(gui), '-q', '1']);
    await mosquittoPub(broker, 'te/a/cmd', 'please', [...as(gui), '-q', '1']);
    await mosquittoPub(broker, 'other/a', 'hidden', [...as(ioc), '-q', '1']);
    await mosquittoPub(broker, 'te/a/m', 'shown', [...as(ioc), '-q', '1']);
    await until(() => all.seen.length === 3 && seen.seen.length === 2);
    expect(all.seen.map(({ payload }) => payload)).toEqual(['please', 'hidden', 'shown']);
    expect(seen.seen.map(({ payload }) => payload)).toEqual(['please', 'shown']);
    await until(() => broker.counters.denied === 2);
    const told = lines.filter((line) => line.includes('"gui" may not publish to te/a/m'));
    expect(told).toHaveLength(1);
  });

  it('grants no filter of which a user may hear nothing', async () => {
    const options = { users: [gui], anonymous: undefined };
    const broker = await embeddedBroker(scope, options);
    const credentials = { username: gui.name, password: gui.password };
    const client = await mqttClient(scope, broker, credentials);
    // SUBACK 128, which mqtt.js makes an error of.
    await expect(client.subscribeAsync('other/#')).rejects.toThrow();
    await expect(client.subscribeAsync('$SYS/#')).rejects.toThrow();
    expect(await client.subscribeAsync('te/#', { qos: 1 })).toMatchObject([{ qos: 1 }]);
  });

  it('has a door for the IOC alone, which needs a key', async () => {
    const broker = await embeddedBroker(scope);
    const { url, user: username, password } = broker.broker.own;
    const own = { url, port: 0 };
    await expect(mqttClient(scope, own)).rejects.toThrow();
    await expect(mqttClient(scope, own, { username, password: 'guess' })).rejects.toThrow();
    const client = await mqttClient(scope, own, { username, password });
    await client.publishAsync('te/a', 'own', { retain: true, qos: 1 });
    const sub = await mosquittoSub(scope, broker, ['te/#']);
    await until(() => sub.on('te/a').join() === 'own');
    // Its name is nobody's at the other doors.
    expect((await mosquittoPub(broker, 'te/a', 'x', as({ name: username, password }))).code).toBe(
      4,
    );
  });

  it('brings the will of a client that dies, not of one that says goodbye', async () => {
    const broker = await embeddedBroker(scope);
    const sub = await mosquittoSub(scope, broker, ['te/#']);
    const will = {
      topic: 'te/health',
      payload: Buffer.from('down'),
      qos: 1,
      retain: true,
    } as const;
    const polite = await mqttClient(scope, broker, { will });
    await polite.endAsync();
    const dying = await mqttClient(scope, broker, { will });
    dying.on('error', () => {});
    dying.stream.destroy();
    await until(() => sub.on('te/health').join() === 'down');
  });

  it('keeps a bounded number of messages for a client that is away, the oldest', async () => {
    const limits = { ...openDoor.limits, queueMessages: 3 };
    const broker = await embeddedBroker(scope, { limits });
    const session = ['-i', 'reader', '-c', '-q', '1'];
    await (await mosquittoSub(scope, broker, ['te/#'], session)).stop();
    await until(() => broker.broker.sizes.clients === 0);
    for (const text of ['1', '2', '3', '4', '5']) {
      await mosquittoPub(broker, 'te/a', text, ['-q', '1']);
    }
    const back = await mosquittoSub(scope, broker, ['te/#'], session);
    await until(() => back.on('te/a').length === 3);
    expect(back.on('te/a')).toEqual(['1', '2', '3']);
    await until(() => broker.counters.droppedMessages === 2);
    await mosquittoPub(broker, 'te/a', '6', ['-q', '1']);
    await until(() => back.on('te/a').at(-1) === '6');
  });

  it('forgets who is away the longest when it remembers too many', async () => {
    const broker = await embeddedBroker(scope, { limits: { ...openDoor.limits, sessions: 2 } });
    for (const id of ['one', 'two', 'three']) {
      const client = await mqttClient(scope, broker, { clientId: id, clean: false });
      await client.subscribeAsync('te/#', { qos: 1 });
      await client.endAsync();
      await until(() => broker.broker.sizes.clients === 0);
    }
    expect(broker.broker.sizes.sessions).toBe(2);
    const sub = (id: string) => mosquittoSub(scope, broker, ['x'], ['-i', id, '-c', '-q', '1']);
    await mosquittoPub(broker, 'te/a', 'missed', ['-q', '1']);
    const [one, three] = [await sub('one'), await sub('three')];
    await until(() => three.on('te/a').join() === 'missed');
    expect(one.seen).toEqual([]);
  });

  it('ends a connection whose packet is too long, before it is there', async () => {
    const lines: string[] = [];
    const limits = { ...openDoor.limits, packet: 1000 };
    const broker = await embeddedBroker(scope, { limits }, logInto(lines));
    const socket = connect(broker.port, '127.0.0.1');
    scope.defer(() => void socket.destroy());
    const ended = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => {});
    // CONNECT that announces 256 MB.
    socket.write(Buffer.from('10ffffff7f', 'hex'));
    await ended;
    await until(() => broker.counters.droppedClients === 1);
    expect(lines.join()).toContain('more than 1000 bytes');
  });

  it('refuses more clients than it may have', async () => {
    const broker = await embeddedBroker(scope, { limits: { ...openDoor.limits, clients: 2 } });
    await mosquittoSub(scope, broker, ['a']);
    await mosquittoSub(scope, broker, ['a']);
    // CONNACK 3: server unavailable.
    expect((await mosquittoPub(broker, 'a', 'x')).code).toBe(3);
    expect(broker.broker.sizes.clients).toBe(2);
  });

  it('drops a subscriber that is frozen, and everybody else hears on', async () => {
    const limits = { ...openDoor.limits, drain: 0.2, queueBytes: 100_000 };
    const broker = await embeddedBroker(scope, { limits });
    const frozen = connect(broker.port, '127.0.0.1');
    scope.defer(() => void frozen.destroy());
    frozen.on('error', () => {});
    // CONNECT of "f", SUBSCRIBE to #; nothing is ever read.
    frozen.write(
      Buffer.from('100d00044d5154540402000000016682060001000123 00'.replace(' ', ''), 'hex'),
    );
    frozen.pause();
    await until(() => broker.broker.sizes.clients === 1);
    const client = await mqttClient(scope, broker);
    const sub = await mosquittoSub(scope, broker, ['te/end']);
    const block = Buffer.alloc(100_000, 65);
    for (let i = 0; i < 200; i++) await client.publishAsync('te/a', block, { qos: 1 });
    await client.publishAsync('te/end', 'x', { qos: 1 });
    await until(() => sub.on('te/end').length === 1);
    await until(() => broker.counters.droppedClients === 1);
  });

  it('listens on the next port when its own is taken, and says so', async () => {
    const lines: string[] = [];
    const first = await embeddedBroker(scope);
    const listeners = [{ ...anyPort, port: first.port, nextPorts: 20 }];
    const second = await embeddedBroker(scope, { listeners }, logInto(lines));
    expect(second.port).toBeGreaterThan(first.port);
    expect(lines.join()).toContain(
      `port ${first.port} is taken: the broker listens on ${second.port}`,
    );
  });

  it('runs without a port for WebSockets that cannot be had', async () => {
    const first = await embeddedBroker(scope);
    const listeners = [{ ...anyPort, port: first.port, kind: 'ws' as const }, anyPort];
    const second = await embeddedBroker(scope, { listeners });
    expect(second.broker.urls).toHaveLength(1);
    expect((await mosquittoPub(second, 'a', 'x', ['-q', '1'])).code).toBe(0);
  });

  it('runs without a port that cannot be had', async () => {
    const lines: string[] = [];
    const first = await embeddedBroker(scope);
    const listeners = [{ ...anyPort, port: first.port }];
    const { openBroker } = await import('../../../src/bus/index.ts');
    const second = scope.use(
      await openBroker({ ...openDoor, listeners }, { log: logInto(lines) }, scope.signal),
    );
    expect(second.urls).toEqual([]);
    expect(lines.join()).toContain(`cannot listen on 127.0.0.1:${first.port}`);
    const { url, user: username, password } = second.own;
    await mqttClient(scope, { url, port: 0 }, { username, password });
  });
});
