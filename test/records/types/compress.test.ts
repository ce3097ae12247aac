import { describe, expect, it } from 'vitest';
import { SoftRig } from '../soft-rig.ts';

describe('a compress record', () => {
  it('posts, stamps and goes on to FLNK only when it has a new value', () => {
    const rig = new SoftRig(`record(ao,"I"){field(FLNK,"K")}
      record(compress,"K"){field(INP,"I") field(ALG,"N to 1 Average") field(N,"3")
        field(NSAM,"4") field(FLNK,"F")}
      record(calc,"F"){field(CALC,"VAL+1")}`);
    const posted = [1, 2, 6, 1].map((value) => {
      rig.clock.advance(1000);
      void rig.put('I', value);
      return rig.events().filter((event) => event.startsWith('K'));
    });
    expect(posted).toEqual([[], [], ['K=VLA'], []]);
    expect([rig.get('F'), rig.get('K.TIME'), Array.from(rig.get('K') as Float64Array)]).toEqual([
      1,
      '2020-01-01T12:00:03.000000000Z',
      [3],
    ]);
  });

  it('posts NUSE to those who watch it', () => {
    const rig = new SoftRig(`record(ao,"I"){}
      record(compress,"K"){field(INP,"I") field(ALG,"Circular Buffer") field(NSAM,"2")}`);
    using _watch = rig.watch('K.NUSE');
    const posted = [1, 2, 3].map(() => {
      void rig.put('K.PROC', 1);
      return rig.events().filter((event) => event.startsWith('K.'));
    });
    expect(posted).toEqual([['K.NUSE=VL'], ['K.NUSE=VL'], []]);
  });

  it('appends what is put to VAL', () => {
    const rig = new SoftRig(`record(compress,"K"){field(ALG,"Circular Buffer") field(NSAM,"3")}`);
    void rig.put('K', Float64Array.of(1, 2));
    void rig.put('K', Float64Array.of(3, 4));
    expect(Array.from(rig.get('K') as Float64Array)).toEqual([2, 3, 4]);
  });

  it('reads on after its source came back', () => {
    const rig = new SoftRig(`record(waveform,"I"){field(NELM,"2") field(FTVL,"DOUBLE")}
      record(compress,"K"){field(INP,"I") field(ALG,"Circular Buffer") field(NSAM,"3")}`);
    void rig.put('K.PROC', 1);
    expect([rig.choice('K.STAT'), rig.choice('K.SEVR')]).toEqual(['LINK', 'INVALID']);
    void rig.put('I', Float64Array.of(1, 2));
    void rig.put('K.PROC', 1);
    expect([rig.choice('K.SEVR'), Array.from(rig.get('K') as Float64Array)]).toEqual([
      'NO_ALARM',
      [1, 2],
    ]);
  });
});
