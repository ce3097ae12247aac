import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DatabaseError,
  DatabaseLoader,
  MacroTable,
  parseAccessFile,
} from '../../src/database/index.ts';
import { readMsiSubstitutions } from '../../src/database/msi-substitutions.ts';
import { Complaints } from '../../src/database/problem.ts';
import { Source } from '../../src/database/source.ts';
import { readSubstitutions } from '../../src/database/substitutions.ts';

/** Longest text of an error: so many problems of so many characters. */
const LONGEST = 21 * 400;

const words = [
  ...['record', 'alias', 'field', 'info', 'menu', 'breaktable', 'UAG', 'HAG', 'ASG', 'RULE'],
  ...['CALC', 'METHOD', 'AUTHORITY', 'INPA', 'READ', 'TRAPWRITE', 'ZAP', '0', '1', 'x', '"x"'],
  ...['(', ')', '{', '}', '[', ']', ',', ':', '=', '"', "'", '\\', '#', '%', '\n', ' ', '\t'],
  ...['$(', '${', '$(A', '$(A)', '$(A=', '$(A,B=', '$($(A))', 'µ', '\0', '\ud800'],
  ...['record(ai,A){', 'field(X,', 'ASG(a){', 'RULE(1,READ){', 'UAG(u){a}'],
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 60 })
  .map((parts) => parts.join(''));

/** Every outcome but a result or a bounded DatabaseError is a failure. */
function bounded(read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    expect(error.message.length).toBeLessThan(LONGEST);
    for (const { line, column } of error.problems) {
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
    }
  }
}

describe('any text', () => {
  it('is a database or told wrong', () => {
    const read = (given: string, macros: string) =>
      bounded(() => new DatabaseLoader({ env: {} }).loadText('x.db', given, macros));
    fc.assert(fc.property(text, text, read), { numRuns: 500 });
  });

  it('is an access security file or told wrong', () => {
    const read = (given: string) => bounded(() => parseAccessFile('x.acf', given));
    fc.assert(fc.property(text, read), { numRuns: 500 });
  });

  it('is a substitution file in either grammar or told wrong', () => {
    const more = fc.constantFrom('file x.db {', 'pattern {A B}', 'global {', '{1 2}', 'A=1', '}');
    const given = fc.array(fc.oneof(more, text), { maxLength: 12 }).map((parts) => parts.join(' '));
    const read = (substitutions: string) => {
      const source = new Source('x.sub', { text: substitutions, edits: [], faults: [] });
      bounded(() => [...readSubstitutions(source, '', new Complaints(), () => {})]);
      bounded(() => [...readMsiSubstitutions('x.sub', substitutions)]);
    };
    fc.assert(fc.property(given, read), { numRuns: 500 });
  });

  it('expands to a text, and again to itself where nothing is left to expand', () => {
    const expand = (given: string, definitions: string) => {
      const macros = new MacroTable(definitions);
      const { text: once, faults } = macros.expand(given);
      if (faults.length > 0 || /[$'"\\]/.test(once)) return;
      expect(macros.expand(once).text).toBe(once);
    };
    fc.assert(fc.property(text, text, expand), { numRuns: 1000 });
  });
});

describe('macros', () => {
  it('are values where references stood', () => {
    const name = fc.stringMatching(/^[A-Z]\w{0,5}$/);
    const plain = fc.stringMatching(/^[\w .:/-]*$/);
    const piece = fc.oneof(
      plain.map((given) => ({ given })),
      name.map((macro) => ({ macro })),
    );
    fc.assert(
      fc.property(fc.dictionary(name, plain), fc.array(piece), (values, pieces) => {
        const macros = new MacroTable();
        for (const [macro, value] of Object.entries(values)) macros.put(macro, value);
        const template = pieces.map((each) =>
          'given' in each ? each.given : `$(${each.macro}=none)`,
        );
        const expected = pieces.map((each) =>
          'given' in each
            ? each.given
            : Object.hasOwn(values, each.macro)
              ? values[each.macro]
              : 'none',
        );
        expect(macros.expand(template.join('')).text).toBe(expected.join(''));
      }),
    );
  });
});
