import { describe, expect, it } from 'vitest';
import { SoftRig } from '../soft-rig.ts';

describe('a sel record', () => {
  it('posts VAL and, to those who watch them, SELN and the inputs', () => {
    const rig = new SoftRig(`record(ao,"X"){} record(ao,"Y"){}
      record(sel,"S"){field(SELM,"High Signal") field(INPA,"X") field(INPB,"Y")}`);
    void rig.put('S.PROC', 1);
    rig.events();
    using _number = rig.watch('S.SELN');
    using _input = rig.watch('S.B');
    void rig.put('Y', 5);
    rig.events();
    void rig.put('S.PROC', 1);
    expect(rig.events()).toEqual(['S=VL', 'S.SELN=VL', 'S.B=VL']);
  });

  it('keeps VAL when the specified input cannot be read', () => {
    const rig = new SoftRig(`record(stringin,"X"){field(VAL,"4")}
      record(sel,"S"){field(INPA,"X")}`);
    void rig.put('S.PROC', 1);
    void rig.put('X', 'broken');
    void rig.put('S.PROC', 1);
    expect([rig.get('S'), rig.choice('S.STAT')]).toEqual([4, 'LINK']);
  });

  it('cannot be written', () => {
    const rig = new SoftRig('record(sel,"S"){}');
    expect(rig.put('S', 3)).toMatchObject({ kind: 'refused', reason: 'read-only' });
  });
});

describe('a fanout record', () => {
  it('completes a put when all that it processes is over', async () => {
    const rig = new SoftRig(`record(fanout,"F"){field(LNK1,"A") field(LNK2,"B")}
      record(calcout,"A"){field(ODLY,"1")} record(calcout,"B"){field(ODLY,"2")}`);
    let isDone = false;
    const put = Promise.resolve(rig.put('F.PROC', 1, true)).then(() => {
      isDone = true;
    });
    rig.clock.advance(1999);
    await Promise.resolve();
    expect(isDone).toBe(false);
    rig.clock.advance(1);
    await put;
    expect(isDone).toBe(true);
  });

  it('posts VAL when its alarm changes only, and SELN to those who watch it', () => {
    const rig = new SoftRig(`record(ao,"N"){field(VAL,"3")}
      record(fanout,"F"){field(SELM,"Specified") field(SELL,"N")}`);
    using _watch = rig.watch('F.SELN');
    void rig.put('F.PROC', 1);
    expect(rig.events()).toEqual(['F=A', 'F.SELN=VL']);
    void rig.put('F.PROC', 1);
    expect(rig.events()).toEqual([]);
  });
});

describe('a dfanout record', () => {
  it('is invalid when an output cannot take the value, and writes the others', () => {
    const rig = new SoftRig(`record(dfanout,"D"){field(OUTA,"X.NAME") field(OUTB,"X")}
      record(ao,"X"){}`);
    void rig.put('D', 5);
    expect([rig.choice('D.STAT'), rig.choice('D.SEVR'), rig.get('X')]).toEqual([
      'LINK',
      'INVALID',
      5,
    ]);
  });

  it('hands its alarm on through links with MS', () => {
    const rig = new SoftRig(`record(dfanout,"D"){field(OUTA,"X PP MS") field(HIGH,"1")
      field(HSV,"MAJOR")} record(ao,"X"){}`);
    void rig.put('D', 5);
    expect([rig.choice('X.STAT'), rig.choice('X.SEVR')]).toEqual(['LINK', 'MAJOR']);
  });
});
