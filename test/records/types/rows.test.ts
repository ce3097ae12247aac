import { describe, expect, it } from 'vitest';
import type { PvValue } from '../../../src/records/index.ts';
import { SoftRig } from '../soft-rig.ts';

function numbers(value: PvValue): unknown[] {
  return typeof value === 'object' ? [...value] : [value];
}

describe.each(['aai', 'aao'])('an %s record', (type) => {
  it('posts each row, or changed ones only where MPST and APST say so', () => {
    const posted = (rules: string) => {
      const rig = new SoftRig(`record(${type},"R"){field(NELM,"3") field(FTVL,"SHORT") ${rules}}`);
      void rig.put('R', Float64Array.of(1, 2));
      rig.events();
      const events = [
        [1, 2],
        [1, 2, 3],
      ].map((row) => {
        void rig.put('R', Float64Array.from(row));
        return rig.events().join();
      });
      return events;
    };
    expect(posted('')).toEqual(['R=VL', 'R=VL']);
    expect(posted('field(MPST,"On Change")')).toEqual(['R=L', 'R=VL']);
    expect(posted('field(APST,"On Change")')).toEqual(['R=V', 'R=VL']);
    expect(posted('field(MPST,"On Change") field(APST,"On Change")')).toEqual(['', 'R=VL']);
  });

  it('posts NORD to those who watch it', () => {
    const rig = new SoftRig(`record(${type},"R"){field(NELM,"3") field(FTVL,"DOUBLE")}`);
    using _watch = rig.watch('R.NORD');
    void rig.put('R', Float64Array.of(1, 2));
    expect(rig.events()).toContain('R.NORD=VL');
    void rig.put('R', Float64Array.of(3, 4));
    expect(rig.events()).not.toContain('R.NORD=VL');
  });

  it('refuses texts that are no numbers', () => {
    const rig = new SoftRig(`record(${type},"R"){field(NELM,"3") field(FTVL,"LONG")}`);
    expect(rig.put('R', ['1', 'x'])).toMatchObject({ kind: 'refused', reason: 'bad-value' });
  });

  it('holds each type of element', () => {
    for (const ftvl of ['CHAR', 'UCHAR', 'SHORT', 'USHORT', 'LONG', 'ULONG', 'INT64', 'UINT64']) {
      const rig = new SoftRig(`record(${type},"R"){field(NELM,"3") field(FTVL,"${ftvl}")
        field(MPST,"On Change")}`);
      void rig.put('R', Float64Array.of(1, 2, 100));
      expect(numbers(rig.get('R')), ftvl).toEqual([1, 2, 100]);
    }
    const rig = new SoftRig(`record(${type},"R"){field(NELM,"2") field(FTVL,"STRING")
      field(MPST,"On Change")}`);
    void rig.put('R', ['a', 'b']);
    expect(rig.get('R')).toEqual(['a', 'b']);
  });
});

describe('an aai record', () => {
  it('is invalid when its source cannot be read, and keeps its row', () => {
    const rig = new SoftRig(`record(stringin,"S"){field(VAL,"7")}
      record(aai,"R"){field(NELM,"3") field(FTVL,"LONG") field(INP,"S")}`);
    void rig.put('R.PROC', 1);
    void rig.put('S', 'x');
    void rig.put('R.PROC', 1);
    expect([numbers(rig.get('R')), rig.choice('R.STAT'), rig.choice('R.SEVR')]).toEqual([
      [7],
      'LINK',
      'INVALID',
    ]);
  });
});

describe('waveform and aai', () => {
  it.each(['waveform', 'aai'])('%s know the hash of their row where changes count', (type) => {
    const rig = new SoftRig(`record(${type},"R"){field(NELM,"3") field(FTVL,"SHORT")
      field(MPST,"On Change")}`);
    void rig.put('R', Float64Array.of(1, 2, 3));
    expect(rig.get('R.HASH')).toBe(2987656655);
  });
});

describe('a subArray record', () => {
  it('posts each processing', () => {
    const rig = new SoftRig(`record(waveform,"I"){field(NELM,"4") field(FTVL,"DOUBLE")}
      record(subArray,"S"){field(MALM,"4") field(NELM,"2") field(FTVL,"DOUBLE") field(INP,"I")}`);
    void rig.put('I', Float64Array.of(1, 2, 3));
    rig.events();
    void rig.put('S.PROC', 1);
    expect(rig.events()).toEqual(['S=VLA']);
    void rig.put('S.PROC', 1);
    expect(rig.events()).toEqual(['S=VL']);
  });

  it('is undefined with UDFS while its source cannot be read', () => {
    const rig = new SoftRig(`record(stringin,"T"){field(VAL,"x")}
      record(subArray,"S"){field(MALM,"4") field(NELM,"2") field(FTVL,"DOUBLE") field(INP,"T")
        field(UDFS,"MINOR")}`);
    void rig.put('S.PROC', 1);
    expect([rig.get('S.UDF'), numbers(rig.get('S')), rig.choice('S.STAT')]).toEqual([
      1,
      [],
      'LINK',
    ]);
  });
});
