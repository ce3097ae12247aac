import { describe, expect, it } from 'vitest';
import { BurstFilter, type PutLogMode } from '../../../src/ops/put-log/burst-filter.ts';
import type { PutEntry } from '../../../src/ops/put-log/entry.ts';
import type { PvValue } from '../../../src/pv/index.ts';
import { ManualClock } from '../../ads/manual-clock.ts';

function rig(mode: PutLogMode) {
  const clock = new ManualClock();
  const logged: string[] = [];
  const filter = new BurstFilter(mode, 5, clock, ({ pv, user, before, after, burst, failure }) => {
    const squashed = burst ? ` ${burst.min}..${burst.max} x${burst.count}` : '';
    const failed = failure ? ` ${failure}` : '';
    logged.push(`${user} ${pv} ${before.value}>${after.value}${squashed}${failed}`);
  });
  const put = (before: PvValue, after: PvValue, changes: Partial<PutEntry> = {}) =>
    filter.take({
      ...{ at: 0, host: 'h', user: 'ada', pv: 'X', type: 'DOUBLE', isArray: false },
      ...{ before: { value: before, size: 1 }, after: { value: after, size: 1 } },
      ...changes,
    });
  return { clock, logged, put, filter };
}

describe('puts that follow each other on one PV', () => {
  it('become one entry when nothing came for five seconds', () => {
    const { clock, logged, put } = rig('changes');
    put(1, 5);
    clock.advance(4999);
    put(5, 2);
    clock.advance(4999);
    put(2, 3);
    expect(logged).toEqual([]);
    clock.advance(5000);
    expect(logged).toEqual(['ada X 1>3 2..5 x2']);
    put(3, 4);
    clock.advance(5000);
    expect(logged.slice(1)).toEqual(['ada X 3>4']);
  });

  it('become one entry when another PV is put, or somebody else puts', () => {
    const { logged, put } = rig('changes');
    put(1, 2);
    put(2, 3);
    put(0, 1, { pv: 'Y' });
    expect(logged).toEqual(['ada X 1>3 2..3 x1']);
    put(1, 2, { pv: 'Y', user: 'eve' });
    expect(logged.slice(1)).toEqual(['ada Y 0>1']);
  });

  it('have no least and largest when they are texts', () => {
    const { clock, logged, put } = rig('changes');
    put('a', 'b', { type: 'STRING' });
    put('b', 'c', { type: 'STRING' });
    clock.advance(5000);
    expect(logged).toEqual(['ada X a>c']);
  });

  it('are told also when the last puts back what was there before the first', () => {
    const { clock, logged, put } = rig('changes');
    put('a', 'b', { type: 'STRING' });
    put('b', 'a', { type: 'STRING' });
    clock.advance(5000);
    expect(logged).toEqual(['ada X a>a']);
  });

  it('are not squashed when they are long strings', () => {
    const { logged, put } = rig('changes');
    const bytes = (text: string) => new Uint8Array(Buffer.from(text));
    const long = { type: 'CHAR', isArray: true } as const;
    put(bytes('a'), bytes('b'), long);
    put(bytes('b'), bytes('c'), long);
    expect(logged).toEqual(['ada X 97>98']);
  });

  it('are told at the end of the log', () => {
    const { logged, put, filter } = rig('changes');
    put(1, 2);
    filter[Symbol.dispose]();
    expect(logged).toEqual(['ada X 1>2']);
  });
});

describe('a put that changes nothing', () => {
  it.each<[PutLogMode, string[]]>([
    ['changes', []],
    ['all', ['ada X 1>1']],
    ['every', ['ada X 1>1']],
  ])('is, with mode %s, logged as %j', (mode, lines) => {
    const { clock, logged, put } = rig(mode);
    put(1, 1);
    clock.advance(5000);
    expect(logged).toEqual(lines);
  });

  it('is logged when it failed, after what came before it', () => {
    const { logged, put } = rig('changes');
    put(1, 2);
    put(2, 2, { failure: 'refused' });
    expect(logged).toEqual(['ada X 1>2', 'ada X 2>2 refused']);
  });
});

describe('every put', () => {
  it('is logged at once when that is the mode', () => {
    const { logged, put } = rig('every');
    put(1, 2);
    put(2, 3);
    expect(logged).toEqual(['ada X 1>2', 'ada X 2>3']);
  });
});
