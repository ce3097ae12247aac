import { describe, expect, it } from 'vitest';
import { SoftRig } from '../soft-rig.ts';

describe('an mbbiDirect record', () => {
  it('posts VAL and the bits that changed', () => {
    const rig = new SoftRig(`record(longout,"I"){} record(mbbiDirect,"M"){field(INP,"I")}`);
    void rig.put('I', 1);
    void rig.put('M.PROC', 1);
    rig.events();
    using _zero = rig.watch('M.B0');
    using _one = rig.watch('M.B1');
    void rig.put('I', 3);
    rig.events();
    void rig.put('M.PROC', 1);
    expect(rig.events()).toEqual(['M=VL', 'M.B1=VL']);
    void rig.put('M.PROC', 1);
    expect(rig.events()).toEqual([]);
  });

  it('is INVALID while undefined, whatever UDFS says', () => {
    const rig = new SoftRig('record(mbbiDirect,"M"){field(UDFS,"MINOR")}');
    void rig.put('M.PROC', 1);
    expect([rig.choice('M.STAT'), rig.choice('M.SEVR')]).toEqual(['UDF', 'INVALID']);
  });

  it('keeps its value when its source cannot be read', () => {
    const rig = new SoftRig(`record(stringin,"S"){field(VAL,"5")}
      record(mbbiDirect,"M"){field(INP,"S")}`);
    void rig.put('M.PROC', 1);
    void rig.put('S', 'x');
    void rig.put('M.PROC', 1);
    expect([rig.get('M'), rig.choice('M.STAT')]).toEqual([5, 'LINK']);
  });
});

describe('an mbboDirect record', () => {
  it('posts VAL and the bits that a put of VAL changed', () => {
    const rig = new SoftRig('record(mbboDirect,"M"){}');
    void rig.put('M', 1);
    rig.events();
    using _zero = rig.watch('M.B0');
    using _one = rig.watch('M.B1');
    void rig.put('M', 3);
    expect(rig.events()).toEqual(['M=VL', 'M.B1=VL']);
  });

  it('posts VAL and the bit of a put to a bit', () => {
    const rig = new SoftRig('record(mbboDirect,"M"){}');
    using _watch = rig.watch('M.B4');
    void rig.put('M.B4', 1);
    expect([rig.get('M'), rig.events().sort()]).toEqual([16, ['M.B4=VL', 'M=VLA']]);
  });

  it('has the sign bit as its last', () => {
    const rig = new SoftRig('record(mbboDirect,"M"){field(OUT,"O")} record(int64out,"O"){}');
    void rig.put('M.B1F', 1);
    expect([rig.get('M'), rig.get('M.RVAL'), rig.get('O')]).toEqual([
      -2147483648, 2147483648, 2147483648,
    ]);
  });

  it('says why it refuses puts to bits in closed loop', () => {
    const rig = new SoftRig('record(mbboDirect,"M"){field(OMSL,"closed_loop") field(DOL,"M")}');
    expect(rig.put('M.B0', 1)).toMatchObject({
      kind: 'refused',
      text: 'Put to M.B0 refused: OMSL is closed_loop: DOL gives the bits',
    });
  });
});
