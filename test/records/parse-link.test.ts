import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLink } from '../../src/records/links/parse-link.ts';

const pv = (name: string, process: string, severity: string) => {
  return { kind: 'pv', name, modifiers: { process, severity } };
};

describe('the text of a link', () => {
  it.each([
    ['', { kind: 'empty' }],
    ['  ', { kind: 'empty' }],
    ['5', { kind: 'constant', value: '5' }],
    [' -1.5e3 ', { kind: 'constant', value: '-1.5e3' }],
    ['0x1F', { kind: 'constant', value: '0x1F' }],
    ['inf', { kind: 'constant', value: 'inf' }],
    ['[1, 2, 3]', { kind: 'constant', value: [1, 2, 3] }],
    ['[1, 2, 3,]', { kind: 'constant', value: [1, 2, 3] }],
    ['["a", "b"]', { kind: 'constant', value: ['a', 'b'] }],
    ['{"const": "text"}', { kind: 'constant', value: 'text' }],
    ['{const: [1,2]}', { kind: 'constant', value: [1, 2] }],
    ['{"state":"up"}', { kind: 'json', type: 'state', value: 'up' }],
    ['@asyn(A,1) X', { kind: 'device', address: 'asyn(A,1) X' }],
    ['A', pv('A', 'NPP', 'NMS')],
    ['A.B', pv('A.B', 'NPP', 'NMS')],
    ['12abc', pv('12abc', 'NPP', 'NMS')],
    ['A.B CP MS', pv('A.B', 'CP', 'MS')],
    ['A  PP   MSS ', pv('A', 'PP', 'MSS')],
    ['A NPP NMS', pv('A', 'NPP', 'NMS')],
    ['A CPP MSI', pv('A', 'CPP', 'MSI')],
    ['A CA', pv('A', 'CA', 'NMS')],
    // EPICS finds the words wherever they stand.
    ['A QQCPPXMSITT', pv('A', 'CPP', 'MSI')],
  ])('%j of an input', (text, expected) => {
    expect(parseLink(text, 'INLINK')).toEqual(expected);
  });

  it.each([
    ['OUTLINK', 'A CP MS', pv('A', 'NPP', 'MS')],
    ['OUTLINK', 'A PP', pv('A', 'PP', 'NMS')],
    ['FWDLINK', 'A PP MS', pv('A', 'NPP', 'NMS')],
    ['FWDLINK', 'A.PROC CA', pv('A.PROC', 'CA', 'NMS')],
  ] as const)(
    'of a type that has no use for a modifier passes over it: %s %s',
    (type, text, expected) => {
      expect(parseLink(text, type)).toEqual(expected);
    },
  );

  it.each([
    ['#C0 S0', /device addresses begin with @/],
    ['{"a":1,"b":2}', /one key/],
    ['{}', /one key/],
    ['{nonsense', /./],
    ['[1,', /./],
  ])('that is none says why: %s', (text, why) => {
    const link = parseLink(text, 'INLINK');
    if (text.endsWith('}')) expect(link).toMatchObject({ kind: 'broken' });
    if (link.kind === 'broken') expect(link.why).toMatch(why);
    else expect(link.kind).toBe('pv');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('INLINK', 'OUTLINK', 'FWDLINK'), (text, type) => {
        expect(parseLink(text, type as never)).toHaveProperty('kind');
      }),
    );
  });
});
