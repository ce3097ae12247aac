import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseError, problemText, readRequestFile } from '../../src/database/index.ts';

let folder = '';
const write = (name: string, ...lines: string[]) =>
  writeFileSync(join(folder, name), lines.join('\n'));
const read = (name: string, macros = '', path?: string) =>
  readRequestFile(name, { macros, folder, env: {}, ...(path === undefined ? {} : { path }) }).map(
    (pv) => pv.name,
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'request-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function wrong(name: string, macros = ''): string[] {
  try {
    read(name, macros);
    return [];
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.problems.map((problem) => problemText(problem).replaceAll(`${folder}/`, ''));
  }
}

describe('a request file', () => {
  it('names PVs, each once', () => {
    write(
      'a.req',
      '# comment',
      '  X:ao.VAL # why',
      '',
      '\tX:b\r',
      'X:long.VAL$ ',
      '$(P)c.HIHI',
      'X:b',
    );
    expect(read('a.req', 'P=Y:')).toEqual(['X:ao.VAL', 'X:b', 'X:long.VAL$', 'Y:c.HIHI']);
  });

  it('includes others with macros of their own', () => {
    write('a.req', '$(P)a', 'file b.req P=$(P),M=m1', 'file "b.req", P=Z: "M=m2"', 'file c.req');
    write('b.req', '$(P)$(M).VAL', 'file c.req');
    write('c.req', 'filed:pv', '$(P=none)');
    expect(read('a.req', 'P=X:')).toEqual(['X:a', 'X:m1.VAL', 'filed:pv', 'none', 'Z:m2.VAL']);
  });

  it('is looked for along a path', () => {
    mkdirSync(join(folder, 'one'));
    mkdirSync(join(folder, 'two'));
    write('one/a.req', 'file b.req');
    write('two/b.req', 'B');
    expect(read('a.req', '', 'one:two')).toEqual(['B']);
  });

  it('tells what is wrong in it, and reads the rest', () => {
    write('a.req', '# $(A)', '$(A)x', 'file none.req', 'file b.req');
    write('b.req', ' $(B)');
    expect(wrong('a.req')).toEqual([
      'a.req:2:1: macro "A" is undefined',
      'a.req:3:1: "none.req": there is no such file; looked in .',
      'b.req:1:1: macro "B" is undefined (from a.req:4:1)',
    ]);
    expect(wrong('c.req')[0]).toContain('there is no such file');
  });

  it('must not include itself without end', () => {
    write('a.req', 'file a.req', 'file a.req');
    expect(wrong('a.req').join('\n')).toMatch(/deeper than 32|more than 10000 files/);
  });
});
