import { describe, expect, it, vi } from 'vitest';
import {
  AdsError,
  amsNetId,
  amsPort,
  deviceNotification,
  encodePacket,
  type Notification,
  Port,
  REQUEST_FLAGS,
  RESPONSE_FLAGS,
  read,
  readBytes,
  readState,
  write,
  writeBytes,
} from '../../src/ads/index.ts';
import { createLog, encoded, MalformedFrame } from '../../src/kernel/index.ts';
import { bytes, hex } from './bytes.ts';
import { ManualClock } from './manual-clock.ts';
import { ourAddress, ScriptedPeer, type Seen } from './scripted-peer.ts';

const plc = { netId: amsNetId('5.1.2.3.1.1'), port: Port.plc };
const place = { group: 0x4020, offset: 0, length: 4 };
const data = (text: string) => encoded(read.response, { result: 0, bytes: bytes(text) });

describe('a request', () => {
  it('goes from our address to the target as a request', async () => {
    const peer = new ScriptedPeer();
    const reading = readBytes(peer.client, plc, place);
    expect(peer.requests[0]?.header).toEqual({
      target: plc,
      source: ourAddress,
      command: 2,
      stateFlags: REQUEST_FLAGS,
      length: 12,
      errorCode: 0,
      invokeId: 1,
    });
    peer.answer(peer.requests[0] as Seen, data('01 02 03 04'));
    expect(hex(await reading)).toBe('01 02 03 04');
  });

  it('gets its own answer when answers come in another order', async () => {
    const peer = new ScriptedPeer();
    const readings = [0, 1, 2].map((offset) => readBytes(peer.client, plc, { ...place, offset }));
    for (const i of [2, 0, 1]) peer.answer(peer.requests[i] as Seen, data(`0${i}`));
    expect((await Promise.all(readings)).map(hex)).toEqual(['00', '01', '02']);
  });

  it('owns the bytes of its answer', async () => {
    const peer = new ScriptedPeer();
    const reading = readBytes(peer.client, plc, place);
    const packet = encodePacket(
      { target: ourAddress, source: plc, command: 2, stateFlags: RESPONSE_FLAGS, invokeId: 1 },
      data('aa'),
    );
    peer.client.receive(packet);
    packet.fill(0);
    expect(hex(await reading)).toBe('aa');
  });

  it('that the server refuses says what was refused and why', async () => {
    const peer = new ScriptedPeer();
    peer.onRequest = (request) => peer.answer(request, bytes('05 07 00 00'));
    const writing = writeBytes(peer.client, plc, { group: 0x4020, offset: 0 }, new Uint8Array(4));
    await expect(writing).rejects.toThrow(
      'Write 0x4020:0x0 (4 bytes) to 5.1.2.3.1.1:851 refused: 0x705 size mismatch',
    );
    await expect(writing).rejects.toBeInstanceOf(AdsError);
    await expect(writing).rejects.toMatchObject({ adsCode: 0x705, code: 'ads/refused' });
  });

  it('that a router cannot deliver ends with the error of the AMS header', async () => {
    const peer = new ScriptedPeer();
    peer.onRequest = (request) => peer.answer(request, new Uint8Array(0), 6);
    await expect(readBytes(peer.client, plc, place)).rejects.toThrow(
      'Read 0x4020:0x0 (4 bytes) from 5.1.2.3.1.1:851 not delivered: ' +
        '0x6 no server listens on the target AMS port',
    );
  });

  it('whose answer is cut short fails alone', async () => {
    const peer = new ScriptedPeer();
    const broken = readBytes(peer.client, plc, place);
    const whole = readBytes(peer.client, plc, place);
    peer.answer(peer.requests[0] as Seen, bytes('00 00 00 00 04 00 00 00 01'));
    peer.answer(peer.requests[1] as Seen, data('02'));
    await expect(broken).rejects.toBeInstanceOf(MalformedFrame);
    expect(hex(await whole)).toBe('02');
    expect(peer.client.counters.malformed).toBe(1);
  });

  it('can be aborted; the answer that still comes is counted and ignored', async () => {
    const peer = new ScriptedPeer();
    const abort = new AbortController();
    const reading = readBytes(peer.client, plc, place, abort.signal);
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    peer.answer(peer.requests[0] as Seen, data('01'));
    expect(peer.client.counters.unmatched).toBe(1);
  });

  it('shares one listener of the signal with all others, and leaves none behind', async () => {
    const peer = new ScriptedPeer();
    const abort = new AbortController();
    const added = vi.spyOn(abort.signal, 'addEventListener');
    const removed = vi.spyOn(abort.signal, 'removeEventListener');
    const some = [1, 2, 3].map(() => readBytes(peer.client, plc, place, abort.signal));
    for (const request of peer.requests) peer.answer(request, data('00'));
    await Promise.all(some);
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed).toHaveBeenCalledTimes(1);
    const others = [1, 2, 3].map(() => readBytes(peer.client, plc, place, abort.signal));
    abort.abort(new Error('enough'));
    for (const other of others) await expect(other).rejects.toThrow('enough');
  });

  it('is not sent when its signal fired before', async () => {
    const peer = new ScriptedPeer();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(readBytes(peer.client, plc, place, signal)).rejects.toThrow('too late');
    expect(peer.requests).toEqual([]);
  });
});

describe('a deadline', () => {
  it('ends each request after its own time', async () => {
    const clock = new ManualClock();
    const peer = new ScriptedPeer({ clock, timeoutMs: 2000 });
    const outcomes: string[] = [];
    const note = (name: string) => (error: Error) => outcomes.push(`${name}: ${error.message}`);
    const slow = peer.client.invoke(read, plc, place).catch(note('usual'));
    const quick = peer.client.invoke(read, plc, place, { timeoutMs: 100 }).catch(note('own'));
    clock.advance(90);
    peer.answer(peer.requests[0] as Seen, new Uint8Array(0), 6);
    await slow;
    clock.advance(60);
    await quick;
    clock.advance(10_000);
    expect(outcomes).toEqual([
      expect.stringMatching(/^usual: .* not delivered/),
      'own: Read 0x4020:0x0 (4 bytes) from 5.1.2.3.1.1:851 got no answer within 100 ms',
    ]);
    expect(peer.client.counters).toMatchObject({ requests: 2, responses: 1, timeouts: 1 });
  });

  it('says that a route may be missing when the peer never said a word', async () => {
    const clock = new ManualClock();
    const peer = new ScriptedPeer({ clock });
    const reading = peer.client.invoke(readState, plc, undefined);
    clock.advance(5100);
    await expect(reading).rejects.toThrow(
      'ReadState of 5.1.2.3.1.1:851 got no answer within 5000 ms; ' +
        'test://peer accepted the connection but never answered: route missing? ' +
        'Add a route for NetId 192.168.1.10.1.1 on the target',
    );
    await expect(reading).rejects.toMatchObject({ code: 'ads/timeout', adsCode: 0x745 });
  });

  it('counts from when a request is sent, not from when it began to wait', async () => {
    const clock = new ManualClock();
    const peer = new ScriptedPeer({ clock, maxInFlight: 1, timeoutMs: 1000 });
    const first = readBytes(peer.client, plc, place);
    const second = readBytes(peer.client, plc, place);
    clock.advance(900);
    peer.answer(peer.requests[0] as Seen, data('01'));
    clock.advance(900);
    peer.answer(peer.requests[1] as Seen, data('02'));
    expect((await Promise.all([first, second])).map(hex)).toEqual(['01', '02']);
  });
});

describe('requests in flight', () => {
  it('are bounded; the rest follow in order as answers come', async () => {
    const peer = new ScriptedPeer({ maxInFlight: 3 });
    const readings = Array.from({ length: 10 }, (_, offset) =>
      readBytes(peer.client, plc, { ...place, offset }),
    );
    expect(peer.requests.length).toBe(3);
    for (let i = 0; i < 10; i++) {
      expect(peer.requests.length).toBe(Math.min(10, 3 + i));
      peer.answer(peer.requests[i] as Seen, data('00'));
    }
    await Promise.all(readings);
    expect(peer.requests.map((r) => r.payload[4])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('leave a bounded number waiting; one more is refused', async () => {
    const peer = new ScriptedPeer({ maxInFlight: 1, maxQueued: 2 });
    const three = [1, 2, 3].map(() => readBytes(peer.client, plc, place));
    await expect(readBytes(peer.client, plc, place)).rejects.toMatchObject({ code: 'ads/busy' });
    peer.onRequest = (request) => peer.answer(request, data('00'));
    peer.answer(peer.requests[0] as Seen, data('00'));
    await Promise.all(three);
  });

  it('let the next one go when one is aborted or times out', async () => {
    const clock = new ManualClock();
    const peer = new ScriptedPeer({ clock, maxInFlight: 1, timeoutMs: 1000 });
    const abort = new AbortController();
    const outcomes = Promise.allSettled([
      readBytes(peer.client, plc, place, abort.signal),
      readBytes(peer.client, plc, place),
      readBytes(peer.client, plc, place),
    ]);
    abort.abort(new Error('enough'));
    expect(peer.requests.length).toBe(2);
    clock.advance(1100);
    expect(peer.requests.length).toBe(3);
    peer.answer(peer.requests[2] as Seen, data('00'));
    expect((await outcomes).map((o) => o.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('are never sent when they are aborted while they wait', async () => {
    const peer = new ScriptedPeer({ maxInFlight: 1 });
    const abort = new AbortController();
    const first = readBytes(peer.client, plc, place);
    const second = readBytes(peer.client, plc, place, abort.signal);
    abort.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    peer.answer(peer.requests[0] as Seen, data('00'));
    await first;
    expect(peer.requests.length).toBe(1);
  });
});

describe('the end of the connection', () => {
  it('rejects at once whatever is pending, and everything after', async () => {
    const peer = new ScriptedPeer({ maxInFlight: 1 });
    const pending = [
      readBytes(peer.client, plc, place),
      peer.client.invoke(write, plc, { group: 1, offset: 2, bytes: bytes('03') }),
    ];
    peer.lose('closed by the peer');
    for (const outcome of await Promise.allSettled(pending)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ads/ended' } });
    }
    await expect(pending[1]).rejects.toThrow(
      'Write 0x1:0x2 (1 bytes) to 5.1.2.3.1.1:851: connection to test://peer lost: ' +
        'closed by the peer; test://peer accepted the connection but never answered',
    );
    await expect(readBytes(peer.client, plc, place)).rejects.toMatchObject({ code: 'ads/ended' });
    expect(await peer.client.ended).toEqual({ kind: 'lost', reason: 'closed by the peer' });
  });

  it('completes the notifications', async () => {
    const peer = new ScriptedPeer();
    const done = new Promise<void>((resolve) =>
      peer.client.notifications$.subscribe({ complete: resolve }),
    );
    await peer.client[Symbol.asyncDispose]();
    await done;
    expect(await peer.client.ended).toEqual({ kind: 'closed' });
  });

  it('leaves no timer behind', async () => {
    const clock = new ManualClock();
    const peer = new ScriptedPeer({ clock });
    const reading = readBytes(peer.client, plc, place);
    expect(clock.timers).toBe(1);
    peer.lose('gone');
    await expect(reading).rejects.toThrow('gone');
    expect(clock.timers).toBe(0);
  });
});

describe('notifications', () => {
  const frame = (port: number, handle: number) =>
    encodePacket(
      {
        target: ourAddress,
        source: { netId: plc.netId, port: amsPort(port) },
        command: 8,
        stateFlags: REQUEST_FLAGS,
        invokeId: 0,
      },
      encoded(deviceNotification, [
        { time: { low: 0, high: 0 }, samples: [{ handle, bytes: bytes('01') }] },
      ]),
    );

  it('arrive as whole payloads, with the same source object for the same sender', () => {
    const peer = new ScriptedPeer();
    const seen: Notification[] = [];
    peer.client.notifications$.subscribe((n) => seen.push({ ...n, payload: n.payload.slice() }));
    for (const port of [851, 852, 851]) peer.client.receive(frame(port, 7));
    expect(seen.map((n) => n.source.port)).toEqual([851, 852, 851]);
    expect(seen[2]?.source).toBe(seen[0]?.source);
    expect(seen[0]?.payload.length).toBe(8 + 12 + 9);
    expect(peer.client.counters.notificationFrames).toBe(3);
  });

  it('keep coming after a flood of malformed packets, which is counted and logged once', () => {
    const clock = new ManualClock();
    const log = createLog('silent');
    const lines: unknown[] = [];
    log.warn = ((fields: unknown) => lines.push(fields)) as typeof log.warn;
    const peer = new ScriptedPeer({ clock, log });
    let frames = 0;
    peer.client.notifications$.subscribe(() => frames++);
    const whole = frame(851, 7);
    for (let cut = 0; cut < whole.length; cut++) peer.client.receive(whole.subarray(0, cut));
    peer.client.receive(whole);
    expect(frames).toBe(1);
    expect(peer.client.counters.malformed).toBe(whole.length);
    expect(lines).toEqual([{ peer: 'test://peer', malformed: 1, packet: '' }]);
    clock.advance(1000);
    peer.client.receive(bytes('de ad'));
    expect(lines[1]).toMatchObject({ packet: 'de ad' });
  });
});

describe('packets that nobody asked for', () => {
  it('are counted and change nothing', async () => {
    const peer = new ScriptedPeer();
    const reading = readBytes(peer.client, plc, place);
    const head = { target: ourAddress, source: plc, invokeId: 1 };
    for (const [command, stateFlags, invokeId] of [
      [2, RESPONSE_FLAGS, 99],
      [3, RESPONSE_FLAGS, 1],
      [2, REQUEST_FLAGS, 1],
      [77, RESPONSE_FLAGS, 1],
    ] as const) {
      peer.client.receive(encodePacket({ ...head, command, stateFlags, invokeId }, data('ff')));
    }
    peer.answer(peer.requests[0] as Seen, data('01'));
    expect(hex(await reading)).toBe('01');
    expect(peer.client.counters.unmatched).toBe(4);
  });
});
