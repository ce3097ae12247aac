import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childOf, childrenOf, parseXml, type XmlElement } from '../../src/kernel/index.ts';

function rootOf(text: string, options = {}): XmlElement {
  const document = parseXml(text, options);
  return document.kind === 'well-formed' ? document.root : expect.fail(document.why);
}

describe('XML', () => {
  it('is elements, attributes and text', () => {
    const root = rootOf(
      `\ufeff<?xml version="1.0"?><!-- <b/> --><x:a one="1" two='&quot;2&#33;'> t&amp;<B>u</B>` +
        '<![CDATA[<v>]]> <b c="d"/></x:a>',
    );
    expect(root).toMatchObject({ name: 'a', text: 't&<v>' });
    expect([...root.attributes]).toEqual([
      ['one', '1'],
      ['two', '"2!'],
    ]);
    expect(childOf(root, 'b')?.text).toBe('u');
    expect(childrenOf(root, 'b').map(({ attributes }) => attributes.get('c'))).toEqual([
      undefined,
      'd',
    ]);
  });

  it.each([
    '',
    'text',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>text',
    '<a b=c/>',
    '<a b="c/>',
    '<a><',
    '<!-- ',
    '<a>'.repeat(40) + '</a>'.repeat(40),
  ])('is not %j', (text) => {
    expect(parseXml(text).kind).toBe('malformed');
  });

  it('tells where each element begins', () => {
    const root = rootOf('<a>\n  <b/><c\n/></a>');
    expect(root.children.map(({ name, line, column }) => `${name} ${line}:${column}`)).toEqual([
      'b 2:3',
      'c 2:7',
    ]);
  });

  it.each([
    ['<a>\n <b></a>', 2, 5, '</a> stands where </b> must'],
    ['<a><b>', 1, 7, '<b> is not closed'],
    ['', 1, 1, 'it has no element'],
    ['<a/>\n</a>', 2, 1, '</a> closes nothing'],
    ['<a>x & y</a>', 1, 4, 'an & that begins no entity here: write &amp;'],
    ['<a b="&no;"/>', 1, 1, 'an & that begins no entity here: write &amp;'],
    ['<a><b c=d/></a>', 1, 4, 'what begins here is no tag'],
  ])('tells where %j is none, and why', (text, line, column, why) => {
    expect(parseXml(text)).toEqual({ kind: 'malformed', line, column, why });
  });

  it('may hold what is no entity where it is loose', () => {
    expect(rootOf('<a b="R&D">&nbsp;&amp;</a>', { loose: true })).toMatchObject({
      text: '&nbsp;&',
    });
  });

  it('never fails, and ends soon, whatever the text', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      'a',
      '=',
      '"',
      "'",
      '<!--',
      '-->',
      '&#x;',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        parseXml(pieces.join(''));
      }),
    );
    const started = performance.now();
    parseXml(`<a${' b="c"'.repeat(100_000)} <`);
    parseXml('<!--'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
