import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALC_VAL, calcValues, compileCalc } from '../../../src/records/index.ts';
import { expressions, type Tree, textOf, worthOf } from './trees.ts';

const inputs = fc.array(fc.double({ min: -1e10, max: 1e10 }), { minLength: 12, maxLength: 12 });

describe('any CALC expression', () => {
  it('is worth what its tree is worth', () => {
    fc.assert(
      fc.property(expressions, inputs, fc.context(), (tree, numbers, context) => {
        context.log(textOf(tree));
        expect(evaluate(textOf(tree), numbers)).toBe(worthOf(tree, numbers));
      }),
      { numRuns: 2000 },
    );
  });

  it('is worth the same whatever the blanks and the case of its letters', () => {
    fc.assert(
      fc.property(
        expressions,
        inputs,
        fc.constantFrom('', ' ', '\t\r\n'),
        (tree, numbers, blank) => {
          const text = textOf(tree, blank);
          expect(evaluate(text.toLowerCase(), numbers)).toBe(worthOf(tree, numbers));
          expect(evaluate(text.toUpperCase(), numbers)).toBe(worthOf(tree, numbers));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('changes no input unless it assigns it', () => {
    fc.assert(
      fc.property(expressions, expressions, inputs, (first, second, numbers) => {
        const values = filled(numbers);
        compileCalc(`C:=${textOf(first)};${textOf(second)}`).run(values);
        const changed = numbers.with(2, worthOf(first, numbers));
        expect([...values.subarray(0, 12)]).toEqual(changed);
        expect(values[CALC_VAL]).toBe(worthOf(second, changed));
      }),
      { numRuns: 500 },
    );
  });

  it('means what it meant with needless parentheses around any part', () => {
    fc.assert(
      fc.property(expressions, inputs, (tree: Tree, numbers) => {
        const wrapped = textOf(tree, '', true);
        expect(evaluate(wrapped, numbers)).toBe(evaluate(textOf(tree), numbers));
      }),
      { numRuns: 500 },
    );
  });
});

function evaluate(text: string, numbers: readonly number[]): number {
  const values = filled(numbers);
  compileCalc(text).run(values);
  return values[CALC_VAL] ?? 0;
}

function filled(numbers: readonly number[]): Float64Array {
  const values = calcValues();
  values.set(numbers);
  return values;
}
