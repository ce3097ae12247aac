import { expect, it } from 'vitest';
import type { Pending } from '../../src/ads/exchange.ts';
import { amsNetId, Port } from '../../src/ads/index.ts';
import { nextInvokeId, Outstanding } from '../../src/ads/outstanding.ts';
import { ManualClock } from './manual-clock.ts';

function exchange(): Pending {
  return {
    commandId: 2,
    target: { netId: amsNetId('5.1.2.3.1.1'), port: Port.plc },
    payload: new Uint8Array(0),
    timeoutMs: 1000,
    invokeId: 0,
    tick: 0,
    answer: () => {},
    fail: () => {},
    expire: () => {},
    describe: () => 'test',
  };
}

it.each([
  [0, [], 1],
  [7, [8, 9], 10],
  [0xffff_fffe, [], 0xffff_ffff],
  [0xffff_ffff, [], 1],
  [0xffff_ffff, [1, 2], 3],
])('after invoke id %i, with %j in flight, comes %i', (last, inFlight, next) => {
  expect(nextInvokeId(last, new Set<number>(inFlight))).toBe(next);
});

it('sends nothing more while it is drained', () => {
  const sent: number[] = [];
  const limits = { maxInFlight: 1, maxQueued: 5 };
  const outstanding = new Outstanding(limits, new ManualClock(), (e) => void sent.push(e.invokeId));
  const all = [exchange(), exchange(), exchange()];
  for (const each of all) outstanding.admit(each);
  expect(outstanding.drain()).toEqual(all);
  expect(sent).toEqual([1]);
  expect(outstanding.queued).toBe(0);
});
