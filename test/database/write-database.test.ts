import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Database, DatabaseLoader, writeDatabase } from '../../src/database/index.ts';

function read(text: string): Database {
  const loader = new DatabaseLoader({ env: {} });
  loader.loadText('x.db', text);
  return loader.database;
}

/** Without places. */
const plain = ({ records, breakTables = [] }: Database) => ({
  records: records.map(({ type, name, fields, infos, aliases }) => ({
    type,
    name,
    aliases,
    fields: fields.map((field) => [field.name, field.text, field.json]),
    infos: infos.map((info) => [info.name, info.text, info.json]),
  })),
  breakTables: breakTables.map(({ name, points }) => ({ name, points })),
});

describe('a database as text', () => {
  it('has the form of dbWriteRecord', () => {
    const text = `record(ai,X:A){alias(X:B) field(DESC,"it's\\t\\"µ\\"") field(INP,{const:[1,]})
      info(archive,"x y")} record("my type",C)
      breaktable(b){0 0 1 2.5}`;
    expect(writeDatabase(read(text))).toBe(
      [
        'breaktable("b") {',
        '\t0 0',
        '\t1 2.5',
        '}',
        'record(ai,"X:A") {',
        '\tfield(DESC,"it\\\'s\\t\\"µ\\"")',
        '\tfield(INP,{const:[1,]})',
        '\tinfo("archive","x y")',
        '}',
        'alias("X:A","X:B")',
        'record("my type","C") {',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('reads as what was written', () => {
    const bare = /^[\w\-+:[\]<>;]{1,12}$/;
    const key = fc.stringMatching(bare);
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));
    const json = fc.oneof(
      fc
        .json({ maxDepth: 3 })
        .filter((value) => /^[{[]/.test(value) && !/\\u0000|[$][({]/.test(value)),
      fc.constantFrom('{a:[1,],+b:0x10}', "[NaN,'x',bare]"),
    );
    const value = fc.oneof(
      text.map((each) => ({ text: each })),
      json.map((each) => ({ json: each })),
    );
    const record = fc.record({
      type: key,
      name: key,
      fields: fc.array(fc.tuple(key, value), { maxLength: 8 }),
      infos: fc.array(fc.tuple(key, value), { maxLength: 3 }),
    });
    const stringOf = (value: string) =>
      JSON.stringify(value)
        .replaceAll(/\\u00(..)/g, '\\x$1')
        .replaceAll('$', '\\$');
    const item =
      (what: string) =>
      ([name, given]: [string, { text?: string; json?: string }]) =>
        `${what}("${name}",${given.json ?? stringOf(given.text ?? '')})`;
    fc.assert(
      fc.property(fc.uniqueArray(record, { selector: ({ name }) => name }), (records) => {
        const given = records.map(
          ({ type, name, fields, infos }) =>
            `record("${type}","${name}"){${[...fields.map(item('field')), ...infos.map(item('info'))].join('\n')}}`,
        );
        const database = read(given.join('\n'));
        expect(plain(read(writeDatabase(database)))).toEqual(plain(database));
      }),
      { numRuns: 50 },
    );
  });
});
