import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Database,
  DatabaseError,
  DatabaseLoader,
  type DatabaseRecord,
  readDatabase,
} from '../../src/database/index.ts';

function read(text: string, macros?: string): Database {
  const loader = new DatabaseLoader();
  loader.loadText('x.db', text, macros);
  return loader.database;
}

/** What is wrong with a text, each mistake as `line:column: message`. */
function wrong(text: string, macros?: string): string[] {
  try {
    read(text, macros);
    return [];
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
  }
}

/** A record in one line: `ai A(VAL=1) info(x=y) alias(B)`. */
function shown(record: DatabaseRecord): string {
  const list = (values: DatabaseRecord['fields']) =>
    values.map(({ name, text }) => `${name}=${text}`).join(', ');
  const infos = record.infos.length > 0 ? ` info(${list(record.infos)})` : '';
  const aliases = record.aliases.length > 0 ? ` alias(${record.aliases.join(', ')})` : '';
  return `${record.type} ${record.name}(${list(record.fields)})${infos}${aliases}`;
}

const all = (text: string, macros?: string) => read(text, macros).records.map(shown);

/** The text of the one field of a record. */
const fieldOf = (value: string) => read(`record(ai,A){field(X,${value})}`).records[0]?.fields[0];

describe('records', () => {
  it('have a type, a name, fields, info tags and aliases', () => {
    expect(
      all(`
        # a comment
        record(ai, "P:A") { # another
          field(DESC, "a # is no comment here")
          field(VAL, 4.5) alias("P:B")
          info("archive", "monitor 1")
        }
        alias(P:A, P:C)
      `),
    ).toEqual([
      'ai P:A(DESC=a # is no comment here, VAL=4.5) info(archive=monitor 1) alias(P:B, P:C)',
    ]);
  });

  it('need no body', () => {
    expect(all('record(ai,A) grecord(bo,"B"){} record(ai,C)')).toEqual([
      'ai A()',
      'bo B()',
      'ai C()',
    ]);
  });

  it('go on where they are named again', () => {
    expect(
      all('record(ai,A){field(EGU,V) field(PREC,1)} record(bi,B) record(ai,A){field(EGU,mV)}'),
    ).toEqual(['ai A(PREC=1, EGU=mV)', 'bi B()']);
  });

  it('are appended to by record("*") and by their aliases', () => {
    expect(
      all(`record(ai,A){alias(B)} record("*",A){field(EGU,V)} record("*",B){field(PREC,2)}
           record(ai,B){info(x,y)}`),
    ).toEqual(['ai A(EGU=V, PREC=2) info(x=y) alias(B)']);
  });

  it('are deleted with their aliases by record("#"), and an alias alone', () => {
    expect(
      all(`record(ai,A){alias(A1)} record(ai,B){alias(B1) alias(B2)}
           record("#",A){field(EGU,V)} record("#",B1) record(bo,A1) record(bo,A){field(VAL,1)}`),
    ).toEqual(['ai B() alias(B2)', 'bo A1()', 'bo A(VAL=1)']);
  });

  it('keep the later of two values, of any number of fields', () => {
    const many = Array.from({ length: 100 }, (_, i) => `field(F${i},${i})`).join('');
    const [record] = read(`record(ai,A){${many} ${many} field(F7,x)}`).records;
    expect(record?.fields.length).toBe(100);
    expect(record?.fields.find(({ name }) => name === 'F7')?.text).toBe('x');
  });

  it('tell where they and their fields stand', () => {
    const [record] = read('\n  record(ai,A) {\n    field(VAL, 1)\n}').records;
    expect(record?.at).toEqual({ file: 'x.db', line: 2, column: 3 });
    expect(record?.fields[0]?.at).toEqual({ file: 'x.db', line: 3, column: 5 });
  });

  it('tell where they stood before macros were expanded', () => {
    const text = '# $(P)\nrecord(ai,"$(P)A") { field(EGU,"$(E)") field(VAL,1) }';
    const [record] = read(text, 'P=VERY:LONG:PREFIX:,E=').records;
    expect(record?.fields.map(({ at }) => at.column)).toEqual(
      [
        text.split('\n')[1]?.indexOf('field(EGU') ?? 0,
        text.split('\n')[1]?.indexOf('field(VAL') ?? 0,
      ].map((index) => index + 1),
    );
  });
});

describe('values', () => {
  it.each([
    ['1', '1'],
    ['-1.5e3', '-1.5e3'],
    ['0x1F', '0x1F'],
    ['NaN', 'NaN'],
    ['I-am.bare+word', 'I-am.bare+word'],
    ['true', 'true'],
    ['null', 'null'],
    ['"in quotes"', 'in quotes'],
    ["'in single quotes'", 'in single quotes'],
    ['"it\'s"', "it's"],
    ['"a\\tb\\n\\"\\\\"', 'a\tb\n"\\'],
    ['"\\x41\\x7a"', 'Az'],
    ['"\\u00b0C"', '°C'],
    ['"\\xc2\\xb0C"', '°C'],
    ['"\\xb0C"', '°C'],
    ['"cut\\0here"', 'cut'],
    ['"µm"', 'µm'],
    ['""', ''],
  ])('%s is the text %j', (given, text) => {
    expect(fieldOf(given)).toMatchObject({ name: 'X', text, json: undefined });
  });

  it.each([
    ['{}', '{}', {}],
    ['[ ]', '[]', []],
    ['{const: 1}', '{const:1}', { const: 1 }],
    ['{ const : [1, 2.5, -0x10,] }', '{const:[1,2.5,-0x10,]}', { const: [1, 2.5, -16] }],
    ['{+channel:"VAL"}', '{"+channel":"VAL"}', { '+channel': 'VAL' }],
    ['{"a b":x, c:{d:null,},}', '{"a b":"x",c:{d:null}}', { 'a b': 'x', c: { d: null } }],
    [
      "{calc:{expr:'A+B', args:[1,\n# why\n2]}}",
      "{calc:{expr:'A+B',args:[1,2]}}",
      { calc: { expr: 'A+B', args: [1, 2] } },
    ],
    [
      '[true, false, Infinity, bare, "\\x41"]',
      '[true,false,Infinity,"bare","\\x41"]',
      [true, false, Infinity, 'bare', 'A'],
    ],
    ['[x,]', '["x",]', ['x']],
  ])('%s is the JSON %s', (given, text, json) => {
    expect(fieldOf(given)).toMatchObject({ text, json });
  });
});

describe('mistakes', () => {
  it.each([
    ['record(ai A){}', ['1:11: expected ",", found "A"']],
    ['record(ai,A){\n  field(VAL 1)}', ['2:13: expected ",", found "1"']],
    [
      'record(ai,A){ fields(VAL,1)}',
      ['1:15: expected field, info, alias, include or "}", found "fields"'],
    ],
    [
      'record(ai,A){',
      ['1:14: expected field, info, alias, include or "}", found the end of the file'],
    ],
    ['recrod(ai,A)', ['1:1: expected record, alias or include, found "recrod"']],
    ['record(ai,"A', ['1:11: the string "\\"A" lacks its closing quote on this line']],
    [
      'record(ai,A){field(X,"a\nb")}',
      ['1:22: the string "\\"a" lacks its closing quote on this line'],
    ],
    [
      'record(ai,A){field(X,"a\tb")}',
      ['1:24: the character 0x09 in a string; write it as an escape'],
    ],
    [
      'record(ai,A){field(X,"\\1")}',
      ['1:23: "\\\\1" is no escape; use \\xHH, \\uHHHH, \\n, \\t, \\" or \\\\'],
    ],
    ['record(ai,A){field(X,a:b)}', ['1:23: expected ")", found ":b"']],
    ['record(ai,A){field(X,{a 1})}', ['1:25: expected ":", found "1"']],
    [
      'record(ai,record)',
      ['1:11: expected a record name, found the keyword record; put it in quotes'],
    ],
    ['record(ai,"A=B"?)', ['1:16: the character "?" does not belong here']],
    ['record(ai,"A.B"){}', ['1:1: the record name "A.B" must not contain "."']],
    ['record(ai,""){}', ['1:1: a record needs a name that is not empty']],
    ['record("*",A){}', ['1:1: record("*","A") appends to a record that does not exist']],
    [
      'record(ai,A)\nrecord(bi,A)',
      ['2:1: record "A" is of type ai since x.db:1; it cannot become "bi"'],
    ],
    ['alias(A,B)', ['1:1: alias "B": there is no record "A"']],
    ['record(ai,A){alias(A)}', ['1:14: alias "A" of "A": the name is in use']],
  ])('in %j are %j', (text, problems) => {
    expect(wrong(text)).toEqual(problems);
  });

  it('are told together where the text can be read on', () => {
    expect(wrong('record("*",A){} record(ai,B){field(X,"$(M)")}\nalias(C,D)')).toEqual([
      '1:1: record("*","A") appends to a record that does not exist',
      '1:39: macro "M" is undefined',
      '2:1: alias "D": there is no record "C"',
    ]);
  });

  it('are undefined macros, but not in comments', () => {
    expect(wrong('# $(A)\nrecord(ai,"$(P)A") # $(B)')).toEqual([
      '2:12: macro "P" is undefined',
      '2:1: the record name "$(P,undefined)A" must not contain "$"',
    ]);
    expect(wrong('record(ai,$(P)A)')).toEqual(['1:11: macro "P" is undefined']);
  });

  it('never fill the screen', () => {
    const problems = wrong(`${'alias(A,B)\n'.repeat(1000)}`);
    expect(problems.length).toBe(21);
    expect(problems.at(-1)).toContain('and 980 more');
    expect(wrong(`record(ai,A){field(X "${'y'.repeat(10_000)}")}`)[0]?.length).toBeLessThan(100);
  });

  it('are nestings without end', () => {
    expect(wrong(`record(ai,A){field(X,${'['.repeat(10_000)})}`)[0]).toContain(
      'nested deeper than',
    );
  });
});

describe('.dbd text in a database', () => {
  it('is passed over, but for breaktables', () => {
    const { records, breakTables } = read(`
      menu(menuX) { choice(X_A,"a") choice(X_B,"b") }
      recordtype(motor) { %#include "x.h"
        field(VAL,DBF_DOUBLE) { prompt("a { in quotes") asl(ASL0) } }
      device(ai,CONSTANT,devAi,"Soft") driver(drvX) link(pva,lnkPva)
      registrar(r) function(f) variable(v) variable(w,double)
      breaktable(lin) { 0 0.0, 10 1.5 "20" 3e0 }
      record(ai,A)
    `);
    expect(records.map(shown)).toEqual(['ai A()']);
    expect(breakTables).toMatchObject([
      {
        name: 'lin',
        points: [
          { raw: 0, engineering: 0 },
          { raw: 10, engineering: 1.5 },
          { raw: 20, engineering: 3 },
        ],
      },
    ]);
  });

  it.each([
    ['breaktable(b) { 0 0 }', 'at least two points'],
    ['breaktable(b) { 0 0 1 }', 'lacks a value'],
    ['breaktable(b) { 0 0 1 0 }', 'a slope is zero'],
    ['breaktable(b) { 0 0 1 1 2 0 }', 'changes its sign'],
    ['breaktable(b) { 0 zero }', 'expected a number, found "zero"'],
    ['device(ai,CONSTANT)', 'device takes 4 words'],
    ['menu(x) { choice(a,b)', 'expected "}" of the menu, found the end of the file'],
  ])('%s is wrong: %s', (text, message) => {
    expect(wrong(text)[0]).toContain(message);
  });
});

describe('files', () => {
  let folder = '';
  const write = (name: string, text: string | Uint8Array) =>
    writeFileSync(join(folder, name), text);
  const load = (file: string, macros = '', env = {}) =>
    readDatabase([{ file, macros }], { folder, env }).records.map(shown);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'database-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('include others, with the same macros, within a record too', () => {
    write('a.db', 'include "b.db"\nrecord(ai,"$(P)A") { include "body.inc"\nrecord(ai,Z)');
    write('b.db', 'record(bi,"$(P)B")');
    write('body.inc', 'field(EGU,V) }');
    expect(load('a.db', 'P=X:')).toEqual(['bi X:B()', 'ai X:A(EGU=V)', 'ai Z()']);
  });

  it('are looked for in EPICS_DB_INCLUDE_PATH, and where the text says', () => {
    for (const name of ['one', 'two', 'three']) {
      mkdirSync(join(folder, name));
      write(`${name}/in-${name}.db`, `record(ai,${name})`);
    }
    write(
      'one/a.db',
      'include "in-one.db" addpath "two" include "in-two.db" path "three" include "in-three.db"',
    );
    expect(load('a.db', '', { EPICS_DB_INCLUDE_PATH: 'nowhere:one' })).toEqual([
      'ai one()',
      'ai two()',
      'ai three()',
    ]);
    expect(() => load('one/a.db')).toThrow('in-one.db": there is no such file; looked in .');
  });

  it('may be named with environment variables', () => {
    write('a.db', 'include "$(NAME).db"');
    write('b.db', 'record(ai,B)');
    expect(load('$(FIRST).db', '', { FIRST: 'a', NAME: 'b' })).toEqual(['ai B()']);
  });

  it('name the includer of what is wrong, and the place in it', () => {
    write('a.db', '\n\ninclude "b.db"');
    write('b.db', 'record(ai)');
    expect(() => load('a.db')).toThrow(
      `${join(folder, 'b.db')}:1:10: expected ",", found ")" (from ${join(folder, 'a.db')}:3:1)`,
    );
  });

  it('must not include themselves', () => {
    write('a.db', 'include "b.db"');
    write('b.db', 'include "a.db"');
    expect(() => load('a.db')).toThrow(`${join(folder, 'a.db')} includes itself`);
  });

  it('are UTF-8, or else Latin-1', () => {
    write('a.db', 'record(ai,A){field(EGU,"µ€")}');
    write('b.db', Uint8Array.from(Buffer.from('record(ai,B){field(EGU,"\xb5")}', 'latin1')));
    expect([...load('a.db'), ...load('b.db')]).toEqual(['ai A(EGU=µ€)', 'ai B(EGU=µ)']);
  });

  it('add up', () => {
    write('a.db', 'record(ai,"$(N)"){field(EGU,V)}');
    write('b.db', 'record("*",A1){field(PREC,3)}');
    const files = [{ file: 'a.db', macros: 'N=A1' }, { file: 'a.db', macros: 'N=A2' }, 'b.db'];
    expect(readDatabase(files, { folder, env: {} }).records.map(shown)).toEqual([
      'ai A1(EGU=V, PREC=3)',
      'ai A2(EGU=V)',
    ]);
  });

  it('that cannot be read are named', () => {
    mkdirSync(join(folder, 'folder.db'));
    expect(() => load('none.db')).toThrow('"none.db": there is no such file; looked in .');
    expect(() => load('folder.db')).toThrow('cannot be read (it is no file)');
  });
});

describe('records that no file declares', () => {
  const kept = (text: string) => {
    const loader = new DatabaseLoader({ others: 'kept' });
    loader.loadText('x.db', text);
    return loader.database.records.map(shown);
  };

  it('are kept for a plant that knows them, where that is wished', () => {
    expect(
      kept('record("*",P){field(HIHI,5)} record("*",P){info(a,b)} alias(Q,"Q2") record("*",Q2){}'),
    ).toEqual(['* P(HIHI=5) info(a=b)', '* Q() alias(Q2)']);
  });

  it('cannot be declared after that', () => {
    expect(() => kept('record("*",P) record(ai,P)')).toThrow('it cannot become "ai"');
    expect(() => kept('alias("a b","c")')).toThrow('must not contain " "');
  });
});

describe('warnings', () => {
  it('are of what EPICS base warns of', () => {
    const warnings: string[] = [];
    const loader = new DatabaseLoader({ warn: (text) => warnings.push(text) });
    loader.loadText('x.db', 'record("#",A)\nrecord(ai,"-A")');
    expect(warnings).toEqual([
      'x.db:1:1: record("#","A") deletes a record that does not exist',
      'x.db:2:1: the record name "-A" is unusual; some clients may not take it',
    ]);
  });
});
