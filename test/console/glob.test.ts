import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../src/console/glob.ts';

describe('patterns', () => {
  it('match as those of EPICS', () => {
    expect(matchesGlob('T:ai', 'T:*i')).toBe(true);
    expect(matchesGlob('T:ai', 'T:??')).toBe(true);
    expect(matchesGlob('T:ai', 'T:?')).toBe(false);
    expect(matchesGlob('T:ai', '*')).toBe(true);
    expect(matchesGlob('', '*')).toBe(true);
    expect(matchesGlob('T:ai', 'T:ai*')).toBe(true);
    expect(matchesGlob('abcabd', '*ab?')).toBe(true);
    expect(matchesGlob('T:ai', '')).toBe(false);
  });

  it('match what the same pattern as a regular expression does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b') });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, patterns, (name, pattern) => {
        const expression = pattern.replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchesGlob(name, pattern)).toBe(new RegExp(`^${expression}$`).test(name));
      }),
    );
  });

  it('do not take exponential time', () => {
    expect(matchesGlob('a'.repeat(2000), `${'a*'.repeat(50)}b`)).toBe(false);
  });
});
