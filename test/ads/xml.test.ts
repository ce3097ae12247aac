import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childOf, childrenOf, parseXml } from '../../src/ads/transport/xml.ts';

describe('XML', () => {
  it('is elements, attributes and text', () => {
    const root = parseXml(
      `\ufeff<?xml version="1.0"?><!-- <b/> --><x:a one="1" two='&quot;2&#33;'> t&amp;<B>u</B>` +
        '<![CDATA[<v>]]> <b c="d"/></x:a>',
    );
    if (!root) return expect.fail('not read');
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
    expect(parseXml(text)).toBeUndefined();
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
