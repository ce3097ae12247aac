import { expect, it } from 'vitest';
import type { Pending } from '../../src/ads/exchange.ts';
import { amsNetId, Port } from '../../src/ads/index.ts';
import { Outstanding } from '../../src/ads/outstanding.ts';
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

it('wraps invoke ids at 32 bits, past 0 and past those in flight', () => {
  const sent: number[] = [];
  const send = ({ invokeId }: Pending) => void sent.push(invokeId);
  const limits = { maxInFlight: 10, maxQueued: 0 };
  const outstanding = new Outstanding(limits, new ManualClock(), send, 0xffff_fffd);
  for (let i = 0; i < 4; i++) expect(outstanding.admit(exchange())).toBe(true);
  expect(sent).toEqual([0xffff_fffe, 0xffff_ffff, 1, 2]);
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
