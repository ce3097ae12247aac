import { describe, expect, it } from 'vitest';
import { f64 } from '../../src/model/index.ts';
import { Rig } from './rig.ts';

const limits = { HIHI: 10, HHSV: 'MAJOR', HIGH: 5, HSV: 'MINOR', LOLO: -10, LLSV: 'MAJOR' };

/** STAT of an ai with AFTC 10, to which the plant sends values a second apart. */
function statuses(
  values: readonly number[],
  fields: Record<string, number | string> = {},
): string[] {
  const rig = new Rig();
  const a = rig.input('A', 'ai', f64, { ...limits, AFTC: 10, ...fields });
  return values.map((value) => {
    rig.feed(a, value);
    return rig.choice('A.STAT') ?? '';
  });
}

// facts/epics-formats.md section 3.6: a low-pass on the index of the range.
describe('AFTC', () => {
  it('lets the first value through', () => {
    expect(statuses([12])).toEqual(['HIHI']);
  });

  it('delays an alarm, by steps of severity', () => {
    const values = [0, ...new Array<number>(40).fill(12)].map((value, i) => value + i / 1000);
    const seen = statuses(values);
    expect(seen[0]).toBe('NO_ALARM');
    expect(seen.indexOf('HIGH')).toBeGreaterThan(2);
    expect(seen.indexOf('HIHI')).toBeGreaterThan(seen.indexOf('HIGH'));
    expect(seen.at(-1)).toBe('HIHI');
  });

  it('passes over a short excursion', () => {
    const seen = statuses([0, 0.1, 12, 0.2, 0.3, 12.1, 0.4]);
    expect(new Set(seen)).toEqual(new Set(['NO_ALARM']));
  });

  it('lets go as slowly', () => {
    const values = [12, ...new Array<number>(40).fill(0)].map((value, i) => value + i / 1000);
    const seen = statuses(values);
    expect(seen.slice(0, 3)).toEqual(['HIHI', 'HIHI', 'HIHI']);
    expect(seen.at(-1)).toBe('NO_ALARM');
  });

  it('of 0 is none', () => {
    expect(statuses([0, 12, 0], { AFTC: 0 })).toEqual(['NO_ALARM', 'HIHI', 'NO_ALARM']);
  });

  it('tells its level in AFVL', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { ...limits, AFTC: 10 });
    rig.feed(a, 0);
    expect(rig.get('A.AFVL')).toBe(3);
    rig.feed(a, 12);
    // 3 × 10/11 + 5 × 1/11 = 3.18.
    expect(rig.get('A.AFVL')).toBeCloseTo(3 + 2 / 11, 12);
  });

  it('of an mbbi filters the severity of its states', () => {
    const rig = new Rig();
    const states = { ZRST: 'a', ONST: 'b', ONVL: 1, ONSV: 'MAJOR', ZRSV: 'MINOR', AFTC: 10 };
    const a = rig.input('A', 'mbbi', f64, states);
    const seen = [0, 1, 0, 1].map((value) => {
      rig.feed(a, value);
      return rig.choice('A.SEVR');
    });
    expect(seen).toEqual(['MINOR', 'MINOR', 'MINOR', 'MINOR']);
  });
});
