import { describe, expect, it, vi } from 'vitest';
import {
  deleteNotification,
  read,
  readState,
  readWrite,
  TransmissionMode,
  write,
} from '../../src/ads/index.ts';
import { cp1252Bytes } from '../../src/kernel/index.ts';
import { at, bytes, hex, Peer } from './support/peer.ts';
import { chainOf, MASTER, SYSTEM } from './support/plant.ts';
import { type Setup, serve } from './support/serve.ts';

const io = at(SYSTEM, 300);
const symbols = at(SYSTEM, 27905);
const master = at(MASTER, 65535);
const VALUE = 'Term 4 (EL3104).AI Standard Channel 1.Value';
const OUTPUT = 'Term 5 (EL4134).AO Output Channel 1.Analog output';

async function handleOf(peer: Peer, name: string): Promise<number> {
  const request = { group: 0xf003, offset: 0, readLength: 4, bytes: cp1252Bytes(`${name}\0`) };
  const { result, bytes: answer } = await peer.ask(symbols, readWrite, request);
  expect(result).toBe(0);
  return Buffer.from(answer).readUInt32LE(0);
}

const byHandle = async ({ peer }: Pick<Setup, 'peer'>, offset: number) =>
  (await peer.ask(symbols, read, { group: 0xf005, offset, length: 2 })).result;

describe('a restart', () => {
  it('ends connections and handles, and gives other handles afterwards', async () => {
    await using setup = await serve();
    const symbol = await handleOf(setup.peer, VALUE);
    const notification = await setup.peer.notify(symbols, { group: 0xf030, offset: 0 });
    await setup.simulator.faults.restart();
    await vi.waitFor(() => expect(setup.peer.closed).toBe(true));
    await vi.waitFor(() => expect(setup.simulator.counters.notificationHandles).toBe(0));
    const peer = await setup.connect();
    expect(await byHandle({ peer }, symbol)).toBe(0x710);
    expect(await handleOf(peer, VALUE)).not.toBe(symbol);
    const { result } = await peer.ask(symbols, deleteNotification, { handle: notification });
    expect(result).toBe(0x714);
    expect(await peer.notify(symbols, { group: 0xf030, offset: 0 })).not.toBe(notification);
  });

  it('can leave the port closed for a time', async () => {
    await using setup = await serve();
    const { faults, port } = setup.simulator;
    const back = faults.restart(2000);
    await expect(Peer.connect(port)).rejects.toThrow('ECONNREFUSED');
    setup.clock.advance(2000);
    await back;
    const peer = await setup.connect();
    expect((await peer.ask(io, readState, undefined)).adsState).toBe(5);
  });
});

describe('CONFIG', () => {
  it('takes the symbol server and all notifications away while TCP stays up', async () => {
    await using setup = await serve();
    const symbol = await handleOf(setup.peer, VALUE);
    await setup.peer.notify(symbols, { group: 0xf030, offset: 0 });
    await vi.waitFor(() => expect(setup.peer.samples).toHaveLength(1));
    setup.simulator.faults.enterConfig();
    setup.clock.advance(100);
    expect((await setup.peer.ask(io, readState, undefined)).adsState).toBe(15);
    expect((await setup.peer.exchange(symbols, 4, bytes(''))).header.errorCode).toBe(6);
    expect(setup.simulator.counters.notificationHandles).toBe(0);
    setup.simulator.faults.enterRun();
    setup.clock.advance(100);
    expect((await setup.peer.ask(io, readState, undefined)).adsState).toBe(5);
    expect(await byHandle(setup, symbol)).toBe(0x710);
    expect(setup.peer.samples).toHaveLength(1);
    expect(await byHandle(setup, await handleOf(setup.peer, VALUE))).toBe(0);
  });

  it('may answer 0x707 instead', async () => {
    await using setup = await serve();
    setup.simulator.faults.enterConfig('not-ready');
    const place = { group: 0xf030, offset: 0, length: 2 };
    expect((await setup.peer.ask(symbols, read, place)).result).toBe(0x707);
    expect((await setup.peer.ask(symbols, readState, undefined)).adsState).toBe(15);
    setup.simulator.faults.enterRun();
    expect((await setup.peer.ask(symbols, read, place)).result).toBe(0);
  });

  it('keeps the notifications of the system service', async () => {
    await using setup = await serve();
    const system = at(SYSTEM, 10000);
    await expect(setup.peer.notify(system, { group: 0xf100, offset: 0 })).rejects.toThrow('0x702');
    setup.simulator.faults.enterConfig();
    expect((await setup.peer.ask(system, readState, undefined)).adsState).toBe(15);
  });
});

describe('an online change', () => {
  it('changes the symbol version, which can be watched', async () => {
    await using setup = await serve();
    const place = { group: 0xf008, offset: 0, length: 1 };
    await setup.peer.notify(symbols, { ...place, mode: TransmissionMode.serverOnChange });
    await vi.waitFor(() => expect(setup.peer.samples.map((s) => s.hex)).toEqual(['01']));
    setup.simulator.faults.onlineChange();
    setup.clock.advance(10);
    await vi.waitFor(() => expect(setup.peer.samples.map((s) => s.hex)).toEqual(['01', '02']));
    expect(hex((await setup.peer.ask(symbols, read, place)).bytes)).toBe('02');
  });

  it('makes handles invalid and keeps values', async () => {
    await using setup = await serve();
    setup.simulator.write(OUTPUT, 1234);
    const old = await handleOf(setup.peer, OUTPUT);
    setup.simulator.faults.onlineChange();
    expect(await byHandle(setup, old)).toBe(0x711);
    expect(setup.simulator.read(OUTPUT)).toBe(1234);
    const fresh = await handleOf(setup.peer, OUTPUT);
    const place = { group: 0xf005, offset: fresh, length: 2 };
    expect(hex((await setup.peer.ask(symbols, read, place)).bytes)).toBe('d2 04');
  });

  it('shows each write through a stale place in the canary, change after change', async () => {
    await using setup = await serve();
    const { faults } = setup.simulator;
    const stale: { group: number; offset: number }[] = [await placeOf(setup.peer, OUTPUT)];
    for (let change = 0; change < 3; change++) {
      faults.onlineChange('Term 2 (EL2024)');
      expect(faults.canary.length).toBeGreaterThan(0);
      expect(faults.canaryTouched).toBe(0);
      setup.clock.advance(100);
      expect(faults.canaryTouched).toBe(0);
      for (const place of stale) {
        expect(
          (await setup.peer.ask(symbols, write, { ...place, bytes: bytes('11 22') })).result,
        ).toBe(0);
      }
      expect(faults.canaryTouched).toBe(2 * stale.length);
      expect(setup.simulator.read(OUTPUT)).toBe(0);
      stale.push(await placeOf(setup.peer, OUTPUT));
    }
  });

  it('ends notifications by handle with 0 bytes; those by place go on where they are', async () => {
    await using setup = await serve();
    const offset = await handleOf(setup.peer, VALUE);
    const gone = await setup.peer.notify(symbols, { group: 0xf005, offset, length: 2 });
    await setup.peer.notify(symbols, { group: 0xf030, offset: 0, length: 1 });
    await vi.waitFor(() => expect(setup.peer.samples).toHaveLength(2));
    setup.simulator.faults.onlineChange();
    setup.clock.advance(20);
    await vi.waitFor(() => expect(setup.peer.samples).toHaveLength(5));
    const after = setup.peer.samples.slice(2);
    expect(after.map(({ hex: data }) => data)).toEqual(['', 'ca', 'ca']);
    expect(after[0]?.handle).toBe(gone);
    expect((await setup.peer.ask(symbols, deleteNotification, { handle: gone })).result).toBe(0);
    expect(setup.simulator.counters.notificationHandles).toBe(1);
  });

  it('leaves what lies before the slave where it is', async () => {
    await using setup = await serve();
    const [first, last] = ['Term 2 (EL2024).Channel 1', OUTPUT];
    const before = [await placeOf(setup.peer, first), await placeOf(setup.peer, last)];
    setup.simulator.faults.onlineChange('Term 5 (EL4134)');
    expect(await placeOf(setup.peer, first)).toEqual(before[0]);
    expect(await placeOf(setup.peer, last)).not.toEqual(before[1]);
    expect(() => setup.simulator.faults.onlineChange('Term 99')).toThrow(/"Term 99"/);
  });
});

describe('another configuration', () => {
  const count = async (peer: Peer) =>
    hex((await peer.ask(master, read, { group: 6, offset: 0, length: 2 })).bytes);

  it('may have a slave more or less; the others keep state and values', async () => {
    await using setup = await serve();
    const { faults } = setup.simulator;
    faults.addCrcErrors('Term 4 (EL3104)', 0, 3);
    setup.simulator.write(OUTPUT, 77);
    const added = faults.addSlave(1, 'EL1014');
    expect([added, await count(setup.peer)]).toEqual(['Term 6 (EL1014)', '06 00']);
    faults.removeSlave('Term 2 (EL2024)');
    setup.clock.advance(10);
    expect(await count(setup.peer)).toBe('05 00');
    expect(() => setup.simulator.read('Term 2 (EL2024).Channel 1')).toThrow(/symbol/);
    expect(setup.simulator.read(OUTPUT)).toBe(77);
    const crc = { group: 0x12, offset: 1004, length: 16 };
    expect(hex((await setup.peer.ask(master, read, crc)).bytes)).toMatch(/^03/);
    expect((await setup.peer.exchange(at(MASTER, 1002), 4, bytes(''))).header.errorCode).toBe(6);
  });

  it('may have another type at an address', async () => {
    await using setup = await serve();
    expect(setup.simulator.faults.replaceSlave('Term 3 (EL1014)', 'EL3104')).toBe(
      'Term 3 (EL3104)',
    );
    const place = { group: 0x11, offset: 1003, length: 16 };
    expect(hex((await setup.peer.ask(master, read, place)).bytes)).toMatch(
      /^02 00 00 00 52 30 20 0c/,
    );
    expect(setup.simulator.read('Term 3 (EL3104).AI Standard Channel 1.Value')).toBe(0);
  });

  it('may lose all that chains say of signals and wires', async () => {
    const from = 'Term 1 (EL2024).Channel 1';
    const to = 'Term 2 (EL1014).Channel 1';
    const chain = chainOf(['EL2024', 'EL1014'], {
      loops: [{ from, to }],
      signals: { [to]: { kind: 'constant', value: 1 } },
    });
    await using setup = await serve(chain);
    setup.simulator.faults.removeSlave('Term 2 (EL1014)');
    setup.clock.advance(20);
    expect(setup.simulator.chain.loops).toEqual([]);
  });
});

describe('a clock jump', () => {
  it('shows in the times of samples while cycles keep their pace', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, { group: 0xf030, offset: 0 });
    setup.clock.advance(10);
    setup.simulator.faults.jumpClock(-3_600_000);
    setup.clock.advance(10);
    await vi.waitFor(() => expect(setup.peer.samples).toHaveLength(3));
    const [, before = 0n, after = 0n] = setup.peer.samples.map(({ time }) => time);
    expect(after - before).toBe(100_000n - 36_000_000_000n);
  });
});

async function placeOf(peer: Peer, name: string): Promise<{ group: number; offset: number }> {
  const request = { group: 0xf007, offset: 0, readLength: 400, bytes: cp1252Bytes(`${name}\0`) };
  const { bytes: entry } = await peer.ask(symbols, readWrite, request);
  const view = Buffer.from(entry);
  return { group: view.readUInt32LE(4), offset: view.readUInt32LE(8) };
}
