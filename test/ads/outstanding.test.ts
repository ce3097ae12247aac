import { describe, expect, it } from 'vitest';
import type { Pending } from '../../src/ads/exchange.ts';
import { amsNetId, type Lane, Port } from '../../src/ads/index.ts';
import { nextInvokeId, Outstanding } from '../../src/ads/outstanding.ts';
import { ManualClock } from './manual-clock.ts';

function exchange(lane: Lane = 'usual', invokeId = 0): Pending {
  return {
    commandId: 2,
    target: { netId: amsNetId('5.1.2.3.1.1'), port: Port.plc },
    payload: new Uint8Array(0),
    timeoutMs: 1000,
    lane,
    invokeId,
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

describe('exchanges of several lanes', () => {
  function admitted(maxInFlight: number, ...wanted: Lane[]) {
    const sent: Pending[] = [];
    const limits = { maxInFlight, maxQueued: 100 };
    const outstanding = new Outstanding(limits, new ManualClock(), (each) => void sent.push(each));
    for (const lane of wanted) outstanding.admit(exchange(lane));
    const answer = () => {
      const first = sent.find((each) => !done.has(each));
      if (first) done.add(first);
      if (first) outstanding.drop(first);
    };
    const done = new Set<Pending>();
    return { outstanding, answer, lanes: () => sent.map(({ lane }) => lane) };
  }

  it('go urgent before usual before patient, each in their order', () => {
    const { answer, lanes } = admitted(1, 'usual', 'patient', 'usual', 'urgent', 'urgent');
    for (let i = 0; i < 4; i++) answer();
    expect(lanes()).toEqual(['usual', 'urgent', 'urgent', 'usual', 'patient']);
  });

  it('leave half of the places to those who are not patient', () => {
    const { answer, lanes, outstanding } = admitted(4, ...Array<Lane>(6).fill('patient'));
    expect(lanes()).toHaveLength(2);
    outstanding.admit(exchange('usual'));
    outstanding.admit(exchange('urgent'));
    expect(lanes()).toEqual(['patient', 'patient', 'usual', 'urgent']);
    answer();
    expect(lanes().at(-1)).toBe('patient');
    expect(outstanding.queued).toBe(3);
  });

  it('let the last ones go when nobody else is there', () => {
    const { answer, lanes, outstanding } = admitted(1, 'patient', 'patient');
    answer();
    expect(lanes()).toEqual(['patient', 'patient']);
    expect(outstanding.drain()).toHaveLength(1);
  });

  it('are given up wherever they wait', () => {
    const { outstanding, lanes, answer } = admitted(1, 'usual');
    const waiting = exchange('patient');
    outstanding.admit(waiting);
    outstanding.drop(waiting);
    answer();
    expect(lanes()).toEqual(['usual']);
  });
});
