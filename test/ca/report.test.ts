import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CaServer, serveCa } from '../../src/ca/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { message, text } from '../support/ca-circuit.ts';
import { FakeDirectory } from '../support/fake-directory.ts';
import { RawClient } from '../support/raw-client.ts';

const hello =
  message(0, '', { type: 7, count: 13 }) + message(20, text('ada')) + message(21, text('desk'));
const create = (name: string, cid: number) => message(18, text(name), { p1: cid, p2: 13 });
const monitor = (sid: number) =>
  message(1, `${'00'.repeat(12)}00010000`, { type: 6, p1: sid, p2: sid });

describe('the report of a server', () => {
  let scope: Scope;
  let directory: FakeDirectory;
  let server: CaServer;

  beforeEach(async () => {
    scope = new Scope();
    directory = new FakeDirectory({
      TEMP: { type: 'DOUBLE', value: 1 },
      SENSOR: { type: 'DOUBLE', value: 1, writable: false },
      WAVE: { type: 'DOUBLE', value: new Float64Array(100_000), maxCount: 100_000 },
    });
    const options = { port: 0, interfaces: ['127.0.0.1'], beacons: { auto: false } };
    server = scope.use(await serveCa(directory, options, scope.signal));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('tells of each client who it is, what it has, and what came and went', async () => {
    const client = scope.use(await RawClient.open(server.port));
    client.send(hello + create('TEMP', 1) + create('SENSOR', 2) + monitor(1));
    await client.received(16 + 64 + 24);
    const { port, udpPort, interfaces, clients } = server.report();
    expect({ port, udpPort, interfaces }).toEqual({
      ...{ port: server.port, udpPort: server.udpPort },
      interfaces: ['127.0.0.1'],
    });
    expect(clients).toEqual([
      {
        peer: `127.0.0.1:${client.socket.localPort}`,
        ...{ user: 'ada', host: 'desk', version: '4.13', priority: 7 },
        ...{ seconds: expect.any(Number), silentSeconds: expect.any(Number) },
        ...{ channels: 2, monitors: 1, queued: 0, squashed: 0, updates: 1 },
        ...{ bytesIn: 144, bytesOut: 104, waitingOut: 0, waitingIn: 0, eventsOff: false },
      },
    ]);
    expect(server.channels()).toEqual([
      [
        { name: 'TEMP.VAL', type: 'DOUBLE', count: 1, read: true, write: true, monitors: 1 },
        { name: 'SENSOR.VAL', type: 'DOUBLE', count: 1, read: true, write: false, monitors: 0 },
      ],
    ]);
  });

  it('tells what waits for a client that takes nothing', async () => {
    const client = scope.use(await RawClient.open(server.port));
    client.send(hello + create('WAVE', 1));
    await client.received(16 + 32);
    client.socket.pause();
    client.send(monitor(1));
    await vi.waitFor(() => expect(server.counters.subscriptions).toBe(1));
    for (let i = 1; i <= 50; i++) {
      directory.update('WAVE', new Float64Array(100_000).fill(i));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [waiting] = server.report().clients;
    expect(waiting).toMatchObject({ queued: 1 });
    expect(waiting?.squashed).toBe(server.counters.squashed);
    expect(waiting?.squashed).toBeGreaterThan(20);
    expect(waiting?.waitingOut).toBeGreaterThan(800_000);
  });

  it('of a client that wants no updates says so, and what waits for it', async () => {
    const client = scope.use(await RawClient.open(server.port));
    client.send(hello + create('TEMP', 1) + monitor(1) + message(8) + message(23));
    await client.received(16 + 32 + 24 + 16);
    for (const value of [2, 3, 4]) directory.update('TEMP', value);
    expect(server.report().clients[0]).toMatchObject({ eventsOff: true, queued: 1, squashed: 2 });
  });
});
