import { describe, expect, it } from 'vitest';
import { SoftRig } from '../soft-rig.ts';

describe('a calc record', () => {
  it('posts VALUE beyond MDEL, LOG beyond ADEL, and ALARM with a new alarm', () => {
    const rig = new SoftRig(`record(calc,"C"){field(CALC,"A") field(MDEL,"1") field(ADEL,"3")
      field(HIGH,"9") field(HSV,"MINOR")}`);
    const posted = [0, 1, 2, 4, 10, 10].map((value) => {
      void rig.put('C.A', value);
      return rig.events().join();
    });
    expect(posted).toEqual(['C=A', '', 'C=V', 'C=VL', 'C=VLA', '']);
  });

  it('posts the inputs that changed to those who watch them', () => {
    const rig = new SoftRig(`record(ao,"I"){field(VAL,"3") field(PINI,"YES")}
      record(calc,"C"){field(CALC,"B:=A*2;B") field(INPA,"I") field(SCAN,"Passive")}`);
    using _a = rig.watch('C.A');
    using _b = rig.watch('C.B');
    using _c = rig.watch('C.C');
    void rig.put('C.PROC', 1);
    expect(rig.events()).toEqual(['C=VLA', 'C.A=VL', 'C.B=VL']);
    void rig.put('C.PROC', 1);
    expect(rig.events()).toEqual([]);
  });

  it('refuses an expression that is none, says where, and goes on with the one before', () => {
    const rig = new SoftRig('record(calc,"C"){field(CALC,"A+1")}');
    expect(rig.put('C.CALC', 'A+*2')).toMatchObject({
      kind: 'refused',
      reason: 'bad-value',
      text: expect.stringContaining('CALC "A+*2", character 3: a value was expected'),
    });
    void rig.put('C.A', 4);
    expect([rig.get('C.CALC'), rig.get('C')]).toEqual(['A+1', 5]);
  });

  it('is not made of a database whose expression is none', () => {
    expect(() => new SoftRig('record(calc,"C"){field(CALC,"A+")}')).toThrow(
      /test\.db:1:\d+.*CALC "A\+", character 3/s,
    );
  });

  it('takes a new expression at once', () => {
    const rig = new SoftRig('record(calc,"C"){field(CALC,"A+1") field(A,"3")}');
    void rig.put('C.CALC', 'A*10');
    expect(rig.get('C')).toBe(30);
  });

  it('leaves VAL as it is when an input cannot be read', () => {
    const rig = new SoftRig(`record(stringin,"S"){field(VAL,"5")}
      record(calc,"C"){field(CALC,"A") field(INPA,"S")}`);
    void rig.put('C.PROC', 1);
    void rig.put('S', 'x');
    void rig.put('C.PROC', 1);
    expect([rig.get('C'), rig.choice('C.STAT'), rig.choice('C.SEVR')]).toEqual([
      5,
      'LINK',
      'INVALID',
    ]);
  });

  it('processes when what a CP link reads changes', () => {
    const rig = new SoftRig(`record(ao,"I"){}
      record(calc,"C"){field(CALC,"A*2") field(INPA,"I CP")}`);
    void rig.put('I', 4);
    expect(rig.get('C')).toBe(8);
  });

  it('shares compiled expressions without mixing up values', () => {
    const rig = new SoftRig(
      ['X', 'Y'].map((name) => `record(calc,"${name}"){field(CALC,"A:=A+1;A+B")}`).join('\n'),
    );
    void rig.put('X.B', 10);
    void rig.put('Y.B', 20);
    void rig.put('X.PROC', 1);
    expect([rig.get('X'), rig.get('X.A'), rig.get('Y'), rig.get('Y.A')]).toEqual([12, 2, 21, 1]);
  });
});
