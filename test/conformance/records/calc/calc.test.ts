import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CALC_VAL, CalcError, calcValues, compileCalc } from '../../../../src/records/index.ts';

describe('CALC expressions give what EPICS base gives', () => {
  const vectors = vectorsOf('results.txt');

  it('there are at least 300 of them', () => {
    expect(vectors.length).toBeGreaterThan(300);
  });

  for (const [text, expected] of vectors) {
    it(`${text} is ${expected}`, () => {
      const value = evaluate(text);
      expect(isSame(value, numberOf(expected)), `${value}`).toBe(true);
    });
  }
});

describe('texts that are no CALC expression are refused where they go wrong', () => {
  for (const [text, expected] of vectorsOf('errors.txt')) {
    it(`"${text}": ${expected}`, () => {
      const error = thrownBy(() => compileCalc(text, 12));
      expect(error).toBeInstanceOf(CalcError);
      expect(`${(error as CalcError).kind} ${(error as CalcError).position}`).toBe(expected);
    });
  }
});

function vectorsOf(file: string): (readonly [string, string])[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return text.split('\n').flatMap((line) => {
    const end = line.lastIndexOf(' -> ');
    return end < 0 || line.startsWith('# ') ? [] : [[line.slice(0, end), line.slice(end + 4)]];
  });
}

function evaluate(text: string): number {
  const values = calcValues();
  for (let input = 0; input < 12; input++) values[input] = input + 1;
  values[CALC_VAL] = 0.5;
  compileCalc(text, 12).run(values);
  return values[CALC_VAL] ?? 0;
}

/** Functions such as sin may differ in their last bit between libraries; nothing else may. */
function isSame(value: number, expected: number): boolean {
  if (Object.is(value, expected)) return true;
  return value !== 0 && Math.abs(value - expected) < Math.abs(expected) * 3e-16;
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
