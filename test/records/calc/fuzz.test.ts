import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalcError, calcValues, compileCalc } from '../../../src/records/index.ts';

/** `node scripts/fuzz.mjs 1000000` sets them. */
const RUNS = Number(process.env['FUZZ_FRAMES'] ?? 20_000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

const element = fc.constantFrom(
  ...['A', 'l', 'U', 'VAL', '0', '1.5', '0x', '0xFF', '1e', 'Inf', 'NAN(', '(', ')', ',', '?', ':'],
  ...[
    ':=',
    ';',
    '+',
    '-',
    '*',
    '**',
    '/',
    '%',
    '!',
    '~',
    '<',
    '<<',
    '>>>',
    '=',
    '#',
    '&',
    '|',
    '^',
  ],
  ...['NOT', 'AND', 'MAX', 'MIN(', 'FMOD(', 'ATAN2', 'SIN', 'RNDM', ' ', '\t', '.', '"', '{', 'ß'],
);
const soup = fc.array(element, { maxLength: 40 }).map((elements) => elements.join(''));
const texts = fc.oneof(
  { arbitrary: soup, weight: 9 },
  fc.string({ unit: 'binary', maxLength: 90 }),
);

describe('any text', () => {
  it('is a CALC expression that runs, or is refused at one of its characters', () => {
    let taken = 0;
    const property = fc.property(texts, (text) => {
      const values = calcValues();
      try {
        compileCalc(text).run(values);
        taken++;
      } catch (error) {
        expect(error).toBeInstanceOf(CalcError);
        const { position } = error as CalcError;
        expect(position >= 1 && position <= text.length + 1, `${text}: ${position}`).toBe(true);
      }
    });
    fc.assert(property, { numRuns: RUNS, seed });
    expect(taken).toBeGreaterThan(0);
  }, 600_000);
});
