import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { encodePacket, read, readState, toTcp } from '../../src/ads/index.ts';
import { encoded, silentLog } from '../../src/kernel/index.ts';
import { simulate } from '../../src/simulator/index.ts';
import { at, bytes, hex, Peer } from './support/peer.ts';
import { chain, chainOf, definitions, SYSTEM } from './support/plant.ts';
import { serve } from './support/serve.ts';

const io = at(SYSTEM, 300);
const symbols = at(SYSTEM, 27905);
const nothing = new Uint8Array(0);

const isClosed = (peer: Peer) => vi.waitFor(() => expect(peer.closed).toBe(true));

describe('a connection', () => {
  it('gets AMS error 6 for a port without server and 7 for a NetId without route', async () => {
    await using setup = await serve();
    const error = async (netId: string, port: number) => {
      const { header, payload } = await setup.peer.exchange(at(netId, port), 4, nothing);
      return [header.errorCode, payload.length];
    };
    expect(await error(SYSTEM, 851)).toEqual([6, 0]);
    expect(await error('9.9.9.9.1.1', 300)).toEqual([7, 0]);
    expect(await error('127.0.0.1.1.1', 300)).toEqual([0, 8]);
  });

  it('gets AMS error 8 for an unknown command and 14 for a request cut short', async () => {
    await using setup = await serve();
    const error = async (command: number, payload: Uint8Array) =>
      (await setup.peer.exchange(io, command, payload)).header.errorCode;
    expect(await error(77, nothing)).toBe(8);
    expect(await error(2, bytes('00 50 00 00'))).toBe(14);
    expect(await error(3, bytes('00 50 00 00 02 00 00 00 ff 00 00 00 01'))).toBe(14);
    expect(await error(4, nothing)).toBe(0);
  });

  it('is closed when it sends garbage, and only that one', async () => {
    await using setup = await serve();
    const garbage = [
      '47 45 54 20 2f 20 48 54 54 50',
      '00 00 02 00 00 00 ff ff',
      '00 00 ff ff ff 7f',
    ];
    for (const each of garbage) {
      const peer = await setup.connect();
      peer.send(bytes(each));
      await isClosed(peer);
    }
    const lengthsDisagree = toTcp(
      encodePacket({ target: io, source: io, command: 4, stateFlags: 4, invokeId: 1 }, nothing),
    );
    lengthsDisagree[26] = 4;
    const liar = await setup.connect();
    liar.send(lengthsDisagree);
    await isClosed(liar);
    expect((await setup.peer.ask(io, readState, undefined)).adsState).toBe(5);
  });

  it('is closed when it asks for more than anyone could hold', async () => {
    await using setup = await serve(chainOf(new Array(8000).fill('EL3104')));
    const place = encoded(read.request, { group: 0xf00b, offset: 0, length: 0xffff_ffff });
    const head = { target: symbols, source: setup.peer.source, command: 2, stateFlags: 4 };
    const request = toTcp(encodePacket({ ...head, invokeId: 1 }, place));
    const greedy = await setup.connect();
    greedy.pause();
    greedy.send(Buffer.concat(new Array(100).fill(request)));
    await vi.waitFor(() => expect(setup.simulator.counters.open).toBe(1));
    expect((await setup.peer.ask(io, readState, undefined)).adsState).toBe(5);
  });

  it('survives any bytes: the simulator answers the next client', async () => {
    await using setup = await serve();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        await using peer = await Peer.connect(setup.simulator.port);
        peer.send(toTcp(noise));
        expect((await setup.peer.ask(io, readState, undefined)).result).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('may send requests in pieces or many at once', async () => {
    await using setup = await serve();
    const place = { group: 0x5000, offset: 2, length: 4 };
    const answers = Array.from({ length: 50 }, () => setup.peer.ask(io, read, place));
    for (const answer of answers) expect(hex((await answer).bytes)).toBe('01 00 00 00');
    const inPieces = await setup.peer.exchange(io, 4, nothing, 1);
    expect(hex(inPieces.payload)).toBe('00 00 00 00 05 00 00 00');
  });

  it('is not answered when it wants no answer', async () => {
    await using setup = await serve();
    const head = { target: io, source: setup.peer.source, command: 4, invokeId: 1 };
    setup.peer.send(toTcp(encodePacket({ ...head, stateFlags: 6 }, nothing)));
    setup.peer.send(toTcp(encodePacket({ ...head, stateFlags: 5 }, nothing)));
    setup.peer.send(toTcp(encodePacket({ ...head, command: 8, stateFlags: 4 }, nothing)));
    const { header } = await setup.peer.exchange(io, 4, nothing);
    expect(header).toMatchObject({ invokeId: 1, stateFlags: 5 });
    expect(setup.simulator.counters.requests).toBe(2);
  });

  it('loses its oldest notifications when it does not read, and others lose none', async () => {
    await using setup = await serve(chainOf(new Array(1000).fill('EL3104')));
    const slow = await setup.connect(8001);
    const big = { group: 0xf030, offset: 0, length: 8000 };
    for (let i = 0; i < 40; i++) await slow.notify(symbols, big);
    await setup.peer.notify(symbols, { ...big, length: 4 });
    slow.pause();
    let cycles = 0;
    await vi.waitFor(
      () => {
        setup.clock.advance(10);
        cycles++;
        expect(setup.simulator.counters.droppedBatches).toBeGreaterThan(3);
      },
      { timeout: 10_000, interval: 1 },
    );
    await vi.waitFor(() => expect(setup.peer.samples).toHaveLength(cycles + 1));
    slow.resume();
    await vi.waitFor(
      () => expect(slow.samples.at(-1)?.time).toBe(setup.peer.samples.at(-1)?.time),
      {
        timeout: 10_000,
      },
    );
  });
});

describe('faults', () => {
  it('disconnect everyone, who may come back', async () => {
    await using setup = await serve();
    setup.simulator.faults.disconnectAll();
    await isClosed(setup.peer);
    const again = await setup.connect();
    expect((await again.ask(io, readState, undefined)).result).toBe(0);
  });

  it('stop listening and listen again at the same port', async () => {
    await using setup = await serve();
    const { faults, port } = setup.simulator;
    faults.stopListening();
    await expect(Peer.connect(port)).rejects.toThrow('ECONNREFUSED');
    await faults.listenAgain();
    expect(setup.simulator.port).toBe(port);
    const again = await setup.connect();
    expect((await again.ask(io, readState, undefined)).result).toBe(0);
  });

  it('stop answering and sending, while TCP stays up', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, { group: 0xf021, offset: 0 });
    await vi.waitFor(() => expect(setup.peer.samples).toHaveLength(1));
    setup.simulator.faults.stopAnswering();
    let answered = false;
    void setup.peer.exchange(io, 4, nothing).then(() => {
      answered = true;
    });
    setup.clock.advance(100);
    await vi.waitFor(() => expect(setup.simulator.counters.unanswered).toBe(1));
    setup.simulator.faults.answerAgain();
    await setup.peer.exchange(io, 4, nothing);
    expect(answered).toBe(false);
    expect(setup.peer.samples).toHaveLength(1);
    setup.clock.advance(10);
    await vi.waitFor(() => expect(setup.peer.samples).toHaveLength(2));
  });

  it('say what is not there to break', async () => {
    await using setup = await serve();
    expect(() => setup.simulator.faults.setSlaveState('Term 99', 1)).toThrow(/"Term 99"/);
    expect(() => setup.simulator.faults.setMasterState(9, 1)).toThrow(/device 9/);
  });
});

describe('simulate', () => {
  it('says which port it cannot have', async () => {
    await using setup = await serve();
    const { port } = setup.simulator;
    await expect(simulate(chain, definitions, { port, log: silentLog })).rejects.toThrow(
      `Listen on 127.0.0.1:${port}`,
    );
  });

  it('stops when its signal fires', async () => {
    const stop = new AbortController();
    const log = silentLog;
    await using simulator = await simulate(chain, definitions, { port: 0, log }, stop.signal);
    const peer = await Peer.connect(simulator.port);
    stop.abort();
    await isClosed(peer);
    await expect(Peer.connect(simulator.port)).rejects.toThrow('ECONNREFUSED');
  });
});
