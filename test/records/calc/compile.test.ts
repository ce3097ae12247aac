import { describe, expect, it } from 'vitest';
import { CALC_VAL, calcValues, compileCalc } from '../../../src/records/index.ts';

describe('a compiled CALC expression', () => {
  it('reads its inputs at each run', () => {
    const calc = compileCalc('A*2+B');
    const values = calcValues();
    values.set([1, 2]);
    calc.run(values);
    expect(values[CALC_VAL]).toBe(4);
    values.set([10, 5]);
    calc.run(values);
    expect(values[CALC_VAL]).toBe(25);
  });

  it('knows VAL as the result of the run before', () => {
    const calc = compileCalc('VAL+1');
    const values = calcValues();
    for (let run = 0; run < 3; run++) calc.run(values);
    expect(values[CALC_VAL]).toBe(3);
  });

  it('writes what it assigns, and nothing else', () => {
    const values = calcValues().fill(7);
    compileCalc('B:=A+1;C:=B*2;C').run(values);
    expect([...values]).toEqual([7, 8, 16, ...Array(18).fill(7), 16]);
  });

  it('tells the inputs that it needs, not those that it assigned before', () => {
    expect(compileCalc('A+C').inputs).toBe(0b101);
    expect(compileCalc('13.1;B:=A;A:=B;C:=D;D:=C').inputs).toBe(0b1001);
    expect(compileCalc('VAL+PI').inputs).toBe(0);
  });

  it('tells the inputs that it assigns', () => {
    expect(compileCalc('A:=1;C:=2;A').assigned).toBe(0b101);
    expect(compileCalc('A').assigned).toBe(0);
  });

  it('has the inputs A to U, or fewer where a record has fewer', () => {
    const values = calcValues();
    values[20] = 3;
    compileCalc('U*U').run(values);
    expect(values[CALC_VAL]).toBe(9);
    expect(() => compileCalc('U*U', 12)).toThrow(
      'CALC "U*U", character 1: a value was expected (a number, A to L, VAL, PI, a function or "(")' +
        ', not "U*U"',
    );
  });

  it('can be run by several owners in turn', () => {
    const calc = compileCalc('A?B:-B');
    const one = calcValues();
    const other = calcValues();
    one.set([1, 5]);
    other.set([0, 5]);
    calc.run(one);
    calc.run(other);
    expect([one[CALC_VAL], other[CALC_VAL]]).toEqual([5, -5]);
  });

  it('gives random numbers from 0 to 1 that change', () => {
    const calc = compileCalc('RNDM');
    const values = calcValues();
    const seen = Array.from({ length: 1000 }, () => {
      calc.run(values);
      return values[CALC_VAL] ?? -1;
    });
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...seen)).toBeLessThanOrEqual(1);
    expect(new Set(seen).size).toBeGreaterThan(900);
  });

  it('evaluates RNDM once per mention, also where a shortcut were possible', () => {
    const values = calcValues();
    compileCalc('A:=RNDM;B:=RNDM;A=B').run(values);
    expect(values[CALC_VAL]).toBe(0);
    compileCalc('1||RNDM').run(values);
    expect(values[CALC_VAL]).toBe(1);
  });
});

describe('limits of CALC expressions', () => {
  it('takes 79 levels of parentheses, not 80', () => {
    expect(() => compileCalc(`${'('.repeat(79)}1${')'.repeat(79)}`)).not.toThrow();
    expect(() => compileCalc(`${'('.repeat(80)}1${')'.repeat(80)}`)).toThrow(
      'character 80: nested',
    );
  });

  it('takes 79 values that wait for their operator, not 80', () => {
    const list = (count: number) => `MAX(${Array(count).fill('1').join(',')})`;
    expect(() => compileCalc(list(79))).not.toThrow();
    expect(() => compileCalc(list(80))).toThrow('more than 79 values');
  });

  it('takes 4096 characters, not 4097', () => {
    const sum = `1${'+1'.repeat(2047)}`;
    const values = calcValues();
    compileCalc(`${sum} `).run(values);
    expect(values[CALC_VAL]).toBe(2048);
    expect(() => compileCalc(`${sum}  `)).toThrow('4097 characters');
  });
});
