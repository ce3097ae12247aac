import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Base,
  CaClient,
  type CaClientOptions,
  type CaServer,
  type ClientChannel,
  Family,
  type Reading,
  serveCa,
} from '../../../src/ca/index.ts';
import { Scope, silentLog } from '../../../src/kernel/index.ts';
import { SecurityGroup, SecurityRules } from '../../../src/pv/access/group.ts';
import { EventMask, Right } from '../../../src/pv/index.ts';
import { ManualClock } from '../../ads/manual-clock.ts';
import { bytesOf, message } from '../../support/ca-circuit.ts';
import { FakeDirectory } from '../../support/fake-directory.ts';

const deadline = { timeout: 5000 };
const VALUE = EventMask.value;

let scope: Scope;
let directory: FakeDirectory;

beforeEach(() => {
  scope = new Scope();
  directory = new FakeDirectory({
    TEMP: {
      ...{ type: 'DOUBLE', value: 1.5, fields: { EGU: 'mm' } },
      metadata: { units: 'mm', precision: 3, display: { low: -1, high: 1 } },
    },
    WAVE: { type: 'LONG', value: Int32Array.of(1, 2, 3), maxCount: 5 },
    NAME: { type: 'STRING', value: 'abc' },
    MODE: { type: 'ENUM', value: 1, metadata: { labels: ['Off', 'On'] } },
    BAD: {
      ...{ type: 'DOUBLE', value: 0 },
      put: () => ({ kind: 'refused', reason: 'bad-value', text: 'no' }),
    },
    SLOW: { type: 'DOUBLE', value: 0, put: () => new Promise(() => {}) },
  });
});

afterEach(() => scope[Symbol.asyncDispose]());

async function serve(port = 0): Promise<CaServer> {
  const options = { port, interfaces: ['127.0.0.1'], beacons: { auto: false } };
  return scope.use(await serveCa(directory, options, new AbortController().signal));
}

async function open(server: { udpPort: number }, more: CaClientOptions = {}): Promise<CaClient> {
  const addresses = [`127.0.0.1:${server.udpPort}`];
  const options = { addresses, auto: false, repeaterPort: 0, user: 'ada', host: 'desk' };
  return scope.use(await CaClient.open({ ...options, ...more }));
}

async function connected(client: CaClient, name: string, priority = 0): Promise<ClientChannel> {
  const channel = client.channel(name, {}, priority);
  await vi.waitFor(() => expect(channel.connected).toBe(true), deadline);
  return channel;
}

describe('a channel', () => {
  it('connects and knows what it is', async () => {
    const server = await serve();
    const client = await open(server);
    const wave = await connected(client, 'WAVE');
    expect(wave.info).toEqual({ server: `127.0.0.1:${server.port}`, type: Base.long, count: 5 });
    expect([wave.readable, wave.writable]).toEqual([true, true]);
    expect(client.counters).toEqual({ channels: 1, connected: 1, circuits: 1, searching: 0 });
  });

  it('shares its circuit with those of its server and priority, and the last one closes it', async () => {
    const server = await serve();
    const client = await open(server);
    const [one, two, other] = await Promise.all([
      connected(client, 'TEMP'),
      connected(client, 'NAME'),
      connected(client, 'TEMP', 9),
    ]);
    expect(server.counters.circuits).toBe(2);
    one[Symbol.dispose]();
    other[Symbol.dispose]();
    await vi.waitFor(() => expect(server.counters).toMatchObject({ circuits: 1, channels: 1 }));
    two[Symbol.dispose]();
    await vi.waitFor(() => expect(server.counters.circuits).toBe(0));
  });

  it('is searched until somebody has it, also when it was refused in between', async () => {
    const server = await serve();
    const client = await open(server);
    const missing = client.channel('NONE');
    const filtered = client.channel('TEMP.{"nosuch":{}}');
    await connected(client, 'TEMP');
    await vi.waitFor(() => expect(server.counters.searches).toBeGreaterThan(4), deadline);
    expect([missing.connected, filtered.connected]).toEqual([false, false]);
    expect(client.counters.searching).toBeGreaterThanOrEqual(1);
  });

  it('fails what is asked of it while it is not connected', async () => {
    const client = await open(await serve());
    const channel = client.channel('NONE');
    const failed = { kind: 'failed', text: 'NONE is not connected' };
    expect(await channel.read({ family: Family.plain }, 1)).toEqual(failed);
    expect(channel.write(1)).toEqual(failed);
    expect(await channel.writeNotify(1, 1)).toEqual(failed);
  });

  it('is found by a name server, over TCP alone', async () => {
    const server = await serve();
    const nameServers = [`127.0.0.1:${server.port}`];
    const client = await open(server, { addresses: [], nameServers });
    const channel = await connected(client, 'TEMP');
    expect(await channel.read({ family: Family.plain }, 5)).toMatchObject({ kind: 'read' });
  });

  it('is found by a name server that comes later, whose absence is in the log once', async () => {
    const first = await serve();
    await first[Symbol.asyncDispose]();
    const lines: string[] = [];
    const log = Object.assign(Object.create(silentLog), {
      warn: (line: string) => lines.push(line),
    });
    const nameServers = [`127.0.0.1:${first.port}`];
    const clock = new ManualClock();
    const client = await open({ udpPort: 1 }, { addresses: [], nameServers, log, clock });
    const channel = client.channel('TEMP');
    await vi.waitFor(() => expect(lines).toHaveLength(1), deadline);
    expect(lines[0]).toMatch(/^CA name server 127\.0\.0\.1:\d+ cannot be asked: .*ECONNREFUSED/);
    await serve(first.port);
    await vi.waitFor(() => {
      clock.advance(5000);
      expect(channel.connected).toBe(true);
    }, deadline);
    expect(lines).toHaveLength(1);
  });

  it('is told of rights that change', async () => {
    const client = await open(await serve());
    const rights: boolean[] = [];
    const channel = client.channel('TEMP', { changed: ({ writable }) => rights.push(writable) });
    await vi.waitFor(() => expect(channel.connected).toBe(true), deadline);
    const rule = { level: 1, right: Right.read, trap: false };
    directory.security.install(new SecurityRules([new SecurityGroup('DEFAULT', [], [rule])]));
    await vi.waitFor(() => expect(rights).toEqual([true, false]), deadline);
  });
});

describe('a read', () => {
  const reading = async (name: string, wish: Parameters<ClientChannel['read']>[0]) => {
    const client = await open(await serve());
    const outcome = await (await connected(client, name)).read(wish, 5);
    if (outcome.kind !== 'read') throw new Error(outcome.text);
    return outcome.reading;
  };

  it('brings a scalar with its alarm and time', async () => {
    directory.update('TEMP', 2.5, { status: 3, severity: 2, seconds: 77, nanoseconds: 5 });
    expect(await reading('TEMP', { family: Family.time })).toMatchObject({
      ...{ type: 20, count: 1, value: 2.5, status: 3, severity: 2 },
      ...{ seconds: 77, nanoseconds: 5 },
    });
  });

  it('brings units, precision and limits', async () => {
    expect((await reading('TEMP', { family: Family.ctrl })).metadata).toMatchObject({
      ...{ units: 'mm', precision: 3, display: { low: -1, high: 1 } },
    });
  });

  it('brings the names of states', async () => {
    const { value, metadata } = await reading('MODE', { family: Family.ctrl });
    expect([value, metadata?.labels]).toEqual([1, ['Off', 'On']]);
  });

  it('brings an array, as many elements as there are or as were asked for', async () => {
    expect((await reading('WAVE', { family: Family.plain })).value).toEqual(Int32Array.of(1, 2, 3));
    expect((await reading('WAVE', { family: Family.plain, count: 2 })).value).toEqual(
      Int32Array.of(1, 2),
    );
  });

  it('brings another type than the channel has', async () => {
    const wish = { family: Family.time, base: Base.string };
    expect((await reading('MODE', wish)).value).toBe('On');
  });

  it('says what the server could not do', async () => {
    const client = await open(await serve());
    const channel = await connected(client, 'NAME');
    const outcome = await channel.read({ family: Family.plain, base: Base.double }, 5);
    expect(outcome).toEqual({ kind: 'failed', text: 'the server could not read it', status: 152 });
  });
});

describe('a write', () => {
  it.each([
    ['TEMP', 7.25, 7.25],
    ['NAME', 'xyz', 'xyz'],
    ['WAVE', Int32Array.of(9, 8), Int32Array.of(9, 8)],
    ['TEMP', 12n, 12],
  ])('to %s of %s is stored', async (name, value, stored) => {
    const client = await open(await serve());
    const channel = await connected(client, name);
    expect(await channel.writeNotify(value, 5)).toEqual({ kind: 'done' });
    expect(directory.find(name)?.read()).toEqual(stored);
  });

  it('without completion is done at once, and a failure is an exception', async () => {
    const client = await open(await serve());
    const exceptions: string[] = [];
    client.onException = (text) => exceptions.push(text);
    const [temp, bad] = await Promise.all([connected(client, 'TEMP'), connected(client, 'BAD')]);
    expect(temp.write(3)).toEqual({ kind: 'done' });
    expect(bad.write(3)).toEqual({ kind: 'done' });
    await vi.waitFor(() => expect(exceptions).toHaveLength(1), deadline);
    expect(exceptions[0]).toBe('BAD: the server could not write it (BAD.VAL: no)');
    expect(directory.find('TEMP')?.read()).toBe(3);
  });

  it('that is refused says so', async () => {
    const client = await open(await serve());
    const channel = await connected(client, 'BAD');
    expect(await channel.writeNotify(1, 5)).toMatchObject({ kind: 'failed', status: 160 });
  });

  it('that is not answered in time fails, and so does one whose server goes', async () => {
    const server = await serve();
    const client = await open(server);
    const channel = await connected(client, 'SLOW');
    expect(await channel.writeNotify(1, 0.05)).toEqual({
      ...{ kind: 'failed', text: 'SLOW did not answer within 0.05 s' },
    });
    const late = channel.writeNotify(2, 60);
    await server[Symbol.asyncDispose]();
    expect(await late).toMatchObject({ text: expect.stringContaining('was lost') });
  });
});

describe('a subscription', () => {
  const watch = (channel: ClientChannel, seen: Reading[]) =>
    channel.subscribe({ family: Family.time, mask: VALUE }, { update: (at) => seen.push(at) });
  const values = (seen: readonly Reading[]) => seen.map(({ value }) => value);

  it('brings the value now and each event, until it is disposed of', async () => {
    const server = await serve();
    const channel = await connected(await open(server), 'TEMP');
    const seen: Reading[] = [];
    const subscription = watch(channel, seen);
    await vi.waitFor(() => expect(values(seen)).toEqual([1.5]), deadline);
    directory.update('TEMP', 2);
    await vi.waitFor(() => expect(values(seen)).toEqual([1.5, 2]), deadline);
    subscription[Symbol.dispose]();
    await vi.waitFor(() => expect(server.counters.subscriptions).toBe(0), deadline);
  });

  it('may begin before the channel is connected', async () => {
    const channel = (await open(await serve())).channel('TEMP');
    const seen: Reading[] = [];
    watch(channel, seen);
    await vi.waitFor(() => expect(values(seen)).toEqual([1.5]), deadline);
  });

  it('goes on when its server was restarted', async () => {
    const server = await serve();
    const client = await open(server);
    const channel = await connected(client, 'TEMP');
    const seen: Reading[] = [];
    watch(channel, seen);
    await vi.waitFor(() => expect(seen).toHaveLength(1), deadline);
    await server[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(channel.connected).toBe(false), deadline);
    directory.update('TEMP', 8);
    await serve(server.udpPort);
    await vi.waitFor(() => expect(values(seen)).toEqual([1.5, 8]), { timeout: 10_000 });
  });

  it('says when it may not be read any more, and goes on when it may', async () => {
    const channel = await connected(await open(await serve()), 'TEMP');
    const seen: Reading[] = [];
    const failures: number[] = [];
    channel.subscribe(
      { family: Family.time, mask: VALUE },
      { update: (at) => seen.push(at), failed: (_, status) => failures.push(status) },
    );
    await vi.waitFor(() => expect(seen).toHaveLength(1), deadline);
    const rule = { level: 1, right: Right.read, trap: false };
    directory.security.install(new SecurityRules([]));
    await vi.waitFor(() => expect(failures).toEqual([368]), deadline);
    directory.security.install(new SecurityRules([new SecurityGroup('DEFAULT', [], [rule])]));
    await vi.waitFor(() => expect(seen).toHaveLength(2), deadline);
  });
});

describe('a server that falls silent', () => {
  /** Answers CREATE_CHAN for id 1 with a double, then nothing but what a test sends. */
  async function silentServer() {
    const sockets: Socket[] = [];
    const received: Buffer[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      socket.on('data', (chunk) => received.push(chunk));
      socket.write(bytesOf(message(0, '', { count: 13 })));
      socket.write(bytesOf(message(22, '', { p1: 1, p2: 3 })));
      socket.write(bytesOf(message(18, '', { type: 6, count: 1, p1: 1, p2: 77 })));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    scope.defer(() => new Promise((resolve) => server.close(() => resolve())));
    scope.defer(() => {
      for (const socket of sockets) socket.destroy();
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const hex = () => Buffer.concat(received).toString('hex');
    return { port, sockets, hex };
  }

  it('is asked whether it lives, is disconnected, and is read anew when it answers', async () => {
    const server = await silentServer();
    const clock = new ManualClock();
    const client = await open({ udpPort: 1 }, { clock, addresses: [] });
    const channel = client.channel('X');
    client.found(channel.cid, { address: '127.0.0.1', port: server.port });
    await vi.waitFor(() => expect(channel.connected).toBe(true), deadline);
    const seen: Reading[] = [];
    channel.subscribe({ family: Family.plain, mask: VALUE }, { update: (at) => seen.push(at) });
    clock.advance(31_000);
    await vi.waitFor(() => expect(server.hex()).toContain(message(23)), deadline);
    clock.advance(6000);
    expect(channel.connected).toBe(false);
    server.sockets[0]?.write(bytesOf(message(23)));
    await vi.waitFor(() => expect(channel.connected).toBe(true), deadline);
    const refresh = message(15, '', { type: 6, count: 0, p1: 77, p2: 2 });
    await vi.waitFor(() => expect(server.hex()).toContain(refresh), deadline);
    const answer = { type: 6, count: 1, p1: 1, p2: 2 };
    server.sockets[0]?.write(bytesOf(message(15, '4000000000000000', answer)));
    await vi.waitFor(() => expect(seen.map(({ value }) => value)).toEqual([2]), deadline);
  });

  it('is given up when it never answers, and its channels are searched again', async () => {
    const server = await silentServer();
    const clock = new ManualClock();
    const client = await open({ udpPort: 1 }, { clock, addresses: [] });
    const channel = client.channel('X');
    client.found(channel.cid, { address: '127.0.0.1', port: server.port });
    await vi.waitFor(() => expect(channel.connected).toBe(true), deadline);
    clock.advance(31_000);
    clock.advance(62_000);
    await vi.waitFor(() => expect(client.counters.circuits).toBe(0), deadline);
    expect(client.counters.searching).toBe(1);
  });
});
