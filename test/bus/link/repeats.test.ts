import { describe, expect, it } from 'vitest';
import { Repeats } from '../../../src/bus/link/repeats.ts';
import { Waiting } from '../../../src/bus/link/waiting.ts';
import { Window } from '../../../src/bus/link/window.ts';

function message(order: number): Waiting {
  const one = new Waiting({ topic: 'a', payload: String(order), delivery: 'event' });
  one.order = order;
  return one;
}

/** One connection: takes what may go, and loses it; what was in flight. */
function lostConnection(repeats: Repeats): { taken: number[]; blamed: Waiting | undefined } {
  const window = new Window();
  while (repeats.size > 0 && repeats.allow(window)) {
    const next = repeats.shift();
    if (next) window.add(next);
  }
  const inFlight = window.empty();
  return { taken: inFlight.map(({ order }) => order), blamed: repeats.add(inFlight) };
}

describe('messages that were in flight when a connection broke', () => {
  it('go first on the next, in their order, together', () => {
    const repeats = new Repeats();
    repeats.add([message(3), message(1), message(2)]);
    expect(repeats.oldest).toBe(1);
    expect(lostConnection(repeats).taken).toEqual([1, 2, 3]);
  });

  it('go alone after three losses, and the first of them is dropped after eight', () => {
    const repeats = new Repeats();
    repeats.add([message(1), message(2)]);
    const connections = Array.from({ length: 7 }, () => lostConnection(repeats));
    expect(connections.map(({ taken }) => taken)).toEqual([
      [1, 2],
      [1, 2],
      [1],
      [1],
      [1],
      [1],
      [1],
    ]);
    expect(connections.map(({ blamed }) => blamed?.order)).toEqual([
      ...Array(6).fill(undefined),
      1,
    ]);
    expect(repeats.size).toBe(1);
    expect(repeats.oldest).toBe(2);
  });

  it('may go on together once the one that went alone was acknowledged', () => {
    const repeats = new Repeats();
    const [one, two] = [message(1), message(2)];
    repeats.add([one, two]);
    lostConnection(repeats);
    lostConnection(repeats);
    const window = new Window();
    expect(repeats.shift()).toBe(one);
    expect(repeats.allow(window)).toBe(false);
    repeats.clear(one);
    expect(repeats.shift()).toBe(two);
    repeats.clear(two);
    expect(repeats.allow(window)).toBe(true);
  });
});
