import { describe, expect, it } from 'vitest';
import { i16 } from '../../src/model/index.ts';
import { Rig } from './rig.ts';

describe('closed loop', () => {
  it.each([
    ['ao', '2.5', 2.5],
    ['bo', '1', 1],
    ['mbbo', '3', 3],
    ['longout', '7', 7],
    ['int64out', '9', 9],
    ['stringout', '2.5', '2.500000'],
  ])('of %s takes the value of DOL', (type, value, expected) => {
    const rig = new Rig().load(`
      record(ao, "N") { field(VAL, "${value}") field(PREC, "6") }
      record(${type}, "A") { field(OMSL, "closed_loop") field(DOL, "N") }`);
    rig.put('A.PROC', 1);
    const read = rig.get('A');
    expect(typeof expected === 'number' ? Number(read) : read).toBe(expected);
    expect(rig.get('A.UDF')).toBe(0);
  });

  it('does not move when DOL cannot be had, and the output is INVALID', () => {
    const rig = new Rig().load(`
      record(stringout, "T") { field(VAL, "x") }
      record(longout, "A") { field(OMSL, "closed_loop") field(DOL, "T") field(OUT, "B") field(VAL, "3") }
      record(longout, "B") {}`);
    rig.put('A.PROC', 1);
    expect([rig.get('A'), rig.alarm('A'), rig.get('B')]).toEqual([3, 'LINK INVALID', 3]);
  });

  it('counts puts to VAL for nothing', () => {
    const rig = new Rig().load(`
      record(ao, "STEP") { field(VAL, "1") }
      record(ao, "A") { field(OMSL, "closed_loop") field(DOL, "STEP") field(OIF, "Incremental") }`);
    rig.put('A.PROC', 1);
    rig.put('A', 50);
    expect(rig.get('A')).toBe(2);
  });
});

describe('an ao', () => {
  it('moves by at most OROC', () => {
    const rig = new Rig().load(
      'record(ao, "A") { field(OROC, "2") field(OUT, "B") } record(ao, "B") {}',
    );
    rig.put('A', 5);
    const seen = [rig.get('B')];
    for (let i = 0; i < 3; i++) {
      rig.put('A.PROC', 1);
      seen.push(rig.get('B'));
    }
    expect(seen).toEqual([2, 4, 5, 5]);
    expect([rig.get('A'), rig.get('A.OVAL')]).toEqual([5, 5]);
    rig.put('A', -9);
    expect(rig.get('A.OVAL')).toBe(3);
  });

  it('with Raw Soft Channel writes counts', () => {
    const rig = new Rig().load(`
      record(ao, "A") { field(DTYP, "Raw Soft Channel") field(OUT, "B") field(LINR, "SLOPE")
                        field(ESLO, "0.1") field(EOFF, "1") }
      record(longout, "B") {}`);
    rig.put('A', 2.26);
    expect([rig.get('B'), rig.get('A.RVAL')]).toEqual([13, 13]);
  });

  it('has the drive limits as its own', () => {
    const rig = new Rig().load(`
      record(ao, "N") { field(VAL, "99") }
      record(ao, "A") { field(DRVH, "10") field(DRVL, "-10") field(OMSL, "closed_loop") field(DOL, "N") }`);
    rig.put('A.PROC', 1);
    expect(rig.get('A')).toBe(10);
  });
});

describe('LINR LINEAR', () => {
  it('makes slope and offset of EGUF and EGUL at the ends of the integer of the plant', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', i16, { LINR: 'LINEAR', EGUL: -10, EGUF: 10 });
    rig.load('');
    rig.feed(a, 32767);
    expect(rig.get('A')).toBeCloseTo(10, 10);
    rig.feed(a, -32768);
    expect(rig.get('A')).toBeCloseTo(-10, 10);
    rig.put('A.EGUF', 30);
    expect(rig.get('A.ESLO')).toBeCloseTo(40 / 65535, 12);
  });

  it('has EGUL as the offset of what has no plant', () => {
    const rig = new Rig().load(
      'record(ai, "A") { field(DTYP, "Raw Soft Channel") field(INP, "N") field(LINR, "LINEAR") field(EGUL, "5") } record(longout, "N") { field(VAL, "2") }',
    );
    rig.put('A.PROC', 1);
    expect([rig.get('A'), rig.get('A.EOFF')]).toEqual([7, 5]);
  });
});

describe('IVOA', () => {
  const text = (ivoa: string) => `
    record(stringout, "T") { field(VAL, "x") }
    record(ao, "N") { field(VAL, "3") }
    record(ao, "A") { field(OUT, "B") field(OMSL, "closed_loop") field(DOL, "N MS") field(IVOA, "${ivoa}")
                      field(IVOV, "-1") }
    record(ao, "B") {}`;

  it.each([
    ['Continue normally', 4],
    ["Don't drive outputs", 3],
    ['Set output to IVOV', -1],
  ])('%s', (ivoa, expected) => {
    const rig = new Rig().load(text(ivoa));
    rig.put('N', 3);
    rig.put('A.PROC', 1);
    expect(rig.get('B')).toBe(3);
    rig.put('N.LOLO', 100);
    rig.put('N.LLSV', 'INVALID');
    rig.put('N', 4);
    rig.put('A.PROC', 1);
    expect(rig.get('B')).toBe(expected);
    expect(rig.alarm('A')).toBe('LINK INVALID');
  });
});

describe('a bo', () => {
  it('with HIGH falls back after so many seconds', () => {
    const rig = new Rig().load(
      'record(bo, "A") { field(HIGH, "2") field(OUT, "B") } record(bo, "B") {}',
    );
    rig.put('A', 1);
    rig.clock.advance(1500);
    rig.put('A', 1);
    rig.clock.advance(1500);
    expect([rig.get('A'), rig.get('B')]).toEqual([1, 1]);
    rig.clock.advance(500);
    expect([rig.get('A'), rig.get('B')]).toEqual([0, 0]);
  });

  it('with MASK writes that', () => {
    const rig = new Rig().load(`
      record(bo, "A") { field(DTYP, "Raw Soft Channel") field(OUT, "B") field(MASK, "8") }
      record(longout, "B") {}`);
    rig.put('A', 1);
    expect([rig.get('B'), rig.get('A.RVAL')]).toEqual([8, 8]);
  });
});

describe('an mbbo', () => {
  it('with Raw Soft Channel writes the value of its state, shifted', () => {
    const rig = new Rig().load(`
      record(mbbo, "A") { field(DTYP, "Raw Soft Channel") field(OUT, "B") field(SHFT, "4")
                          field(ZRVL, "1") field(ZRST, "a") field(ONVL, "5") field(ONST, "b") }
      record(longout, "B") {}`);
    rig.put('A', 'b');
    expect(rig.get('B')).toBe(80);
  });

  it('in no state is SOFT and INVALID', () => {
    const rig = new Rig().load(
      'record(mbbo, "A") { field(ZRST, "a") field(OUT, "B") } record(ai, "B") {}',
    );
    rig.put('A', 20);
    expect(rig.alarm('A')).toBe('SOFT INVALID');
  });
});

describe('a longout', () => {
  it.each([
    ['Every Time', [0, 0, 1, 1, 0], [0, 0, 1, 1, 0]],
    ['On Change', [0, 0, 1, 1, 0], [0, 1, 0]],
    ['When Zero', [0, 0, 1, 1, 0], [0, 0, 0]],
    ['When Non-zero', [0, 0, 1, 1, 0], [1, 1]],
    ['Transition To Zero', [0, 0, 1, 1, 0], [0]],
    ['Transition To Non-zero', [0, 0, 1, 1, 0], [1]],
  ])('with OOPT %s', (oopt, puts, expected) => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    rig.records.sink = (request) => {
      rig.requests.push(request);
      request.settle({ kind: 'done' });
    };
    rig.load(`record(longout, "A") { field(OUT, "X PP") field(OOPT, "${oopt}") }`);
    for (const value of puts) rig.put('A', value);
    expect(rig.requests.map(({ value }) => value)).toEqual(expected);
  });

  it('writes another OUT at once, unless OOCH says no', () => {
    const rig = new Rig().load(`
      record(longout, "A") { field(OUT, "B") field(OOPT, "On Change") field(VAL, "5") }
      record(longout, "B") {} record(longout, "C") {} record(longout, "D") {}`);
    rig.put('A.PROC', 1);
    rig.put('A.OUT', 'C');
    rig.put('A.PROC', 1);
    rig.put('A.OOCH', 'NO');
    rig.put('A.OUT', 'D');
    rig.put('A.PROC', 1);
    expect([rig.get('B'), rig.get('C'), rig.get('D')]).toEqual([5, 5, 0]);
  });
});

describe('a setpoint of the plant', () => {
  it('that never had a value sends none', () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', i16);
    rig.load('record(bo, "GO") { field(FLNK, "X") }');
    rig.put('GO', 1);
    expect(rig.requests).toEqual([]);
    expect(rig.alarm('X')).toBe('UDF INVALID');
  });

  it('goes through a soft record as through itself', async () => {
    const rig = new Rig();
    rig.setpoint('X', 'ao', i16, { DRVH: 10, DRVL: 0 });
    rig.load('record(ao, "A") { field(OUT, "X PP") }');
    const outcome = rig.put('A', 99, true);
    expect(rig.requests).toMatchObject([{ value: 10 }]);
    rig.requests[0]?.settle({ kind: 'done' });
    expect(await outcome).toEqual({ kind: 'done' });
  });

  it('takes a read-back without sending it, and its FLNK follows', () => {
    const rig = new Rig();
    const x = rig.setpoint('X', 'ao', i16, { FLNK: 'N' });
    rig.load('record(ai, "N") { field(INP, "X") }');
    rig.records.adopt(x, 20, 3000, 7);
    rig.records.processDirty();
    expect(rig.requests).toEqual([]);
    expect([rig.get('X'), rig.get('N')]).toEqual([20, 20]);
  });
});
