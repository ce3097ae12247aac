import { createSocket, type Socket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withAddresses } from '../../src/ca/addresses.ts';
import { type CaOptions, type CaServer, serveCa } from '../../src/ca/index.ts';
import { completeOptions } from '../../src/ca/options.ts';
import { SearchLimit } from '../../src/ca/search-limit.ts';
import { type Clock, type Log, Scope, silentLog, systemClock } from '../../src/kernel/index.ts';
import { bytesOf, message, text } from '../support/ca-circuit.ts';
import { FakeDirectory } from '../support/fake-directory.ts';

const hello = message(0, '', { count: 13 });
const search = (name: string) => bytesOf(hello + message(6, text(name), { type: 5, count: 13 }));
const GROUP = '239.255.77.1';

describe('a search', () => {
  let scope: Scope;
  let socket: Socket;
  /** TCP ports of the servers that answered. */
  let answers: number[];

  beforeEach(async () => {
    scope = new Scope();
    answers = [];
    socket = createSocket('udp4');
    scope.defer(() => new Promise((resolve) => socket.close(() => resolve())));
    socket.on('message', (datagram) => answers.push(...portsIn(datagram)));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', () => resolve()));
    socket.setBroadcast(true);
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  async function serve(name: string, options: CaOptions): Promise<CaServer> {
    const directory = new FakeDirectory({ [name]: { type: 'DOUBLE', value: 1 } });
    const all = { beacons: { auto: false }, ...options };
    return scope.use(await serveCa(directory, all, scope.signal));
  }

  it('by broadcast reaches every server of a host, which share the port', async () => {
    const first = await serve('ONE', { port: 0 });
    const second = await serve('TWO', { port: first.udpPort });
    expect(second.udpPort).toBe(first.udpPort);
    for (const name of ['ONE', 'TWO']) socket.send(search(name), first.udpPort, '127.255.255.255');
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    expect(new Set(answers)).toEqual(new Set([first.port, second.port]));
  });

  it('is answered with others of the same moment in one datagram', async () => {
    const server = await serve('ONE', { port: 0, interfaces: ['127.0.0.1'] });
    let datagrams = 0;
    socket.on('message', () => datagrams++);
    for (let i = 0; i < 200; i++) socket.send(search('ONE'), server.udpPort, '127.0.0.1');
    await vi.waitFor(() => expect(answers).toHaveLength(200));
    expect(datagrams).toBeLessThan(200);
  });

  it('to a multicast group reaches the servers that joined it', async () => {
    const server = await serve('ONE', { port: 0, interfaces: ['127.0.0.1', GROUP] });
    socket.setMulticastInterface('127.0.0.1');
    socket.send(search('ONE'), server.udpPort, GROUP);
    await vi.waitFor(() => expect(answers).toEqual([server.port]));
  });

  it('that comes too often from one address is passed over, and counted', async () => {
    const limits = { searchBurst: 3, searchesPerSecond: 0 };
    const server = await serve('ONE', { port: 0, interfaces: ['127.0.0.1'], limits });
    for (let i = 0; i < 5; i++) socket.send(search('ONE'), server.udpPort, '127.0.0.1');
    await vi.waitFor(() => expect(server.counters.unheardSearches).toBe(2));
    await vi.waitFor(() => expect(answers).toHaveLength(3));
  });

  it('is heard on the interfaces that are there, while another is missing', async () => {
    const { log, lines } = heard();
    const server = await serve('ONE', { port: 0, interfaces: ['192.0.2.1', '127.0.0.1'], log });
    socket.send(search('ONE'), server.udpPort, '127.0.0.1');
    await vi.waitFor(() => expect(answers).toEqual([server.port]));
    expect(lines).toEqual(['CA interface 192.0.2.1 is not there yet']);
  });
});

/** TCP ports in a datagram of replies, which may answer several searches. */
function portsIn(datagram: Buffer): number[] {
  const ports: number[] = [];
  for (let at = 0; at < datagram.length; at += 16 + datagram.readUInt16BE(at + 2)) {
    if (datagram.readUInt16BE(at) === 6) ports.push(datagram.readUInt16BE(at + 4));
  }
  return ports;
}

describe('the allowance of an address', () => {
  function limit(burst: number, perSecond: number) {
    let now = 0;
    const clock: Clock = { ...systemClock, monotonic: () => now };
    const allowance = new SearchLimit(burst, perSecond, clock);
    const pass = (ms: number) => {
      now += ms;
    };
    return { take: (address = 'a') => allowance.take(address), pass };
  }

  it('refills with time, up to the burst', () => {
    const { take, pass } = limit(2, 1);
    expect([take(), take(), take()]).toEqual([true, true, false]);
    pass(1000);
    expect([take(), take()]).toEqual([true, false]);
    pass(60_000);
    expect([take(), take(), take()]).toEqual([true, true, false]);
  });

  it('is no other address’s', () => {
    const { take } = limit(1, 1);
    expect([take('a'), take('a'), take('b')]).toEqual([true, false, true]);
  });

  it('is shared by those beyond 1,024 addresses, until some have theirs full again', () => {
    const { take, pass } = limit(1, 1);
    for (let i = 0; i < 1024; i++) take(`${i}`);
    expect([take('x'), take('y')]).toEqual([true, false]);
    pass(1000);
    expect([take('x'), take('y')]).toEqual([true, true]);
  });
});

describe('hosts in options', () => {
  it('are resolved to addresses, and ports kept', async () => {
    const beacons = { addresses: ['localhost:7065', '10.0.0.255'] };
    const options = completeOptions({ interfaces: ['localhost'], beacons });
    const { interfaces, beacons: resolved } = await withAddresses(options);
    expect(interfaces).toEqual(['127.0.0.1']);
    expect(resolved.addresses).toEqual(['127.0.0.1:7065', '10.0.0.255']);
  });

  it('that are none are left out, with a line in the log', async () => {
    const { log, lines } = heard();
    const ignore = ['no-such-host.invalid', '10.0.0.1:x', '10.0.0.9'];
    expect((await withAddresses(completeOptions({ ignore, log }))).ignore).toEqual(['10.0.0.9']);
    expect(lines).toEqual([
      expect.stringMatching(/^CA address "10\.0\.0\.1:x" is left out: no such port/),
      expect.stringMatching(/^CA address "no-such-host\.invalid" is left out: /),
    ]);
  });
});

function heard() {
  const lines: string[] = [];
  const warn = (line: string) => lines.push(line);
  return { log: Object.assign(Object.create(silentLog) as Log, { warn }), lines };
}
