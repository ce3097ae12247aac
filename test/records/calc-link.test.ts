import { describe, expect, it } from 'vitest';
import { type Log, silentLog } from '../../src/kernel/index.ts';
import { metadataOf } from '../../src/records/index.ts';
import { SoftRig } from './soft-rig.ts';

describe('a calc link', () => {
  it('reads what other link fields could say, with their modifiers', () => {
    const rig = new SoftRig(`record(ao,"X"){field(HIGH,"5") field(HSV,"MINOR")} record(ao,"Y"){}
      record(ai,"C"){field(INP,{calc:{expr:"A+B",args:["X CP MS","Y.VAL"]}})}`);
    void rig.put('Y', 1);
    void rig.put('X', 6);
    expect([rig.get('C'), rig.choice('C.STAT'), rig.choice('C.SEVR')]).toEqual([
      7,
      'LINK',
      'MINOR',
    ]);
  });

  it('makes its record invalid when one of its links fails, and goes on with the value before', () => {
    const rig = new SoftRig(`record(stringin,"S"){field(VAL,"4")}
      record(ai,"C"){field(INP,{calc:{expr:"A*2",args:["S"]}})}`);
    void rig.put('C.PROC', 1);
    void rig.put('S', 'x');
    void rig.put('C.PROC', 1);
    expect([rig.get('C'), rig.choice('C.STAT'), rig.choice('C.SEVR')]).toEqual([
      8,
      'LINK',
      'INVALID',
    ]);
  });

  it('writes where "out" says', () => {
    const rig = new SoftRig(`record(ao,"X"){}
      record(ao,"C"){field(OUT,{calc:{expr:"VAL*10",out:"X PP"}})}`);
    void rig.put('C', 3);
    expect(rig.get('X')).toBe(30);
  });

  it('gives its record the time of the argument that "time" names, for TSE -2', () => {
    const rig = new SoftRig(`record(ao,"X"){}
      record(ai,"C"){field(TSE,"-2") field(INP,{calc:{expr:"A+B",args:[1,"X"],time:"b"}})}`);
    void rig.put('X', 1);
    rig.clock.advance(5000);
    void rig.put('C.PROC', 1);
    expect(rig.get('C.TIME')).toBe('2020-01-01T12:00:00.000000000Z');
  });

  it('tells units and precision of what it fills', () => {
    const { records } = new SoftRig(
      'record(calc,"C"){field(INPA,{calc:{expr:"1",units:"mm",prec:2}})}',
    );
    const field = records.field(records.slotOf('C') ?? -1, 'A');
    if (!field) throw new Error('no C.A');
    expect(metadataOf(records.columns, field)).toMatchObject({ units: 'mm', precision: 2 });
  });

  it('in FLNK processes nothing, and the log says so', () => {
    const said: string[] = [];
    void new SoftRig('record(ai,"C"){field(FLNK,{calc:{expr:"A"}})}', { log: heardBy(said) });
    expect(said.join()).toContain('Link C.FLNK leads nowhere: a calc link processes nothing');
  });

  it('needs "out" where it is an output', () => {
    const said: string[] = [];
    void new SoftRig('record(ao,"C"){field(OUT,{calc:{expr:"A"}})}', { log: heardBy(said) });
    expect(said.join()).toContain('"out": an output needs a link');
  });

  it('is a local link for INAV', () => {
    const rig = new SoftRig('record(calcout,"C"){field(INPA,{calc:{expr:"1"}})}');
    expect(rig.choice('C.INAV')).toBe('Local PV');
  });

  it.each([
    ['INP', '{calc:{args:[1]}}', '"expr": an input needs an expression'],
    ['INP', '{calc:{expr:"A+"}}', 'CALC "A+", character 3'],
    ['INP', '{calc:{expr:5}}', '"expr": a text is expected'],
    ['INP', '{calc:{expr:"A",size:1}}', '"size": is none of expr, args'],
    ['INP', '{calc:{expr:"A",args:[1],time:"B"}}', '"time": none of the arguments A'],
    ['INP', '{calc:{expr:"A",out:"X"}}', '"out": an input has none'],
    ['INP', '{calc:{expr:"A",units:1}}', '"units": a text is expected'],
    ['INP', '{calc:{expr:"A",prec:"1"}}', '"prec": a number is expected'],
    ['INP', '{calc:"A"}', '"calc": an object is expected'],
    ['INP', '{calc:{expr:"A",major:1}}', '"major": a text is expected'],
  ])('in %s that says %s is refused: %s', (field, text, why) => {
    const said: string[] = [];
    const rig = new SoftRig(`record(ai,"C"){field(${field},${text})}`, { log: heardBy(said) });
    expect(said.join()).toContain(why);
    void rig.put('C.PROC', 1);
    expect(rig.choice('C.SEVR')).toBe('INVALID');
  });
});

function heardBy(said: string[]): Log {
  return { ...silentLog, warn: (line: string) => said.push(line) } as unknown as Log;
}
