import { describe, expect, it } from 'vitest';
import { f64, i16 } from '../../src/model/index.ts';
import { Rig } from './rig.ts';

describe('simulation of an input', () => {
  it('takes the value of SIOL, with the severity SIMS', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { SIOL: 'N', SIMS: 'MINOR' });
    rig.load('record(ao, "N") { field(VAL, "5") }');
    rig.put('A.SIMM', 'YES');
    rig.put('A.PROC', 1);
    expect([rig.get('A'), rig.alarm('A'), rig.get('A.SVAL')]).toEqual([5, 'SIMM MINOR', 5]);
    rig.put('A.SIMM', 'NO');
    rig.feed(a, 7);
    expect([rig.get('A'), rig.alarm('A')]).toEqual([7, 'NO_ALARM NO_ALARM']);
  });

  it('is switched by SIML', () => {
    const rig = new Rig().load(`
      record(bo, "SIM") {} record(ao, "N") { field(VAL, "5") } record(ao, "M") { field(VAL, "6") }
      record(ai, "A") { field(INP, "N") field(SIML, "SIM") field(SIOL, "M") }`);
    rig.put('SIM', 1);
    rig.put('A.PROC', 1);
    expect([rig.get('A'), rig.choice('A.SIMM')]).toEqual([6, 'YES']);
    rig.put('SIM', 0);
    rig.put('A.PROC', 1);
    expect([rig.get('A'), rig.choice('A.SIMM')]).toEqual([5, 'NO']);
  });

  it('RAW converts what it takes', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(SIMM, "RAW") field(SIOL, "N") field(LINR, "SLOPE") field(ESLO, "0.5") }
      record(ao, "N") { field(VAL, "5.9") }`);
    rig.put('A.PROC', 1);
    expect([rig.get('A'), rig.get('A.RVAL')]).toEqual([2.5, 5]);
  });

  it('of a constant takes that', () => {
    const rig = new Rig().load('record(longin, "A") { field(SIMM, "YES") field(SIOL, "9") }');
    rig.put('A.PROC', 1);
    expect(rig.get('A')).toBe(9);
  });

  it('has a scan of its own in SSCN', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(SSCN, "1 second") field(SIOL, "N") } record(ao, "N") { field(VAL, "3") }`);
    rig.put('A.SIMM', 'YES');
    expect([rig.choice('A.SCAN'), rig.choice('A.SSCN')]).toEqual(['1 second', 'Passive']);
    rig.clock.advance(1000);
    expect(rig.get('A')).toBe(3);
    rig.put('A.SIMM', 'NO');
    expect([rig.choice('A.SCAN'), rig.choice('A.SSCN')]).toEqual(['Passive', '1 second']);
  });

  it('takes SDLY seconds', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(SIMM, "YES") field(SDLY, "0.5") field(SIOL, "N") }
      record(ao, "N") { field(VAL, "3") }`);
    rig.put('A.PROC', 1);
    rig.clock.advance(499);
    expect(rig.get('A')).toBe(0);
    rig.clock.advance(1);
    expect(rig.get('A')).toBe(3);
  });
});

describe('simulation of an output', () => {
  it('writes SIOL instead of OUT or the plant', () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16, { SIOL: 'N', SIMM: 'YES', SIMS: 'MINOR' });
    rig.load('record(longout, "N") {}');
    expect(rig.put('X', 8)).toEqual({ kind: 'done' });
    expect(rig.requests).toEqual([]);
    expect([rig.get('N'), rig.alarm('X')]).toEqual([8, 'SIMM MINOR']);
  });

  it('RAW writes raw counts', () => {
    const rig = new Rig().load(`
      record(ao, "A") { field(SIMM, "RAW") field(SIOL, "N") field(LINR, "SLOPE") field(ESLO, "0.5") }
      record(longout, "N") {}`);
    rig.put('A', 3);
    expect(rig.get('N')).toBe(6);
  });
});
