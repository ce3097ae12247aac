import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isComplete,
  missingLine,
  parseSaved,
  savedEnd,
  savedHead,
  savedLine,
} from '../../src/database/index.ts';

const noon = new Date(2026, 1, 3, 12, 4, 5);

describe('a save file', () => {
  it('is written as the C module writes it', () => {
    const text = [
      savedHead(noon, 1),
      savedLine('X:ao.VAL', '4.1234567890123'),
      savedLine('X:text.DESC', 'say "hi"\n\\ µ'),
      savedLine('X:empty.DESC', ''),
      missingLine('X:gone.VAL'),
      savedLine('X:arr', ['1', '2', '3']),
      savedLine('X:strings', ['a"b', 'c\\d', 'e\nf']),
      savedLine('X:none', []),
      savedEnd,
    ].join('');
    expect(text).toBe(
      [
        '# save/restore V5.1\tAutomatically generated - DO NOT MODIFY - 260203-120405',
        '! 1 channel(s) not connected - or not all gets were successful',
        'X:ao.VAL 4.1234567890123',
        'X:text.DESC say \\"hi\\"\\n\\\\ \\xc2\\xb5',
        'X:empty.DESC ',
        '#X:gone.VAL Search Issued',
        'X:arr @array@ { "1" "2" "3" }',
        'X:strings @array@ { "a\\"b" "c\\\\d" "e\\nf" }',
        'X:none @array@ { }',
        '<END>',
        '',
      ].join('\n'),
    );
  });

  it('is read as the C module reads it', () => {
    const text = [
      '# autosave R5.3\tAutomatically generated - DO NOT MODIFY - 260203-120405',
      '! 2 channel(s) not connected - or not all gets were successful',
      '',
      'X:ao 1.5\r',
      'X:blanks.DESC   two before, two behind  ',
      'X:empty.DESC',
      '#X:gone.VAL Search Issued',
      '#X:arr @array@ { "1"',
      '"2" }',
      'X:arr @array@ { "1" "-2.5e+10"',
      '  "brok',
      'en" } and more',
      'X:text.DESC$ a\\tb\\x41\\"',
      '<END>',
      'X:late 1',
    ].join('\n');
    expect(parseSaved(text)).toEqual({
      missing: 2,
      values: [
        { name: 'X:ao', value: '1.5' },
        { name: 'X:blanks.DESC', value: '  two before, two behind  ' },
        { name: 'X:empty.DESC', value: '' },
        { name: 'X:arr', value: ['1', '-2.5e+10', 'broken'] },
        { name: 'X:text.DESC$', value: 'a\tbA"' },
      ],
    });
  });

  it.each([
    ['# save/restore V5.1\tx\nA 1\n<END>\n', true],
    ['# save/restore V5.1\tx\nA 1\n<END>\r\n', true],
    ['# save/restore V5.1\tx\nA 1\n<END>', false],
    ['# save/restore V5.1\tx\nA 1\n', false],
    ['# autosave R5.3\tAutomatically generated\nA 1', false],
    ['# BL01R autosave V5.3\nA 1', false],
    ['# save/restore V1.7\nA 1', true],
    ['A 1\nB 2\n', true],
    ['A 1', false],
    ['# save/rest', false],
    ['', false],
  ])('%j: complete is %s', (text, complete) => {
    expect(isComplete(text)).toBe(complete);
  });

  it('is not complete when it is cut anywhere', () => {
    const lines = [savedLine('A', '1'), savedLine('B', ['<END>', 'x'])];
    const text = [savedHead(noon, 0), ...lines, savedEnd].join('');
    for (let end = 0; end < text.length; end++) {
      expect(isComplete(text.slice(0, end)), text.slice(0, end)).toBe(false);
    }
    expect(isComplete(text)).toBe(true);
  });

  it('reads what it wrote', () => {
    const string = fc
      .string({ unit: 'binary', maxLength: 60 })
      .map((text) => text.replace(/\0/g, ''));
    const name = fc.stringMatching(/^[A-Za-z0-9][\w:.\-[\]<>;]{0,30}\$?$/);
    const value = fc.oneof(string, fc.array(string, { maxLength: 10 }));
    fc.assert(
      fc.property(fc.array(fc.record({ name, value })), fc.nat(1000), (values, missing) => {
        const lines = values.map((each) => savedLine(each.name, each.value));
        const text = [savedHead(noon, missing), ...lines, missingLine('X'), savedEnd].join('');
        expect(isComplete(text)).toBe(true);
        expect(parseSaved(text)).toEqual({ values, missing });
      }),
    );
  });

  it('never fails to be read', () => {
    const piece = fc.constantFrom(
      '@array@',
      '{',
      '}',
      '"',
      '\\',
      '\n',
      ' ',
      '#',
      '!',
      'A:b',
      '<',
      '<END>',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 50 }), (pieces) => {
        parseSaved(pieces.join(''));
      }),
    );
  });
});
