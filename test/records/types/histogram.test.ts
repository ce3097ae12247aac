import { describe, expect, it } from 'vitest';
import { SoftRig } from '../soft-rig.ts';

const limits = 'field(NELM,"4") field(LLIM,"0") field(ULIM,"8")';

describe('a histogram record', () => {
  it('posts when more than MDEL signals were counted', () => {
    const rig = new SoftRig(`record(histogram,"H"){${limits} field(MDEL,"2") field(SVL,"3")}`);
    const posted = [1, 2, 3, 4].map(() => {
      void rig.put('H.PROC', 1);
      return rig.events().join();
    });
    expect(posted).toEqual(['H=A', '', 'H=VL', '']);
  });

  it('posts what was counted each SDEL seconds', () => {
    const rig = new SoftRig(`record(histogram,"H"){${limits} field(SDEL,"2")}`);
    void rig.put('H.SGNL', 1);
    rig.events();
    rig.clock.advance(2000);
    expect([rig.events(), rig.get('H.MCNT')]).toEqual([['H=VL'], 0]);
    rig.clock.advance(2000);
    expect(rig.events()).toEqual([]);
    void rig.put('H.SDEL', 0);
    void rig.put('H.SGNL', 1);
    rig.events();
    rig.clock.advance(10_000);
    expect(rig.events()).toEqual([]);
  });

  it('posts a cleared histogram when it next processes', () => {
    const rig = new SoftRig(`record(histogram,"H"){${limits} field(SVL,"I")} record(ao,"I"){}`);
    void rig.put('H.PROC', 1);
    rig.events();
    void rig.put('H.CMD', 'Clear');
    void rig.put('I', 9);
    rig.events();
    void rig.put('H.PROC', 1);
    expect(rig.events()).toEqual(['H=VL']);
  });

  it('leaves the counts that were read as they were', () => {
    const rig = new SoftRig(`record(histogram,"H"){${limits}}`);
    const before = rig.get('H');
    void rig.put('H.SGNL', 1);
    expect([Array.from(before as Uint32Array), Array.from(rig.get('H') as Uint32Array)]).toEqual([
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ]);
  });
});
