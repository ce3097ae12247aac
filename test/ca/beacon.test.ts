import { createSocket } from 'node:dgram';
import { describe, expect, it, vi } from 'vitest';
import { beat } from '../../src/ca/beacon.ts';
import { serveCa } from '../../src/ca/index.ts';
import { type Clock, Scope } from '../../src/kernel/index.ts';
import { hex, plain } from '../support/ca-circuit.ts';
import { FakeDirectory } from '../support/fake-directory.ts';

/** A clock whose only timer fires when told to. */
function manualClock() {
  const waits: number[] = [];
  let fire: () => void = () => {};
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    after(ms, call) {
      waits.push(ms);
      fire = call;
      return { [Symbol.dispose]: () => {} };
    },
    every: () => ({ [Symbol.dispose]: () => {} }),
  };
  return { clock, waits, fire: () => fire() };
}

describe('beacons', () => {
  it('pause 20 ms, then twice as long each time, up to the period', () => {
    const { clock, waits, fire } = manualClock();
    beat(5064, 1, clock, () => {});
    for (let i = 0; i < 9; i++) fire();
    expect(waits).toEqual([0, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000]);
  });

  it('count from 0, which comes twice', () => {
    const { clock, fire } = manualClock();
    const counters: number[] = [];
    beat(5064, 1, clock, (beacon) => counters.push(Buffer.from(beacon).readUInt32BE(8)));
    for (let i = 0; i < 5; i++) fire();
    expect(counters).toEqual([0, 0, 1, 2, 3]);
  });

  it('begin with short pauses again when asked to, and count on; not after their end', () => {
    const { clock, waits, fire } = manualClock();
    const counters: number[] = [];
    const beats = beat(5064, 1, clock, (beacon) =>
      counters.push(Buffer.from(beacon).readUInt32BE(8)),
    );
    for (let i = 0; i < 8; i++) fire();
    beats.again();
    for (let i = 0; i < 3; i++) fire();
    expect(waits.slice(-4)).toEqual([0, 20, 40, 80]);
    expect(counters.slice(-4)).toEqual([6, 7, 8, 9]);
    beats[Symbol.dispose]();
    beats.again();
    expect(waits.at(-1)).toBe(80);
  });

  it('of a server go to the addresses of its options and tell its TCP port', async () => {
    await using scope = new Scope();
    const listener = createSocket('udp4');
    scope.defer(() => new Promise((resolve) => listener.close(() => resolve())));
    const heard: string[] = [];
    listener.on('message', (datagram) => heard.push(datagram.toString('hex')));
    await new Promise<void>((resolve) => listener.bind(0, '127.0.0.1', () => resolve()));
    const { port } = listener.address();
    const beacons = { addresses: [`127.0.0.1:${port}`], auto: false };
    const options = { port: 0, interfaces: ['127.0.0.1'], beacons };
    const directory = new FakeDirectory({ A: { type: 'DOUBLE', value: 0 } });
    const server = scope.use(await serveCa(directory, options, scope.signal));
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(2));
    expect(heard.slice(0, 3)).toEqual(
      [0, 0, 1].map((n) => plain(`000d 0000 000d ${hex(server.port, 4)} ${hex(n, 8)} 00000000`)),
    );
  });
});
