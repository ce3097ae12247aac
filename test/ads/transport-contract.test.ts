import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import {
  type AdsClient,
  AMS_TCP_HEADER,
  type AmsHeader,
  amsNetId,
  amsPort,
  amsTcpRule,
  connectAds,
  decodePacket,
  deviceNotification,
  encodePacket,
  Port,
  REQUEST_FLAGS,
  RESPONSE_FLAGS,
  read,
  readBytes,
  type TransportConfig,
  toTcp,
} from '../../src/ads/index.ts';
import { encoded, Framer, Scope, silentLog } from '../../src/kernel/index.ts';
import {
  aedesBroker,
  aedesWebBroker,
  type Broker,
  hasMosquitto,
  mosquitto,
} from '../support/broker.ts';
import { hex } from './bytes.ts';
import { MqttRouter, NETWORK, ROUTER } from './mqtt-router.ts';

/** The far side of a transport. */
type Peer = {
  readonly config: TransportConfig;
  /** Called with each request; `answer` and `notify` reply to its header. */
  onRequest: (header: AmsHeader, payload: Uint8Array) => void;
  answer(header: AmsHeader, payload: Uint8Array): void;
  notify(header: AmsHeader, payload: Uint8Array): void;
  /** Sends bytes that are no packet. */
  babble(header: AmsHeader): void;
  /** Goes without a word. */
  vanish(): void;
};

async function overTcp(scope: Scope): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const framer = new Framer(amsTcpRule);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      framer.push(chunk, (frame) => {
        const { header, payload } = decodePacket(frame.slice(AMS_TCP_HEADER));
        peer.onRequest(header, payload);
      });
    });
  });
  const send = (packet: Uint8Array) => {
    for (const socket of sockets) socket.write(toTcp(packet));
  };
  const vanish = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  scope.defer(async () => {
    vanish();
    server.close();
    await once(server, 'close');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const peer: Peer = {
    config: { kind: 'tcp', host: '127.0.0.1', port },
    onRequest: () => {},
    answer: (header, payload) => send(answerTo(header, payload)),
    notify: (header, payload) => send(notificationTo(header, payload)),
    babble: () => send(Uint8Array.of(1, 2, 3)),
    vanish,
  };
  return peer;
}

async function overMqtt(scope: Scope, broker: Broker): Promise<Peer> {
  const router = await MqttRouter.join(scope, broker);
  router.onPacket = (header, payload) => peer.onRequest(header, payload);
  const peer: Peer = {
    config: { kind: 'mqtt', url: broker.url, topic: NETWORK },
    onRequest: () => {},
    answer: (header, payload) => router.answer(header, payload),
    notify: (header, payload) => router.notify(header, payload, 'ams/res'),
    babble: ({ source }) =>
      router.client.publish(`${NETWORK}/${source.netId}/ams/res`, Buffer.from([1, 2, 3])),
    vanish: () => router.client.stream.destroy(),
  };
  return peer;
}

function answerTo({ target, source, command, invokeId }: AmsHeader, payload: Uint8Array) {
  const head = { target: source, source: target, command, invokeId };
  return encodePacket({ ...head, stateFlags: RESPONSE_FLAGS }, payload);
}

function notificationTo({ target, source }: AmsHeader, payload: Uint8Array) {
  const head = { target: source, source: target, command: 8, invokeId: 0 };
  return encodePacket({ ...head, stateFlags: REQUEST_FLAGS }, payload);
}

const target = { netId: amsNetId(ROUTER), port: Port.ioServer };
const source = { netId: amsNetId('192.168.1.10.1.1'), port: amsPort(8000) };
const place = { group: 0x5000, offset: 2, length: 4 };

function connectTo({ config }: Peer, scope: Scope): Promise<AdsClient> {
  return connectAds({ transport: config, source, log: silentLog }, scope.signal);
}

/** Answers reads with their offset. */
function echo(peer: Peer) {
  peer.onRequest = (header, payload) => {
    const answer = { result: 0, bytes: payload.subarray(4, 8) };
    peer.answer(header, encoded(read.response, answer));
  };
}

function contract(open: (scope: Scope) => Promise<Peer>, sizes = [4, 300_000, 8, 70_000]) {
  it('brings requests there and answers back', async () => {
    await using scope = new Scope();
    const peer = await open(scope);
    echo(peer);
    const client = scope.use(await connectTo(peer, scope));
    expect(client.source).toEqual(source);
    expect(hex(await readBytes(client, target, place))).toBe('02 00 00 00');
    expect(client.counters).toMatchObject({ requests: 1, responses: 1, malformed: 0 });
  });

  it('brings many at once, each to its own', async () => {
    await using scope = new Scope();
    const peer = await open(scope);
    echo(peer);
    const client = scope.use(await connectTo(peer, scope));
    const offsets = Array.from({ length: 500 }, (_, i) => i);
    const answers = await Promise.all(
      offsets.map((offset) => readBytes(client, target, { ...place, offset })),
    );
    expect(answers.map((bytes) => new DataView(bytes.buffer).getUint32(0, true))).toEqual(offsets);
  });

  it('brings notifications, large ones too, in order', async () => {
    await using scope = new Scope();
    const peer = await open(scope);
    peer.onRequest = (header) => {
      for (const size of sizes) {
        const samples = [{ handle: 1, bytes: new Uint8Array(size).fill(7) }];
        peer.notify(header, encoded(deviceNotification, [{ time: { low: 0, high: 0 }, samples }]));
      }
      peer.answer(header, encoded(read.response, { result: 0, bytes: new Uint8Array(4) }));
    };
    const client = scope.use(await connectTo(peer, scope));
    const lengths: number[] = [];
    client.notifications$.subscribe(({ source: from, payload }) => {
      expect(from).toEqual(target);
      lengths.push(payload.length);
    });
    await readBytes(client, target, place);
    await vi.waitFor(() => expect(lengths).toEqual(sizes.map((size) => size + 28)), 5000);
  });

  it('passes over what is no packet', async () => {
    await using scope = new Scope();
    const peer = await open(scope);
    peer.onRequest = (header) => {
      peer.babble(header);
      peer.answer(header, encoded(read.response, { result: 0, bytes: new Uint8Array(1) }));
    };
    const client = scope.use(await connectTo(peer, scope));
    expect(hex(await readBytes(client, target, place))).toBe('00');
    const malformed = client.counters.malformed + (client.transportCounters?.malformed ?? 0);
    expect(malformed).toBe(1);
  });

  it('ends with what is pending when the peer vanishes', async () => {
    await using scope = new Scope();
    const peer = await open(scope);
    peer.onRequest = () => peer.vanish();
    const client = scope.use(await connectTo(peer, scope));
    const both = [readBytes(client, target, place), readBytes(client, target, place)];
    for (const outcome of await Promise.allSettled(both)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ads/ended' } });
    }
    expect(await client.ended).toMatchObject({ kind: 'lost' });
  });

  it('closes when disposed of, and takes nothing after that', async () => {
    await using scope = new Scope();
    const peer = await open(scope);
    const client = await connectTo(peer, scope);
    const settled = expect(readBytes(client, target, place)).rejects.toThrow(/ is closed$/);
    await client[Symbol.asyncDispose]();
    await settled;
    expect(await client.ended).toEqual({ kind: 'closed' });
    await expect(readBytes(client, target, place)).rejects.toMatchObject({ code: 'ads/ended' });
    await client[Symbol.asyncDispose]();
  });

  it('can be aborted while it opens', async () => {
    await using scope = new Scope();
    const { config } = await open(scope);
    const abort = new AbortController();
    const opening = connectAds({ transport: config, source, log: silentLog }, abort.signal);
    abort.abort(new Error('never mind'));
    await expect(opening).rejects.toThrow('never mind');
  });

  it('says that nobody listens', async () => {
    await using scope = new Scope();
    const closing = new Scope();
    const peer = await open(closing);
    await closing[Symbol.asyncDispose]();
    await expect(connectTo(peer, scope)).rejects.toMatchObject({ code: 'ads/connect' });
  });
}

describe('the contract of transports: TCP', () => {
  contract(overTcp);
});

describe('the contract of transports: MQTT, broker of npm', () => {
  contract(async (scope) => overMqtt(scope, await aedesBroker(scope)));
});

describe.skipIf(!hasMosquitto)('the contract of transports: MQTT, mosquitto', () => {
  contract(async (scope) => overMqtt(scope, await mosquitto(scope, 'allow_anonymous true')));
});

describe('the contract of transports: MQTT in WebSockets, broker of npm', () => {
  contract(async (scope) => overMqtt(scope, await aedesWebBroker(scope)));
});

describe.skipIf(!hasMosquitto)('the contract of transports: MQTT in WebSockets, mosquitto', () => {
  // Debian's 2.0.11 sends what goes out by a WebSocket 4 KiB each tenth of a second.
  contract(
    async (scope) => {
      const { port } = await mosquitto(scope, 'protocol websockets\nallow_anonymous true');
      return overMqtt(scope, { port, url: `ws://127.0.0.1:${port}` });
    },
    [4, 9000, 8, 3000],
  );
});
