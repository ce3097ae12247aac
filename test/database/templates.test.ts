import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseError, DatabaseLoader, msi, problemText } from '../../src/database/index.ts';

let folder = '';
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'templates-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function wrong(run: () => void): string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.problems.map((problem) => problemText(problem).replaceAll(`${folder}/`, ''));
  }
}

const load = (text: string, warn?: (text: string) => void) => {
  write('s.sub', text);
  const loader = new DatabaseLoader({ folder, env: {}, ...(warn && { warn }) });
  return wrong(() => loader.loadTemplate('s.sub'));
};

describe('mistakes in substitution files', () => {
  it.each([
    ['', ['s.sub:1:1: expected file or global, found the end of the file']],
    ['flie t.db {}', ['s.sub:1:1: expected file or global, found "flie"']],
    ['file {}', ['s.sub:1:6: expected the name of a template, found "{"']],
    ['file t.db {A=1}', ['s.sub:1:13: expected "{", found "="']],
    ['file t.db { {A 1} }', ['s.sub:1:16: expected "=", found "1"']],
    ['file t.db { {A=$(B)} }', ['s.sub:1:16: the character "$" does not belong here']],
    ['file t.db { {A=} }', ['s.sub:1:16: expected a value, found "}"']],
    ['file t.db { pattern {A} {A=1} }', ['s.sub:1:27: expected a value, found "="']],
    ['file t.db { {A="1', ['s.sub:1:16: the string "\\"1" lacks its closing quote on this line']],
    ['file t.db {', ['s.sub:1:12: expected "{", global or "}", found the end of the file']],
    ['file none.db { {A=1} }', ['s.sub:1:16: "none.db": there is no such file; looked in .']],
  ])('%j', (text, problems) => {
    expect(load(text)).toEqual(problems);
  });

  it('are told with those of the templates, which name the set', () => {
    write('t.db', 'record(ai,"$(A)")');
    expect(load('file t.db { {} {A=1} {B=2} }')).toEqual([
      't.db:1:12: macro "A" is undefined (from s.sub:1:13)',
      't.db:1:1: the record name "$(A,undefined)" must not contain "$" (from s.sub:1:13)',
      't.db:1:12: macro "A" is undefined (from s.sub:1:22)',
      't.db:1:1: the record name "$(A,undefined)" must not contain "$" (from s.sub:1:22)',
    ]);
  });

  it('may be no more than odd', () => {
    write('t.db', 'record(ai,R$(A))');
    const warnings: string[] = [];
    const warn = (text: string) => warnings.push(text.replace(`${folder}/`, ''));
    expect(load('file t.db { pattern {A} x {1 2} }', warn)).toEqual([]);
    expect(warnings).toEqual([
      's.sub:1:25: "x" before "{" means nothing; take it out',
      's.sub:1:30: the pattern has 1 macros, this is one more',
    ]);
  });
});

describe('what msi stops on', () => {
  it.each([
    ['flie t.db {}', 's.sub:1:1: expected file, global or pattern, found "flie"'],
    ['{A=1}', 's.sub:1:1: there is no template to expand'],
    ['file t.db { {A="1', 's.sub:1:16: a string must end on the line'],
    ['file t.db { {A=1', 's.sub:1:17: expected "}", found end'],
    ['file t.db { pattern {A {1} }', 's.sub:1:24: expected the name of a macro, found {'],
    ['}', 's.sub:1:1: expected file, global or pattern, found }'],
  ])('%j', (text, message) => {
    write('s.sub', text);
    write('t.db', '');
    expect(wrong(() => msi({ substitutions: 's.sub', folder, env: {} }))[0]).toContain(message);
  });

  it('is a file that includes itself', () => {
    write('t.db', 'include "t.db"');
    expect(wrong(() => msi({ template: 't.db', folder, env: {} }))[0]).toContain('deeper than');
  });
});
