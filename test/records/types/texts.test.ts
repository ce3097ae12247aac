import { describe, expect, it } from 'vitest';
import { SoftRig } from '../soft-rig.ts';

describe('an event record', () => {
  it('processes records by PHAS, after its own chain', () => {
    const rig = new SoftRig(`record(event,"E"){field(VAL,"shot") field(FLNK,"F")}
      record(calc,"F"){field(CALC,"A+1") field(INPA,"V")}
      record(calc,"V"){field(CALC,"VAL+1") field(SCAN,"Event") field(EVNT,"shot") field(PHAS,"1")}
      record(calc,"W"){field(CALC,"A") field(INPA,"V") field(SCAN,"Event") field(EVNT,"shot")}`);
    void rig.put('E.PROC', 1);
    expect([rig.get('F'), rig.get('V'), rig.get('W')]).toEqual([1, 1, 0]);
  });

  it('posts VAL each time, but not for archives', () => {
    const rig = new SoftRig('record(event,"E"){field(VAL,"shot")}');
    void rig.put('E.PROC', 1);
    expect(rig.events()).toEqual(['E=VA']);
    void rig.put('E.PROC', 1);
    expect(rig.events()).toEqual(['E=V']);
  });

  it('keeps the event before when its name cannot be read', () => {
    const rig = new SoftRig(`record(event,"E"){field(VAL,"shot") field(INP,"E.NOWHERE")}
      record(calc,"V"){field(CALC,"VAL+1") field(SCAN,"Event") field(EVNT,"shot")}`);
    void rig.put('E.PROC', 1);
    expect([rig.get('V'), rig.choice('E.SEVR')]).toEqual([1, 'INVALID']);
  });

  it('that names nothing posts nothing', () => {
    const rig = new SoftRig(`record(event,"E"){}
      record(calc,"V"){field(CALC,"VAL+1") field(SCAN,"Event")}`);
    void rig.put('E.PROC', 1);
    expect(rig.get('V')).toBe(0);
  });
});

describe('permissive and state records', () => {
  it('post what changed, and not a mere end of being undefined', () => {
    const rig = new SoftRig('record(permissive,"P"){} record(state,"S"){}');
    void rig.put('P.PROC', 1);
    void rig.put('S.PROC', 1);
    expect(rig.events()).toEqual([]);
    void rig.put('P', 1);
    void rig.put('S', 'open');
    void rig.put('S', 'open');
    expect(rig.events()).toEqual(['P=VL', 'S=VL']);
  });

  it('posts WFLG to those who watch it', () => {
    const rig = new SoftRig('record(permissive,"P"){}');
    using _watch = rig.watch('P.WFLG');
    void rig.put('P.WFLG', 1);
    expect(rig.events()).toContain('P.WFLG=VL');
  });
});

describe('a printf record', () => {
  it('posts VAL each time, and LEN to those who watch it', () => {
    const rig = new SoftRig(`record(longout,"L"){field(VAL,"9")}
      record(printf,"P"){field(FMT,"%d") field(INP0,"L")}`);
    using _watch = rig.watch('P.LEN');
    void rig.put('P.PROC', 1);
    expect(rig.events()).toEqual(['P=VLA', 'P.LEN=VL']);
    void rig.put('P.PROC', 1);
    expect(rig.events()).toEqual(['P=VL']);
    void rig.put('L', 10);
    rig.events();
    void rig.put('P.PROC', 1);
    expect(rig.events()).toEqual(['P=VL', 'P.LEN=VL']);
  });

  it('is invalid when a link cannot be read, and prints IVLS', () => {
    const rig = new SoftRig(`record(stringin,"S"){field(VAL,"x")}
      record(printf,"P"){field(FMT,"<%d>") field(INP0,"S")}`);
    void rig.put('P.PROC', 1);
    expect([rig.get('P'), rig.choice('P.STAT'), rig.choice('P.SEVR')]).toEqual([
      '<LNK>',
      'LINK',
      'INVALID',
    ]);
  });

  it('prints states and menus by name as %s', () => {
    const rig = new SoftRig(`record(bo,"B"){field(VAL,"1") field(ZNAM,"off") field(ONAM,"on")}
      record(printf,"P"){field(FMT,"%s %d %s") field(INP0,"B") field(INP1,"B") field(INP2,"B.SEVR")}`);
    void rig.put('P.PROC', 1);
    expect(rig.get('P')).toBe('on 1 NO_ALARM');
  });

  it('has room for SIZV - 1 bytes', () => {
    const rig = new SoftRig('record(printf,"P"){field(SIZV,"20") field(FMT,"%s%s")}');
    void rig.put('P.IVLS', 'äöüäöü');
    void rig.put('P.PROC', 1);
    expect([rig.get('P'), rig.get('P.LEN')]).toEqual(['äöüäöüäöü', 19]);
  });
});
