import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Source } from '../../src/database/source.ts';

describe('places in a text', () => {
  it('are told in any order', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '\n', 'é') });
    fc.assert(
      fc.property(texts, fc.array(fc.nat(100)), (text, asked) => {
        const source = new Source('f', { text, edits: [], faults: [] });
        for (const offset of asked.filter((each) => each <= text.length)) {
          const lines = text.slice(0, offset).split('\n');
          const { line, column } = source.position(offset);
          expect([line, column]).toEqual([lines.length, (lines.at(-1)?.length ?? 0) + 1]);
        }
      }),
    );
  });
});
