import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { i16 } from '../../src/model/index.ts';
import { BreakTable } from '../../src/records/break-table.ts';
import { Rig } from './rig.ts';

const points = [
  { raw: 0, engineering: 10 },
  { raw: 100, engineering: 30 },
  { raw: 300, engineering: 40 },
];

describe('a breakpoint table', () => {
  const table = new BreakTable('T', points);

  it('goes straight from point to point, and on beyond its ends', () => {
    expect([-50, 0, 50, 100, 200, 300, 400].map((raw) => table.engineering(raw))).toEqual([
      0, 10, 20, 30, 35, 40, 45,
    ]);
    expect([-1, 0, 300, 301].map((raw) => table.coversRaw(raw))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('goes back', () => {
    const step = fc.double({ min: 0.01, max: 1000, noNaN: true });
    const rising = fc.tuple(
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      fc.array(fc.tuple(step, step), { minLength: 1, maxLength: 30 }),
      fc.boolean(),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(rising, ([start, steps, isFalling, where]) => {
        let [raw, engineering] = [start, start];
        const all = [{ raw, engineering }];
        for (const [x, y] of steps) {
          raw += x;
          engineering += y;
          all.push({ raw: isFalling ? -raw : raw, engineering });
        }
        if (isFalling) all.shift();
        if (all.length < 2) return;
        const any = new BreakTable('any', all);
        const ends = all.map((point) => point.engineering);
        const value = Math.min(...ends) + where * (Math.max(...ends) - Math.min(...ends));
        expect(any.engineering(any.raw(value))).toBeCloseTo(value, 6);
        expect(any.coversEngineering(value)).toBe(true);
      }),
    );
  });

  it('converts what the plant sends, and what it gets', () => {
    const rig = new Rig().load('breaktable(typeTdegC) { 0 10 100 30 300 40 }');
    const fields = { LINR: 'typeTdegC' };
    rig.feed(rig.input('IN', 'ai', i16, fields), 200);
    expect(rig.get('IN')).toBe(35);
    const out = rig.setpoint('OUT', 'ao', i16, fields);
    rig.records.adopt(out, 50, 1, 0);
    expect([rig.get('OUT'), rig.get('OUT.RVAL')]).toEqual([20, 50]);
    rig.put('OUT', 35);
    expect(rig.requests[0]?.value).toBe(200);
  });

  it('may be one that comes later', () => {
    const rig = new Rig().load('');
    const slot = rig.input('IN', 'ai', i16);
    rig.put('IN.LINR', 'typeTdegC');
    rig.feed(slot, 200);
    expect([rig.get('IN'), rig.alarm('IN'), rig.get('IN.AMSG')]).toEqual([
      200,
      'SOFT MAJOR',
      'no breaktable typeTdegC',
    ]);
    rig.declare('breaktable(typeTdegC) { 0 10 100 30 300 40 }');
    rig.feed(slot, 50);
    expect([rig.get('IN'), rig.alarm('IN')]).toEqual([20, 'NO_ALARM NO_ALARM']);
    rig.put('IN.LINR', 'NO CONVERSION');
    rig.feed(slot, 60);
    expect(rig.get('IN')).toBe(60);
  });
});
