import { describe, expect, it } from 'vitest';
import { Beacons } from '../../../src/ca/client/beacons.ts';
import { searchFrames } from '../../../src/ca/client/search-frames.ts';
import { RECONNECT_STEP, type Search, Searches } from '../../../src/ca/client/searches.ts';
import { ManualClock } from '../../ads/manual-clock.ts';

/** Searches with their times; frames of ten names. */
function rig(longest = 300) {
  const clock = new ManualClock();
  const sent: [at: number, ...names: string[]][] = [];
  const searches = new Searches(clock, longest, (all: readonly Search[], frames: number) => {
    const now = all.slice(0, frames * 10);
    sent.push([Math.round(clock.monotonic()), ...now.map(({ name }) => name)]);
    return { sent: now.length, frames: Math.ceil(now.length / 10) };
  });
  const add = (count: number, step?: number) => {
    for (let cid = 1; cid <= count; cid++) searches.add({ cid, name: `N${cid}` }, step);
  };
  return { clock, sent, searches, add };
}

describe('a name that nobody has', () => {
  it('is searched after waits that double', () => {
    const { clock, sent, add } = rig();
    add(1);
    clock.advance(1100);
    expect(sent.map(([at]) => at)).toEqual([0, 64, 192, 448, 960]);
  });

  it('is searched at least every longest period', () => {
    const { clock, sent, add } = rig(60);
    add(1);
    clock.advance(300_000);
    const times = sent.map(([at]) => at);
    expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBe(60_000);
  });

  it('is not searched any more when it is found', () => {
    const { clock, sent, searches, add } = rig();
    add(1);
    clock.advance(0);
    expect(searches.remove(1)).toBe(true);
    expect(searches.remove(1)).toBe(false);
    clock.advance(100_000);
    expect(sent).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  it('that was lost waits a second', () => {
    const { clock, sent, add } = rig();
    add(1, RECONNECT_STEP);
    clock.advance(1023);
    expect(sent).toEqual([]);
    clock.advance(1);
    expect(sent).toHaveLength(1);
  });

  it('is searched at once when the network changed', () => {
    const { clock, sent, searches, add } = rig();
    add(1);
    clock.advance(100_000);
    const before = sent.length;
    searches.restart();
    clock.advance(0);
    expect(sent).toHaveLength(before + 1);
  });
});

describe('many names', () => {
  it('are sent a frame at a time while nobody answers', () => {
    const { clock, sent, add } = rig();
    add(35);
    clock.advance(0);
    expect(sent.map(([, ...names]) => names.length)).toEqual([10]);
    clock.advance(32);
    expect(sent.map(([, ...names]) => names.length)).toEqual([10, 10]);
  });

  it('are sent in more frames with each answered one', () => {
    const { clock, sent, searches, add } = rig();
    add(100);
    clock.advance(0);
    for (let cid = 1; cid <= 10; cid++) searches.remove(cid);
    clock.advance(32);
    expect(sent.map(([, ...names]) => names.length)).toEqual([10, 20]);
  });
});

describe('a search datagram', () => {
  it('has one VERSION, and each name with its id', () => {
    const { datagrams, sent } = searchFrames([{ cid: 5, name: 'ABC' }], 1, 9);
    expect(sent).toBe(1);
    expect(Buffer.from(datagrams[0] ?? []).toString('hex')).toBe(
      [
        '0000 0000 0001 000d 00000009 00000000',
        '0006 0008 0005 000d 00000005 00000005 4142430000000000',
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });

  it('is at most 1024 bytes long; what does not fit comes in the next, or later', () => {
    const searches = Array.from({ length: 100 }, (_, cid) => ({ cid, name: 'N'.repeat(30) }));
    const { datagrams, sent } = searchFrames(searches, 2, 1);
    expect(datagrams.map(({ length }) => length)).toEqual([1024, 1024]);
    expect(sent).toBe(42);
  });
});

describe('beacons', () => {
  const server = { address: '10.0.0.1', port: 5064 };
  function heard(...periods: readonly (readonly [ms: number, counter: number])[]): boolean[] {
    const clock = new ManualClock();
    const beacons = new Beacons(clock);
    return periods.map(([ms, counter]) => {
      clock.advance(ms);
      return beacons.take(server, counter);
    });
  }

  it('of a server that just started tell of it', () => {
    expect(heard([0, 0], [20, 1])).toEqual([false, true]);
  });

  it('of a server that has run for long tell nothing', () => {
    expect(heard([0, 100], [15_000, 101], [15_000, 102])).toEqual([false, false, false]);
  });

  it('tell of a server that was restarted, or was away', () => {
    expect(heard([0, 100], [15_000, 101], [7000, 0], [20, 1]).at(-1)).toBe(true);
    expect(heard([0, 100], [15_000, 101], [60_000, 102]).at(-1)).toBe(true);
  });

  it('that come twice or out of order tell nothing', () => {
    expect(heard([0, 100], [15_000, 101], [1, 101], [1, 99]).slice(2)).toEqual([false, false]);
  });
});
