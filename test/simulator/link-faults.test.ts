import { describe, expect, it, vi } from 'vitest';
import { deleteNotification, readState } from '../../src/ads/index.ts';
import { at, bytes, type Peer } from './support/peer.ts';
import { chainOf, SYSTEM } from './support/plant.ts';
import { serve } from './support/serve.ts';

const io = at(SYSTEM, 300);
const symbols = at(SYSTEM, 27905);
const nothing = new Uint8Array(0);
const inputs = { group: 0xf030, offset: 0 };

const isClosed = (peer: Peer) => vi.waitFor(() => expect(peer.closed).toBe(true));
const has = (peer: Peer, count: number) =>
  vi.waitFor(() => expect(peer.samples).toHaveLength(count));

describe('faults of links', () => {
  it('reset every connection with RST', async () => {
    await using setup = await serve();
    setup.simulator.faults.resetAll();
    await isClosed(setup.peer);
    expect(setup.peer.failure).toBe('ECONNRESET');
  });

  it('leave connections half open: nothing is read, answered or closed, newcomers are served', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, inputs);
    await has(setup.peer, 1);
    const { faults, counters } = setup.simulator;
    faults.halfOpen();
    const { requests } = counters;
    let answered = false;
    void setup.peer.exchange(io, 4, nothing).then(() => {
      answered = true;
    });
    setup.clock.advance(1000);
    const other = await setup.connect();
    expect((await other.ask(io, readState, undefined)).result).toBe(0);
    expect(counters.requests).toBe(requests + 1);
    expect([answered, setup.peer.closed, setup.peer.samples.length]).toEqual([false, false, 1]);
  });

  it('delay answers, which still come in order', async () => {
    await using setup = await serve();
    setup.simulator.faults.delayAnswers(300);
    const order: number[] = [];
    const answers = [1, 2, 3].map((n) =>
      setup.peer.exchange(io, 4, nothing).then(() => order.push(n)),
    );
    await vi.waitFor(() => expect(setup.simulator.counters.requests).toBe(3));
    setup.clock.advance(290);
    await setup.connect();
    expect(order).toEqual([]);
    setup.clock.advance(20);
    await Promise.all(answers);
    expect(order).toEqual([1, 2, 3]);
  });

  it('answer everything with an error of the router', async () => {
    await using setup = await serve();
    const error = async () => (await setup.peer.exchange(io, 4, nothing)).header.errorCode;
    setup.simulator.faults.routerError(7);
    expect(await error()).toBe(7);
    setup.simulator.faults.routerError(0);
    expect(await error()).toBe(0);
  });

  it('let the newest connection of an address end the older ones', async () => {
    await using setup = await serve(undefined, { oneConnectionPerPeer: true });
    const second = await setup.connect();
    await isClosed(setup.peer);
    setup.simulator.faults.oneConnectionPerPeer(false);
    await setup.connect();
    expect((await second.ask(io, readState, undefined)).result).toBe(0);
  });

  it('leave a NetId without route in silence, on a connection that stays', async () => {
    await using setup = await serve(undefined, { routesRequired: true });
    let answered = false;
    void setup.peer.exchange(io, 4, nothing).then(() => {
      answered = true;
    });
    await vi.waitFor(() => expect(setup.simulator.counters.unanswered).toBe(1));
    setup.simulator.faults.addRoute('test', setup.peer.source.netId);
    expect((await setup.peer.ask(io, readState, undefined)).adsState).toBe(5);
    expect([answered, setup.peer.closed]).toEqual([false, false]);
  });

  it('stop notifications while requests are answered', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, inputs);
    await has(setup.peer, 1);
    setup.simulator.faults.stopNotifying();
    setup.clock.advance(100);
    expect((await setup.peer.ask(io, readState, undefined)).result).toBe(0);
    expect(setup.peer.samples).toHaveLength(1);
    setup.simulator.faults.notifyAgain();
    setup.clock.advance(10);
    await has(setup.peer, 2);
  });

  it('drop one notification by its handle, silently', async () => {
    await using setup = await serve();
    const kept = await setup.peer.notify(symbols, inputs);
    const dropped = await setup.peer.notify(symbols, inputs);
    expect(setup.simulator.faults.dropNotifications(dropped)).toBe(1);
    expect(setup.simulator.counters.notificationHandles).toBe(1);
    await has(setup.peer, 2);
    setup.clock.advance(20);
    await has(setup.peer, 4);
    expect(setup.peer.samples.slice(2).map(({ handle }) => handle)).toEqual([kept, kept]);
    const { result } = await setup.peer.ask(symbols, deleteNotification, { handle: dropped });
    expect(result).toBe(0x714);
  });

  it('drop the notifications that cover a symbol', async () => {
    await using setup = await serve(chainOf(['EL3104', 'EL3104']));
    const name = 'Term 2 (EL3104).AI Standard Channel 1.Value';
    await setup.peer.notify(symbols, { ...inputs, length: 4 });
    await setup.peer.notify(symbols, { ...inputs, length: 16 });
    expect(setup.simulator.faults.dropNotifications(name)).toBe(1);
    expect(() => setup.simulator.faults.dropNotifications('Term 9')).toThrow(/symbol/);
  });

  it('flood: each cycle brings every value many times, in the order of their times', async () => {
    await using setup = await serve();
    await setup.peer.notify(symbols, inputs);
    await has(setup.peer, 1);
    setup.simulator.faults.flood(99);
    setup.clock.advance(20);
    await has(setup.peer, 1 + 200);
    const times = setup.peer.samples.slice(1).map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(times).size).toBe(200);
  });

  it('do not touch what is none of their business: bytes of a frozen client are not answered later', async () => {
    await using setup = await serve();
    setup.simulator.faults.halfOpen();
    setup.peer.send(bytes('ff ff ff ff ff ff ff ff'));
    const other = await setup.connect();
    expect((await other.ask(io, readState, undefined)).result).toBe(0);
    expect(setup.peer.closed).toBe(false);
  });
});
