import { describe, expect, it } from 'vitest';
import { metadataOf } from '../../../src/records/index.ts';
import { SoftRig } from '../soft-rig.ts';

describe('a seq record', () => {
  const database = `record(seq,"Q"){field(DO0,"1") field(LNK0,"X PP") field(DLY1,"1")
      field(DOL1,"X") field(LNK1,"Y.A PP") field(DLY2,"2") field(LNK2,"Z PP") field(FLNK,"F")}
    record(ao,"X"){} record(calc,"Y"){field(CALC,"A+1")} record(ao,"Z"){}
    record(calc,"F"){field(CALC,"VAL+1")}`;

  it('writes its groups when their delays are over, then processes FLNK', () => {
    const rig = new SoftRig(database);
    void rig.put('Q.DO2', 9);
    void rig.put('Q.PROC', 1);
    const seen = () => ['X', 'Y', 'Z', 'F', 'Q.PACT'].map((name) => rig.get(name));
    expect(seen()).toEqual([1, 0, 0, 0, 1]);
    rig.clock.advance(999);
    expect(seen()).toEqual([1, 0, 0, 0, 1]);
    rig.clock.advance(1);
    expect(seen()).toEqual([1, 2, 0, 0, 1]);
    rig.clock.advance(2000);
    expect(seen()).toEqual([1, 2, 9, 1, 0]);
  });

  it('completes a put when its last group is written', async () => {
    const rig = new SoftRig(database);
    const put = rig.put('Q.PROC', 1, true);
    expect(put).toBeInstanceOf(Promise);
    rig.clock.advance(3000);
    expect(await put).toEqual({ kind: 'done' });
  });

  it('begins once more when it was asked to meanwhile', () => {
    const rig = new SoftRig(database);
    void rig.put('Q.PROC', 1);
    void rig.put('X', 5);
    void rig.put('Q.PROC', 1);
    expect(rig.get('Q.RPRO')).toBe(1);
    rig.clock.advance(3000);
    rig.clock.advance(3000);
    expect(rig.get('F')).toBe(2);
  });

  it('writes after the processing that asked for it, as base does from a task of its own', () => {
    const rig = new SoftRig(`record(fanout,"F"){field(LNK1,"Q") field(LNK2,"C")}
      record(seq,"Q"){field(DO1,"7") field(LNK1,"X")} record(ao,"X"){}
      record(calc,"C"){field(CALC,"A") field(INPA,"X")}`);
    void rig.put('F.PROC', 1);
    expect([rig.get('C'), rig.get('X')]).toEqual([0, 7]);
  });

  it('posts a DOn that it read', () => {
    const rig = new SoftRig(database);
    using _watch = rig.watch('Q.DO1');
    void rig.put('Q.PROC', 1);
    rig.events();
    rig.clock.advance(1000);
    expect(rig.events()).toContain('Q.DO1=VL');
  });

  it('goes on when one of its outputs cannot take the value, and is invalid', () => {
    const rig = new SoftRig(`record(seq,"Q"){field(DO0,"1") field(LNK0,"X.NAME") field(DO1,"2")
      field(LNK1,"X")} record(ao,"X"){}`);
    void rig.put('Q.PROC', 1);
    expect([rig.get('X'), rig.choice('Q.STAT'), rig.choice('Q.SEVR')]).toEqual([
      2,
      'LINK',
      'INVALID',
    ]);
  });

  it('tells of DOn what the field tells that DOLn reads', () => {
    const { records } = new SoftRig(`record(seq,"Q"){field(DOL1,"X")}
      record(ao,"X"){field(EGU,"mm") field(HOPR,"5")}`);
    const about = (name: string) => {
      const field = records.field(records.slotOf('Q') ?? -1, name);
      if (!field) throw new Error(`no ${name}`);
      const { units, display } = metadataOf(records.columns, field);
      return [units, display.high];
    };
    expect([about('DO1'), about('DO2')]).toEqual([
      ['mm', 5],
      ['', 0],
    ]);
  });
});
