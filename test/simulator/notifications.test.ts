import { describe, expect, it, vi } from 'vitest';
import { addNotification, deleteNotification, TransmissionMode } from '../../src/ads/index.ts';
import { filetimeOf } from '../../src/kernel/index.ts';
import { ManualClock } from './support/manual-clock.ts';
import { at, type Peer } from './support/peer.ts';
import { chainOf, MASTER, SYSTEM } from './support/plant.ts';
import { serve } from './support/serve.ts';

const symbols = at(SYSTEM, 27905);
const { serverCycle, serverOnChange } = TransmissionMode;
const OUTPUT = { group: 0xf021, offset: 0 };
const NAME = 'Term 2 (EL2024).Channel 1';

/** Waits until the peer has got so many samples, and gives their bytes. */
async function got(peer: Peer, count: number): Promise<string[]> {
  await vi.waitFor(() => expect(peer.samples.length).toBeGreaterThanOrEqual(count));
  return peer.samples.map(({ hex }) => hex);
}

/** A round trip: whatever was sent before has arrived. */
async function settled(peer: Peer): Promise<void> {
  await peer.exchange(symbols, 4, new Uint8Array(0));
}

const ms = (ticks: number) => ticks * 10_000;
const filetime = (elapsed: number) => {
  const { low, high } = filetimeOf(ManualClock.start + elapsed);
  return (BigInt(high) << 32n) | BigInt(low);
};

describe('notifications', () => {
  it('send a first sample at once, then one per cycle, stamped with its time', async () => {
    await using setup = await serve();
    const handle = await setup.peer.notify(symbols, OUTPUT);
    expect(await got(setup.peer, 1)).toEqual(['00']);
    setup.simulator.write(NAME, 1);
    setup.clock.advance(20);
    expect(await got(setup.peer, 3)).toEqual(['00', '01', '01']);
    expect(setup.peer.samples.map(({ time }) => time)).toEqual([0, 10, 20].map(filetime));
    expect(setup.peer.samples.every((sample) => sample.handle === handle)).toBe(true);
  });

  it('come from the server to the port that asked, as requests', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, OUTPUT);
    await got(setup.peer, 1);
    expect(setup.peer.frames[0]?.header).toMatchObject({
      source: symbols,
      target: setup.peer.source,
      command: 8,
      stateFlags: 4,
      errorCode: 0,
      invokeId: 0,
    });
  });

  it('on change send nothing while nothing changes', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, { ...OUTPUT, mode: serverOnChange });
    setup.clock.advance(50);
    await settled(setup.peer);
    expect(await got(setup.peer, 1)).toEqual(['00']);
    setup.simulator.write(NAME, 1);
    setup.clock.advance(30);
    await settled(setup.peer);
    expect(await got(setup.peer, 2)).toEqual(['00', '01']);
  });

  it('look as often as the cycle time says', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, { ...OUTPUT, cycleTime: ms(50) });
    setup.clock.advance(200);
    await settled(setup.peer);
    expect(setup.peer.samples.map(({ time }) => time)).toEqual(
      [0, 50, 100, 150, 200].map(filetime),
    );
  });

  it('miss a change that is over before the next look', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, { ...OUTPUT, mode: serverOnChange, cycleTime: ms(100) });
    setup.clock.advance(20);
    setup.simulator.write(NAME, 1);
    setup.clock.advance(20);
    setup.simulator.write(NAME, 0);
    setup.clock.advance(200);
    await settled(setup.peer);
    expect(await got(setup.peer, 1)).toEqual(['00']);
  });

  it('wait no longer than the maximum delay, and share a frame while they wait', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, { ...OUTPUT, maxDelay: ms(30) });
    await got(setup.peer, 1);
    setup.clock.advance(30);
    await settled(setup.peer);
    expect(setup.peer.samples).toHaveLength(1);
    setup.clock.advance(10);
    await got(setup.peer, 4);
    const later = setup.peer.samples.slice(1);
    expect(later.map(({ frame }) => frame)).toEqual([2, 2, 2]);
    expect(later.map(({ time }) => time)).toEqual([10, 20, 30].map(filetime));
  });

  it('leave with the one that may wait least', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, { ...OUTPUT, maxDelay: ms(1000) });
    await setup.peer.notify(symbols, { ...OUTPUT, offset: 1, cycleTime: ms(20) });
    await got(setup.peer, 2);
    setup.clock.advance(20);
    await got(setup.peer, 5);
    expect(setup.peer.samples.slice(2).map(({ frame }) => frame)).toEqual([3, 3, 3]);
  });

  it('of one cycle are cut into frames of about 4 kB, numbered by their invoke id', async () => {
    await using setup = await serve(chainOf(new Array(400).fill('EL3104')));
    const inputs = { group: 0xf030, length: 16 };
    for (let i = 0; i < 200; i++) await setup.peer.notify(symbols, { ...inputs, offset: i * 8 });
    await got(setup.peer, 200);
    setup.peer.frames.length = 0;
    setup.clock.advance(10);
    await got(setup.peer, 400);
    const sizes = setup.peer.frames.map(({ payload }) => payload.length + 38);
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
    expect(setup.peer.frames.map(({ header }) => header.invokeId)).toEqual([0, 1]);
    expect(new Set(setup.peer.samples.slice(200).map(({ time }) => time)).size).toBe(1);
  });

  it('may be larger than a frame', async () => {
    await using setup = await serve(chainOf(new Array(700).fill('EL3104')));
    await setup.peer.notify(symbols, { group: 0xf030, offset: 0, length: 5000 });
    const [first] = await got(setup.peer, 1);
    expect(first).toHaveLength(5000 * 3 - 1);
  });

  it('follow a symbol handle, the symbol version and the state of a slave', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, { group: 0xf008, offset: 0 });
    const master = at(MASTER, 65535);
    const slave = { group: 9, offset: 1002, length: 2 };
    await setup.peer.notify(master, { ...slave, mode: serverOnChange });
    setup.simulator.faults.setSlaveState('Term 2 (EL2024)', 2);
    setup.clock.advance(10);
    await got(setup.peer, 4);
    expect(setup.peer.samples.map(({ hex }) => hex).sort()).toEqual(['01', '01', '02 00', '08 00']);
  });

  it('end with their deletion, and have no other handle afterwards', async () => {
    await using setup = await serve();
    const handle = await setup.peer.notify(symbols, OUTPUT);
    await got(setup.peer, 1);
    const ask = (peer: Peer) => peer.ask(symbols, deleteNotification, { handle });
    const stranger = await setup.connect(8001);
    expect((await ask(stranger)).result).toBe(0x714);
    expect((await ask(setup.peer)).result).toBe(0);
    expect((await ask(setup.peer)).result).toBe(0x714);
    setup.clock.advance(50);
    await settled(setup.peer);
    expect(setup.peer.samples).toHaveLength(1);
  });

  it('are refused beyond the limit, until a connection that had some is gone', async () => {
    await using setup = await serve(undefined, { notificationLimit: 2 });
    const other = await setup.connect(8001);
    await other.notify(symbols, OUTPUT);
    await setup.peer.notify(symbols, OUTPUT);
    await expect(setup.peer.notify(symbols, OUTPUT)).rejects.toThrow('0x716');
    await setup.peer.notify(at(MASTER, 65535), { group: 9, offset: 1002, length: 2 });
    await other[Symbol.asyncDispose]();
    await vi.waitFor(() => setup.peer.notify(symbols, OUTPUT));
    await expect(setup.peer.notify(symbols, OUTPUT)).rejects.toThrow('0x716');
  });

  it('are refused beyond what a script allows, in number and in length', async () => {
    await using setup = await serve();
    const { faults } = setup.simulator;
    await setup.peer.notify(symbols, OUTPUT);
    faults.limitNotifications(1);
    await expect(setup.peer.notify(symbols, OUTPUT)).rejects.toThrow('0x716');
    faults.limitNotifications(550, 0);
    await expect(setup.peer.notify(symbols, OUTPUT)).rejects.toThrow('0x717');
    faults.limitNotifications(550);
    await setup.peer.notify(symbols, OUTPUT);
  });

  it('may watch so many bytes in all, which are free again when they end', async () => {
    await using setup = await serve(chainOf(new Array(8000).fill('EL3104')));
    const big = { group: 0xf030, offset: 0, length: 60_000, cycleTime: ms(60_000) };
    const handles: number[] = [];
    await expect(async () => {
      for (let i = 0; i < 300; i++) handles.push(await setup.peer.notify(symbols, big));
    }).rejects.toThrow('0x70a');
    expect(handles).toHaveLength(Math.floor((16 * 1024 * 1024) / 60_000));
    await setup.peer.ask(symbols, deleteNotification, { handle: handles[0] ?? 0 });
    await setup.peer.notify(symbols, big);
  });

  it('do not pile up for as long as the client lets them wait', async () => {
    await using setup = await serve(chainOf(new Array(8000).fill('EL3104')));
    const patient = { group: 0xf030, offset: 0, length: 60_000, maxDelay: 0xffff_ffff };
    await setup.peer.notify(symbols, patient);
    setup.clock.advance(100);
    await got(setup.peer, 6);
  });

  it('are refused for bad modes, places and sizes', async () => {
    await using setup = await serve();
    const refusal = async (request: object) => {
      const { result } = await setup.peer.ask(symbols, addNotification, {
        ...OUTPUT,
        length: 1,
        mode: serverCycle,
        maxDelay: 0,
        cycleTime: 0,
        ...request,
      });
      return result;
    };
    expect(await refusal({ mode: 0 })).toBe(0x713);
    expect(await refusal({ group: 0x4020 })).toBe(0x702);
    expect(await refusal({ offset: 0xffff_ff })).toBe(0x703);
    expect(await refusal({ length: 0 })).toBe(0x705);
    expect(await refusal({ length: 1 << 20 })).toBe(0x717);
    expect(await refusal({ group: 0xf005, offset: 4711 })).toBe(0x710);
  });
});
