import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/console/words.ts';

const words = (line: string) => splitWords(line).words;
const redirects = (line: string) => splitWords(line).redirects;

describe('words of a line', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['dbpr T:ai 2', ['dbpr', 'T:ai', '2']],
    ['dbpr("T:ai", 2)', ['dbpr', 'T:ai', '2']],
    ['dbpr("T:ai",2)', ['dbpr', 'T:ai', '2']],
    ['echo \'a "b" c\'', ['echo', 'a "b" c']],
    ['echo "it\'s"', ['echo', "it's"]],
    ['dbl "" "VAL EGU"', ['dbl', '', 'VAL EGU']],
    ['echo a" b "c', ['echo', 'a b c']],
    ['echo a\\ b\\"c', ['echo', 'a b"c']],
    ['echo "a\\tb"', ['echo', 'a\\tb']],
    ['echo \\#1 #2', ['echo', '#1', '#2']],
    ['()', []],
    ['iocInit\r', ['iocInit']],
  ];
  for (const [line, expected] of cases) {
    it(`takes ${line.trim()} apart`, () => expect(words(line)).toEqual(expected));
  }

  it('knows redirections, wherever they stand', () => {
    expect(redirects('dbl > a.txt')).toEqual([{ stream: 1, mode: 'write', file: 'a.txt' }]);
    expect(redirects('dbl>>"a b"')).toEqual([{ stream: 1, mode: 'append', file: 'a b' }]);
    expect(redirects('dbl 2>err >out')).toEqual([
      { stream: 2, mode: 'write', file: 'err' },
      { stream: 1, mode: 'write', file: 'out' },
    ]);
    expect(redirects('< st.cmd')).toEqual([{ stream: 0, mode: 'read', file: 'st.cmd' }]);
    expect(words('dbl > a.txt ai')).toEqual(['dbl', 'ai']);
  });

  it('leaves what is quoted or escaped alone', () => {
    expect(splitWords('echo ">" \\< 5\\>')).toEqual({
      words: ['echo', '>', '<', '5>'],
      redirects: [],
    });
  });

  it('complains of what does not end', () => {
    expect(() => words('dbgf "T:ai')).toThrow('Unbalanced quote.');
    expect(() => words('echo a\\')).toThrow('Trailing backslash.');
    expect(() => words('dbl >')).toThrow('Illegal redirection.');
    expect(() => words('dbl > > x')).toThrow('Illegal redirection.');
  });

  it('gives back any words that were quoted', () => {
    const word = fc.string().map((text) => text.replaceAll('"', ''));
    fc.assert(
      fc.property(fc.array(word), (given) => {
        const line = given.map((each) => `"${each}"`).join(', ');
        expect(words(line)).toEqual(given);
      }),
    );
  });

  it('either takes a line apart or complains, whatever the line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        try {
          splitWords(line);
        } catch (error) {
          expect((error as Error).name).toBe('Complaint');
        }
      }),
    );
  });
});
