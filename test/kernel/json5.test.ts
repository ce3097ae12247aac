import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json5, parseJson5 } from '../../src/kernel/index.ts';

const integer = (value: number): Json5 => ({ kind: 'integer', value });
const number = (value: number): Json5 => ({ kind: 'number', value });
const string = (value: string): Json5 => ({ kind: 'string', value });

describe('JSON5', () => {
  it.each([
    ['1', integer(1)],
    ['+0x1F', integer(31)],
    ['-12', integer(-12)],
    ['.5', number(0.5)],
    ['1e3', number(1000)],
    ['2.', number(2)],
    ['-Infinity', number(Number.NEGATIVE_INFINITY)],
    ['NaN', number(Number.NaN)],
    [`'it''s'`.replace(`''`, String.raw`\'`), string("it's")],
    [
      String.raw`"a\u0041\x42\n\
c"`,
      string('aAB\nc'),
    ],
    ['true', { kind: 'boolean', value: true }],
    [' null // why', { kind: 'null' }],
    ['[1,]', { kind: 'array', items: [integer(1)] }],
    ['{}', { kind: 'object', entries: [] }],
  ] as const)('reads %s', (text, value) => {
    expect(parseJson5(text)).toEqual(value);
  });

  it('keeps the order of keys, and keys that come twice', () => {
    const text = `{dec: {n: 2}, /* again */ 'dec': {"n": 3},}`;
    const entry = (n: number) => ['dec', { kind: 'object', entries: [['n', integer(n)]] }];
    expect(parseJson5(text)).toEqual({ kind: 'object', entries: [entry(2), entry(3)] });
  });

  it.each([
    ['', 1],
    ['{', 2],
    ['{a}', 3],
    ['{a:}', 4],
    ['{a:1 b:2}', 6],
    ['[,]', 2],
    ['"open', 1],
    ['1 2', 3],
    ['{a:1}}', 6],
    ['undefined', 1],
    ['['.repeat(40), 34],
  ])('does not read %s, and says at which column', (text, column) => {
    expect(() => parseJson5(text)).toThrow(`at column ${column} of`);
  });

  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(plain(parseJson5(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('throws nothing but its own error on any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseJson5(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'kernel/json5' });
        }
      }),
    );
  });
});

function plain(value: Json5): unknown {
  switch (value.kind) {
    case 'null':
      return null;
    case 'array':
      return value.items.map(plain);
    case 'object':
      return Object.fromEntries(value.entries.map(([key, each]) => [key, plain(each)]));
    case 'boolean':
    case 'integer':
    case 'number':
    case 'string':
      return value.value;
  }
}
