import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AdsErrorCode,
  amsNetId,
  amsPort,
  connectAds,
  deleteNotification,
  deviceNotification,
  IndexGroup,
  readWrite,
  sumAddNotifications,
  TransmissionMode,
} from '../../src/ads/index.ts';
import {
  decoded,
  encoded,
  filetimeOf,
  Reader,
  Scope,
  silentLog,
  systemClock,
  Writer,
} from '../../src/kernel/index.ts';
import { ProcessImage } from '../../src/model/index.ts';
import { newCounters, PlantMemory } from '../../src/pipeline/index.ts';
import { straysDeleted } from '../../src/pipeline/stray-handles.ts';
import { applyTo } from '../../src/pipeline/updates.ts';
import { simulate } from '../../src/simulator/index.ts';
import { ScriptedPeer, type Seen } from '../ads/scripted-peer.ts';
import { at } from '../simulator/support/peer.ts';
import { chain, definitions, SYSTEM } from '../simulator/support/plant.ts';

const server = { netId: amsNetId('5.1.2.3.1.1'), port: amsPort(27905) };
const MANY = 150;

/** One sample of each of so many handles, from 1 on. */
function frameOf(handles: number): Uint8Array {
  const w = new Writer('le');
  const samples = Array.from({ length: handles }, (_, i) => {
    return { handle: i + 1, bytes: Uint8Array.of(7) };
  });
  deviceNotification.encode(w, [{ time: filetimeOf(Date.now()), samples }]);
  return w.take();
}

/** The handles that a request deletes, one or several, and an answer to it. */
function deletion({ header, payload }: Seen, result: number) {
  if (header.command === deleteNotification.id) {
    const { handle } = decoded(deleteNotification.request, payload, 'a deletion');
    return { handles: [handle], answer: encoded(deleteNotification.response, { result }) };
  }
  const { group, offset, bytes } = decoded(readWrite.request, payload, 'deletions');
  expect(group).toBe(IndexGroup.sumDeleteNotification);
  const r = new Reader(bytes, 'le');
  const handles = Array.from({ length: offset }, () => r.u32());
  const answer = { result, bytes: new Uint8Array(4 * offset) };
  return { handles, answer: encoded(readWrite.response, answer) };
}

describe('notifications that nobody here asked for', () => {
  let scope: Scope;
  let memory: PlantMemory;
  /** Handles of each deletion. */
  let deletions: number[][];
  /** What each of them is answered with. */
  let result: number;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'Date', 'performance'] });
    scope = new Scope();
    deletions = [];
    result = 0;
    const peer = scope.use(new ScriptedPeer());
    peer.onRequest = (request) => {
      const { handles, answer } = deletion(request, result);
      deletions.push(handles);
      peer.answer(request, answer);
    };
    memory = new PlantMemory(new ProcessImage(), systemClock);
    memory.look();
    const link = { client: peer.client, memory, log: silentLog, signal: scope.signal };
    const strays = straysDeleted(link, systemClock).subscribe();
    scope.defer(() => strays.unsubscribe());
  });

  afterEach(async () => {
    await scope[Symbol.asyncDispose]();
    vi.useRealTimers();
  });

  it('are deleted, after the second in which an answer may still name them', async () => {
    memory.applyFrame(frameOf(3), server);
    await vi.advanceTimersByTimeAsync(1000);
    expect(deletions).toEqual([]);
    await vi.advanceTimersByTimeAsync(250);
    expect(deletions).toEqual([[1, 2, 3]]);
    expect(memory.strayHandles).toBe(3);
  });

  it('are deleted a few at a time', async () => {
    memory.applyFrame(frameOf(MANY), server);
    await vi.advanceTimersByTimeAsync(1250);
    expect(deletions.map(({ length }) => length)).toEqual([64]);
    await vi.advanceTimersByTimeAsync(250);
    expect(deletions.map(({ length }) => length)).toEqual([64, 64]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(deletions.map(({ length }) => length)).toEqual([64, 64, MANY - 128]);
    expect(new Set(deletions.flat()).size).toBe(MANY);
  });

  it('stay while a request is under way whose answer may name them, and when it does', async () => {
    memory.expectHandles(server, 1);
    memory.applyFrame(frameOf(2), server);
    await vi.advanceTimersByTimeAsync(5000);
    expect(deletions).toEqual([]);
    memory.route(2, memory.image.addBlock(1), server);
    memory.expectHandles(server, -1);
    await vi.advanceTimersByTimeAsync(250);
    expect(deletions).toEqual([[1]]);
  });

  it('of which samples still come are deleted again, also after a refusal', async () => {
    result = AdsErrorCode.busy;
    memory.applyFrame(frameOf(1), server);
    await vi.advanceTimersByTimeAsync(1250);
    result = 0;
    memory.look();
    memory.applyFrame(frameOf(1), server);
    await vi.advanceTimersByTimeAsync(1500);
    expect(deletions).toEqual([[1], [1]]);
  });
});

describe('a plant that notifies of what nobody here asked for', () => {
  it('has its handles back', async () => {
    await using scope = new Scope();
    const options = { port: 0, log: silentLog };
    const simulator = scope.use(await simulate(chain, definitions, options));
    const source = { netId: amsNetId('192.168.1.10.1.1'), port: amsPort(8000) };
    const transport = { kind: 'tcp', host: '127.0.0.1', port: simulator.port } as const;
    const client = scope.use(await connectAds({ transport, source, log: silentLog }));
    const memory = new PlantMemory(new ProcessImage(), systemClock);
    const link = { client, memory, log: silentLog, signal: scope.signal };
    const heard = client.notifications$.pipe(applyTo(link, newCounters())).subscribe();
    const strays = straysDeleted(link, systemClock).subscribe();
    scope.defer(() => {
      heard.unsubscribe();
      strays.unsubscribe();
    });
    const mode = TransmissionMode.serverCycle;
    const wanted = { group: 0xf020, offset: 0, length: 1, mode, maxDelay: 0, cycleTime: 0 };
    await sumAddNotifications(client, at(SYSTEM, 27905), new Array(100).fill(wanted));
    expect(simulator.counters.notificationHandles).toBe(100);
    await vi.waitFor(() => expect(simulator.counters.notificationHandles).toBe(0), 10_000);
    expect(memory.strayHandles).toBeGreaterThanOrEqual(100);
  });
});
