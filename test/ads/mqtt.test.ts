import { describe, expect, it, vi } from 'vitest';
import {
  type AdsClient,
  addNotification,
  amsNetId,
  amsPort,
  connectAds,
  deviceNotification,
  encodePacket,
  type MqttConfig,
  openTransport,
  Port,
  parsePeerInfo,
  REQUEST_FLAGS,
  RESPONSE_FLAGS,
  read,
  readBytes,
  subscribe,
} from '../../src/ads/index.ts';
import { encoded, Scope, silentLog } from '../../src/kernel/index.ts';
import {
  aedesBroker,
  type Broker,
  hasMosquitto,
  mosquitto,
  mqttClient,
} from '../support/broker.ts';
import { hex } from './bytes.ts';
import { infoXml, MqttRouter, NETWORK, ROUTER } from './mqtt-router.ts';

const OURS = '192.168.1.10.1.1';
const target = { netId: amsNetId(ROUTER), port: Port.ioServer };
const place = { group: 0x5000, offset: 2, length: 4 };

function connect(
  { url }: Broker,
  config: Partial<MqttConfig> = {},
  options: { readonly timeoutMs?: number } = {},
): Promise<AdsClient> {
  return connectAds({
    transport: { kind: 'mqtt', url, topic: NETWORK, ...config },
    source: { netId: amsNetId(OURS), port: amsPort(8000) },
    log: silentLog,
    ...options,
  });
}

const onlineOf = (infos: readonly string[]) =>
  infos.map((info) => parsePeerInfo(Buffer.from(info))?.online);

describe('presence on a virtual AMS network', () => {
  it('is retained for those who come later, and taken back when we leave', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const client = await connect(broker);
    const router = await MqttRouter.join(scope, broker);
    await vi.waitFor(() => expect(onlineOf(router.infosOf(OURS))).toEqual([true]));
    await client[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(onlineOf(router.infosOf(OURS))).toEqual([true, false]));
  });

  it('is taken back by the broker when we vanish', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const router = await MqttRouter.join(scope, broker);
    scope.use(await connect(broker));
    await vi.waitFor(() => expect(onlineOf(router.infosOf(OURS))).toEqual([true]));
    breakConnections(broker, 'twincat-ioc');
    await vi.waitFor(() => expect(onlineOf(router.infosOf(OURS))).toEqual([true, false]));
  });

  it('is told again when somebody says that we are gone', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const router = await MqttRouter.join(scope, broker);
    scope.use(await connect(broker));
    const topic = `${NETWORK}/${OURS}/info`;
    await router.client.publishAsync(topic, infoXml(false), { qos: 1, retain: true });
    await vi.waitFor(
      () => expect(onlineOf(router.infosOf(OURS))).toEqual([true, false, true]),
      3000,
    );
  });

  it('greets newcomers where nothing is retained, once', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    scope.use(await connect(broker, { noRetain: true }));
    const router = await MqttRouter.join(scope, broker);
    await vi.waitFor(() => expect(onlineOf(router.infosOf(OURS))).toEqual([true]), 3000);
    await router.announce(true);
    const client = await connect({ ...broker }, { topic: 'Elsewhere' });
    await client[Symbol.asyncDispose]();
    expect(router.infosOf(OURS).length).toBe(1);
  });

  it('needs a NetId of our own', async () => {
    await using scope = new Scope();
    const { url } = await aedesBroker(scope);
    const config = { kind: 'mqtt', url, topic: NETWORK } as const;
    await expect(openTransport(config, { log: silentLog }, () => {})).rejects.toMatchObject({
      code: 'ads/net-id',
    });
  });
});

describe('peers', () => {
  it('take what is for devices behind them', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const router = await MqttRouter.join(scope, broker);
    const client = scope.use(await connect(broker));
    const master = { netId: amsNetId('5.1.2.3.4.1'), port: Port.ethercatMaster };
    expect(hex(await readBytes(client, master, place))).toBe('02 00 00 00');
    expect(router.messages.at(-1)?.topic).toBe(`${NETWORK}/${ROUTER}/ams`);
  });

  it('take what nobody else does when configured', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    await MqttRouter.join(scope, broker);
    const client = scope.use(await connect(broker, { router: amsNetId(ROUTER) }));
    const master = { netId: amsNetId('10.0.0.1.2.1'), port: Port.ethercatMaster };
    expect(hex(await readBytes(client, master, place))).toBe('02 00 00 00');
  });

  it('end the session when they go', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const router = await MqttRouter.join(scope, broker);
    const client = scope.use(await connect(broker));
    await readBytes(client, target, place);
    router.client.stream.destroy();
    expect(await client.ended).toEqual({
      kind: 'lost',
      reason: `router ${ROUTER} (CX-TEST) went offline`,
      cause: expect.objectContaining({ code: 'ads/peer-offline' }),
    });
  });

  it('may go when we never asked them anything', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const router = await MqttRouter.join(scope, broker);
    const client = scope.use(await connect(broker));
    const other = await mqttClient(scope, broker);
    await other.publishAsync(`${NETWORK}/9.9.9.9.1.1/info`, infoXml(true), { qos: 1 });
    await other.publishAsync(`${NETWORK}/9.9.9.9.1.1/info`, '', { qos: 1 });
    expect(hex(await readBytes(client, target, place))).toBe('02 00 00 00');
    expect(router.messages.length).toBeGreaterThan(0);
  });

  it.each<[string, (router: MqttRouter) => Promise<unknown>, RegExp]>([
    [
      'is silent',
      async (router) => router.client,
      /router 5.* \(CX-TEST\) is online on mqtt.* never answered/,
    ],
    ['has left', (router) => router.announce(false), /router 5.* is offline on mqtt/],
    [
      'never announced itself',
      (router) =>
        router.client.publishAsync(`${NETWORK}/${ROUTER}/info`, '', { retain: true, qos: 1 }),
      /no router 5.1.2.3.1.1 has announced itself on mqtt:\/\/127.0.0.1:\d+\/VirtualAmsNetwork1/,
    ],
  ])('are told of when one %s', async (_, prepare, advice) => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const router = await MqttRouter.join(scope, broker);
    router.onPacket = () => {};
    await prepare(router);
    const client = scope.use(await connect(broker, {}, { timeoutMs: 50 }));
    await expect(readBytes(client, target, place)).rejects.toThrow(advice);
  });
});

describe('what comes', () => {
  it('may be notifications on both topics', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const router = await MqttRouter.join(scope, broker);
    router.onPacket = (header) => {
      router.answer(header, encoded(addNotification.response, { result: 0, handle: 7 }));
      const samples = [{ handle: 7, bytes: Uint8Array.of(1) }];
      const stamps = encoded(deviceNotification, [{ time: { low: 0, high: 0 }, samples }]);
      router.notify(header, stamps, 'ams');
      router.notify(header, stamps, 'ams/res');
    };
    const client = scope.use(await connect(broker, { unidirectional: true }));
    let frames = 0;
    client.notifications$.subscribe(() => frames++);
    await subscribe(client, target, { ...place, mode: 4, maxDelay: 0, cycleTime: 0 });
    await vi.waitFor(() => expect(frames).toBe(2));
  });

  it('is refused when it is a request and we are unidirectional, and dropped when for others', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const packets: Uint8Array[] = [];
    const config = { kind: 'mqtt', url: broker.url, topic: NETWORK, unidirectional: true } as const;
    const means = { netId: amsNetId(OURS), log: silentLog };
    const transport = scope.use(
      await openTransport(config, means, (packet) => packets.push(packet.slice())),
    );
    const peer = await mqttClient(scope, broker);
    const head = {
      target: { netId: amsNetId(OURS), port: amsPort(1) },
      source: target,
      invokeId: 1,
    };
    const send = (packet: Uint8Array) =>
      peer.publishAsync(`${NETWORK}/${OURS}/ams`, Buffer.from(packet), { qos: 1 });
    const none = new Uint8Array(0);
    await send(encodePacket({ ...head, command: 2, stateFlags: REQUEST_FLAGS }, none));
    await send(encodePacket({ ...head, target, command: 2, stateFlags: RESPONSE_FLAGS }, none));
    await send(Uint8Array.of(1, 2, 3));
    await send(encodePacket({ ...head, command: 2, stateFlags: RESPONSE_FLAGS }, none));
    await vi.waitFor(() => expect(packets.length).toBe(1));
    expect(transport.counters).toEqual({
      refused: 1,
      foreign: 1,
      malformed: 1,
      trailing: 0,
      dropped: 0,
    });
  });

  it('may be requests, which a server answers on the topic for answers', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const config = { kind: 'mqtt', url: broker.url, topic: NETWORK } as const;
    const server = scope.use(
      await openTransport(config, { netId: amsNetId(ROUTER), log: silentLog }, () => {
        const head = { target: { netId: amsNetId(OURS), port: amsPort(8000) }, source: target };
        const answer = encoded(read.response, { result: 0, bytes: Uint8Array.of(9) });
        const response = { ...head, command: 2, stateFlags: RESPONSE_FLAGS, invokeId: 1 };
        server.send(encodePacket(response, answer));
      }),
    );
    const client = await connect(broker);
    expect(hex(await readBytes(client, target, place))).toBe('09');
    // Whom a server answers may go: that is not the end of the server.
    await client[Symbol.asyncDispose]();
    const again = scope.use(await connect(broker));
    expect(hex(await readBytes(again, target, place))).toBe('09');
  });

  it('may be answers on the topics of others, for those who ask', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const router = await MqttRouter.join(scope, broker);
    router.onPacket = ({ target: us, source, command, invokeId, stateFlags }) => {
      // What it answers comes back to it as well.
      if (stateFlags === RESPONSE_FLAGS) return;
      const head = { target: source, source: us, command, invokeId, stateFlags: RESPONSE_FLAGS };
      const answer = encoded(read.response, { result: 0, bytes: Uint8Array.of(8) });
      const packet = Buffer.from(encodePacket(head, answer));
      router.client.publish(`${NETWORK}/${ROUTER}/ams/res`, packet);
    };
    const client = scope.use(await connect(broker, { compat: { anyResponseTopic: true } }));
    expect(hex(await readBytes(client, target, place))).toBe('08');
  });
});

describe('a broker', () => {
  it('that forgets us ends the session; nothing is sent again in the next', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope);
    const router = await MqttRouter.join(scope, broker);
    router.onPacket = () => {};
    const client = scope.use(await connect(broker, { clientId: 'twincat-ioc-1', qos: 1 }));
    const first = readBytes(client, target, place);
    first.catch(() => {});
    await vi.waitFor(() => expect(amsOf(router).length).toBe(1));
    breakConnections(broker, 'twincat-ioc-1');
    await expect(first).rejects.toMatchObject({ code: 'ads/ended' });
    await expect(readBytes(client, target, place)).rejects.toMatchObject({ code: 'ads/ended' });
    const next = scope.use(await connect(broker, { clientId: 'twincat-ioc-1', qos: 1 }));
    const second = readBytes(next, target, { ...place, offset: 77 });
    second.catch(() => {});
    await vi.waitFor(() => expect(amsOf(router).length).toBe(2));
    expect(amsOf(router)[1]?.[36]).toBe(77);
  });

  it.skipIf(!hasMosquitto)('that falls silent ends the session', async () => {
    await using scope = new Scope();
    const broker = await mosquitto(scope, 'allow_anonymous true');
    const client = scope.use(await connect(broker, { keepAliveSeconds: 1 }));
    broker.freeze();
    expect(await client.ended).toMatchObject({
      kind: 'lost',
      reason: expect.stringMatching(/keepalive/i),
    });
  });

  it('that lets us not subscribe is named with the topic', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope, (aedes) => {
      aedes.authorizeSubscribe = (_, subscription, done) =>
        done(null, subscription.topic.endsWith('#') ? null : subscription);
    });
    await expect(connect(broker)).rejects.toMatchObject({
      code: 'ads/connect',
      message: expect.stringMatching(
        /^Subscribe to VirtualAmsNetwork1\/192.168.1.10.1.1\/ams\/#, .* on mqtt:.*refused/,
      ),
    });
  });

  it('that never answers is given up', async () => {
    await using scope = new Scope();
    const broker = await aedesBroker(scope, (aedes) => {
      aedes.preConnect = () => {};
    });
    await expect(connect(broker, { connectTimeoutMs: 100 })).rejects.toThrow(
      /^Connect to mqtt:\/\/127.0.0.1:\d+\/VirtualAmsNetwork1: no answer within 100 ms/,
    );
  });

  it.each(['', 'tcp://host', 'host:1883', 'mqtt://'])('is not at %j', async (url) => {
    await expect(connect({ url, port: 0 })).rejects.toMatchObject({ code: 'mqtt/url' });
  });
});

function amsOf(router: MqttRouter): Buffer[] {
  return router.messages.filter(({ topic }) => topic.endsWith('/ams')).map((m) => m.payload);
}

/** Cuts the connections of the clients whose id begins so, as a failing network would. */
function breakConnections(
  { aedes }: Awaited<ReturnType<typeof aedesBroker>>,
  prefix: string,
): void {
  const { clients } = aedes as unknown as {
    clients: Record<string, { conn: { destroy(): void } }>;
  };
  for (const [id, { conn }] of Object.entries(clients)) if (id.startsWith(prefix)) conn.destroy();
}
