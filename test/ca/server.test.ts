import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CaOptions, type CaServer, serveCa } from '../../src/ca/index.ts';
import { type Log, Scope, silentLog } from '../../src/kernel/index.ts';
import { bytesOf, message, text } from '../support/ca-circuit.ts';
import { FakeDirectory } from '../support/fake-directory.ts';
import { RawClient } from '../support/raw-client.ts';

const loopback: CaOptions = { port: 0, interfaces: ['127.0.0.1'], beacons: { auto: false } };
const hello = message(0, '', { count: 13 });
const create = (name: string, cid: number) => message(18, text(name), { p1: cid, p2: 13 });
const monitor = (sid: number, count = 0) =>
  message(1, `${'00'.repeat(12)}00010000`, { type: 6, count, p1: sid, p2: sid });

describe('a server', () => {
  let scope: Scope;
  let directory: FakeDirectory;

  beforeEach(() => {
    scope = new Scope();
    directory = new FakeDirectory({
      TEMP: { type: 'DOUBLE', value: 1 },
      WAVE: { type: 'DOUBLE', value: new Float64Array(100_000), maxCount: 100_000 },
    });
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const serve = async (options: CaOptions = {}): Promise<CaServer> =>
    scope.use(await serveCa(directory, { ...loopback, ...options }, new AbortController().signal));

  async function client(port: number): Promise<RawClient> {
    return scope.use(await RawClient.open(port));
  }

  it('serves another TCP port when the wanted one is taken, and says so', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    scope.defer(() => new Promise((resolve) => taken.close(() => resolve())));
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const wanted = typeof address === 'object' && address ? address.port : 0;
    const lines: string[] = [];
    const warn = (_: object, line: string) => lines.push(line);
    const log = Object.assign(Object.create(silentLog) as Log, { warn });
    const server = await serve({ port: wanted, log });
    expect(server.port).not.toBe(wanted);
    expect(server.udpPort).toBe(wanted);
    expect(lines).toEqual([`CA TCP port ${wanted} is taken, serving on port ${server.port}`]);
    expect((await (await client(server.port)).received(16)).slice(0, 16)).toHaveLength(16);
  });

  it('names what it could not listen on', async () => {
    await expect(serve({ interfaces: ['192.0.2.1'] })).rejects.toThrow(
      /Listen for CA circuits on 192\.0\.2\.1 port 0 failed.*EPICS_CAS_INTF_ADDR_LIST/,
    );
  });

  it('shares its search port with other servers', async () => {
    const first = await serve();
    const second = await serve({ port: first.udpPort });
    expect(second.udpPort).toBe(first.udpPort);
    expect(second.port).not.toBe(first.port);
  });

  it('stops within a second although clients are connected, and when its signal fires', async () => {
    const stop = new AbortController();
    const server = await serveCa(directory, loopback, stop.signal);
    const { socket } = await client(server.port);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const start = performance.now();
    stop.abort();
    await server[Symbol.asyncDispose]();
    await closed;
    expect(performance.now() - start).toBeLessThan(1000);
    await expect(RawClient.open(server.port)).rejects.toThrow('ECONNREFUSED');
  });

  it('refuses circuits over the cap of one address, and serves again when one leaves', async () => {
    const limits = { circuitsPerAddress: 2 };
    const server = await serve({ limits });
    const first = await client(server.port);
    await client(server.port);
    const third = await client(server.port);
    await third.ended;
    expect(server.counters).toMatchObject({ circuits: 2, refusedCircuits: 1 });
    first.socket.destroy();
    await vi.waitFor(() => expect(server.counters.circuits).toBe(1));
    const fourth = await client(server.port);
    expect(await fourth.received(16)).toHaveLength(16);
  });

  it('closes a circuit that broke the protocol after its ERROR was written', async () => {
    const server = await serve();
    const bad = await client(server.port);
    const good = await client(server.port);
    bad.send(hello + message(5));
    await bad.ended;
    expect(bad.bytes.subarray(16).readUInt16BE(0)).toBe(11);
    good.send(hello + message(23));
    expect((await good.received(32)).readUInt16BE(16)).toBe(23);
    expect(server.counters.ended.protocol).toBe(1);
  });

  it('forgets everything of a client that leaves', async () => {
    const server = await serve();
    const leaving = await client(server.port);
    leaving.send(hello + create('TEMP', 1) + monitor(1));
    await leaving.received(16 + 32 + 24);
    expect(server.counters).toMatchObject({ channels: 1, subscriptions: 1 });
    leaving.socket.resetAndDestroy();
    await vi.waitFor(() => {
      expect(server.counters).toMatchObject({ circuits: 0, channels: 0, subscriptions: 0 });
    });
    directory.update('TEMP', 2);
  });

  it('keeps the newest value for a client that does not read, and serves the others', async () => {
    const server = await serve();
    const slow = await client(server.port);
    const quick = await client(server.port);
    for (const each of [slow, quick]) each.send(hello + create('WAVE', 1) + create('TEMP', 2));
    await Promise.all([slow, quick].map((each) => each.received(16 + 64)));
    slow.socket.pause();
    slow.send(monitor(1) + monitor(2));
    quick.send(monitor(4));
    await vi.waitFor(() => expect(server.counters.subscriptions).toBe(3));
    for (let i = 1; i <= 300; i++) {
      directory.update('WAVE', new Float64Array(100_000).fill(i));
      directory.update('TEMP', i);
      await new Promise((resolve) => setImmediate(resolve));
    }
    // 300 updates of 800 kB would be 240 MB; what was sent lies in the kernel's buffers and ours.
    expect(server.counters.bytesOut).toBeLessThan(10e6);
    expect(server.counters.squashed).toBeGreaterThan(200);
    await vi.waitFor(() => expect(quick.bytes.readDoubleBE(quick.bytes.length - 8)).toBe(300));
    slow.socket.resume();
    await vi.waitFor(() => expect(lastDoubles(slow.bytes)).toEqual([300, 300]));
  });

  it('drops a client that takes nothing for too long', async () => {
    const limits = { drainSeconds: 0.2, outputBytes: 100_000 };
    const server = await serve({ limits });
    const slow = await client(server.port);
    slow.send(hello + create('WAVE', 1));
    await slow.received(16 + 32);
    slow.socket.pause();
    const get = message(15, '', { type: 6, p1: 1, p2: 1 });
    slow.send(get.repeat(100));
    await vi.waitFor(() => expect(server.counters.ended.slow).toBe(1), { timeout: 10_000 });
    await vi.waitFor(() => expect(server.counters.circuits).toBe(0));
  });

  it.each([
    ['never says VERSION', '', { helloSeconds: 0.1 }],
    ['has no channel and says nothing', hello, { idleSeconds: 0.1 }],
  ])('drops a client that %s', async (_, words, limits) => {
    const server = await serve({ limits });
    const idle = await client(server.port);
    const busy = await client(server.port);
    busy.send(hello + create('TEMP', 1));
    idle.send(words);
    await vi.waitFor(() => expect(server.counters.ended.idle).toBe(1), { timeout: 5000 });
    await idle.ended;
    busy.send(message(23));
    expect((await busy.received(16 + 32 + 16)).readUInt16BE(48)).toBe(23);
  });

  it('lets a client have what was written before it stops', async () => {
    const server = await serve();
    const reader = await client(server.port);
    reader.send(hello + create('WAVE', 1));
    await reader.received(16 + 32);
    reader.send(message(15, '', { type: 6, p1: 1, p2: 1 }));
    await vi.waitFor(() => expect(server.counters.gets).toBe(1));
    await server[Symbol.asyncDispose]();
    await reader.ended;
    expect(reader.bytes.length).toBe(16 + 40 + 24 + 800_000);
  });

  it('does not answer searches from addresses to ignore', async () => {
    const server = await serve({ ignore: ['127.0.0.1'] });
    const { createSocket } = await import('node:dgram');
    const socket = createSocket('udp4');
    scope.defer(() => new Promise((resolve) => socket.close(() => resolve())));
    const search = bytesOf(hello + message(6, text('TEMP'), { type: 5, count: 13 }));
    const other = await serve({ port: 0 });
    const answers: Buffer[] = [];
    socket.on('message', (answer) => answers.push(answer));
    socket.send(search, server.udpPort, '127.0.0.1');
    socket.send(search, other.udpPort, '127.0.0.1');
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    expect([server.counters.searches, other.counters.searches]).toEqual([0, 1]);
  });
});

/** The last double of each of a monitor's two fields: WAVE's last element and TEMP. */
function lastDoubles(bytes: Buffer): [number, number] {
  let [wave, scalar] = [Number.NaN, Number.NaN];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const extended = bytes.readUInt16BE(at + 2) === 0xffff;
    const size = extended ? bytes.readUInt32BE(at + 16) : bytes.readUInt16BE(at + 2);
    const end = at + (extended ? 24 : 16) + size;
    if (end > bytes.length) break;
    if (bytes.readUInt16BE(at) === 1 && extended) wave = bytes.readDoubleBE(end - 8);
    else if (bytes.readUInt16BE(at) === 1) scalar = bytes.readDoubleBE(end - 8);
    at = end;
  }
  return [wave, scalar];
}
