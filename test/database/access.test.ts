import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DatabaseError, parseAccessFile, readAccessFile } from '../../src/database/index.ts';

const read = (text: string, macros?: string) => parseAccessFile('x.acf', text, macros);

function wrong(text: string, macros?: string): string[] {
  try {
    read(text, macros);
    return [];
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
  }
}

/** The first rule of the first group. */
const rule = (text: string) => read(`UAG(u) HAG(h) ASG(A){${text}}`).groups[0]?.rules[0];

describe('an access security file', () => {
  it('has groups of users, of hosts, and rules', () => {
    expect(
      read(
        `
        # who
        UAG(operators) {op1, "op 2"}
        UAG(nobody)
        HAG(control-room) {cr1.lab.org, 192.168.1.5}
        ASG(DEFAULT) {
          INPA("LI:OPSTATE") INPU(LI:$(N)evel)
          RULE(0, READ)
          RULE(1, WRITE, TRAPWRITE) {
            UAG(operators, nobody)
            HAG(control-room)
            CALC("A=1")
          }
        }
        ASG(EMPTY)
      `,
        'N=l',
      ),
    ).toMatchObject({
      userGroups: [
        { name: 'operators', members: ['op1', 'op 2'], at: { line: 3, column: 9 } },
        { name: 'nobody', members: [] },
      ],
      hostGroups: [{ name: 'control-room', members: ['cr1.lab.org', '192.168.1.5'] }],
      groups: [
        {
          name: 'DEFAULT',
          inputs: [
            { letter: 'A', pv: 'LI:OPSTATE' },
            { letter: 'U', pv: 'LI:level' },
          ],
          rules: [
            { level: 0, right: 'READ', trapWrite: false, conditions: [] },
            {
              level: 1,
              right: 'WRITE',
              trapWrite: true,
              conditions: [
                { kind: 'uag', names: ['operators', 'nobody'] },
                { kind: 'hag', names: ['control-room'] },
                { kind: 'calc', expression: 'A=1' },
              ],
            },
          ],
          unknown: [],
        },
        { name: 'EMPTY', inputs: [], rules: [] },
      ],
      unknown: [],
    });
  });

  it('has chains of authorities, methods and protocols', () => {
    const file = read(`
      AUTHORITY("Root CA") { AUTHORITY(LAB, "Lab CA") { AUTHORITY(SITE, "Site CA") } }
      ASG(A) { RULE(1, RPC) { METHOD("x509", ca) AUTHORITY(LAB, SITE) PROTOCOL("TLS") } }
    `);
    expect(file.authorities).toMatchObject([
      { name: undefined, chain: ['Root CA'] },
      { name: 'LAB', chain: ['Root CA', 'Lab CA'] },
      { name: 'SITE', chain: ['Root CA', 'Lab CA', 'Site CA'] },
    ]);
    expect(file.groups[0]?.rules[0]).toMatchObject({
      right: 'RPC',
      conditions: [
        { kind: 'method', names: ['x509', 'ca'] },
        { kind: 'authority', names: ['LAB', 'SITE'] },
        { kind: 'protocol', names: ['TLS'] },
      ],
    });
  });

  it('keeps what it does not know, so that it can deny', () => {
    expect(rule('RULE(1,WRITE){UAG(u) MOON(full,{x}){a(b){c}} TIDE}')).toMatchObject({
      right: 'WRITE',
      conditions: [
        { kind: 'uag' },
        { kind: 'unknown', keyword: 'MOON', at: { line: 1, column: 43 } },
        { kind: 'unknown', keyword: 'TIDE' },
      ],
    });
    expect(rule('RULE(1,ADMIN)')).toMatchObject({
      right: 'NONE',
      conditions: [{ kind: 'unknown', keyword: 'ADMIN' }],
    });
    expect(rule('RULE(1,WRITE,TRAPWRITE,TRAPREAD)')).toMatchObject({
      trapWrite: true,
      conditions: [{ kind: 'unknown', keyword: 'TRAPREAD' }],
    });
    const { unknown, groups } = read('EXPIRES(2030){x} ASG(A){LIMIT(5) INPZ(x)}');
    expect(unknown).toMatchObject([{ keyword: 'EXPIRES' }]);
    expect(groups[0]?.unknown).toMatchObject([{ keyword: 'LIMIT' }, { keyword: 'INPZ' }]);
  });

  it.each([
    ['', ['1:1: expected UAG, HAG or ASG, found the end of the file']],
    ['# nothing', ['1:10: expected UAG, HAG or ASG, found the end of the file']],
    ['UAG(a){b c}', ['1:10: expected "}", found "c"']],
    ['UAG(a){b,}', ['1:10: expected a name, found "}"']],
    ['UAG(a) UAG(a)', ['1:8: UAG("a") is declared twice']],
    ['ASG(a){RULE(x,READ)}', ['1:13: expected an access security level, 0 or 1, found "x"']],
    ['ASG(a){RULE(1)}', ['1:14: expected ",", found ")"']],
    [
      'ASG(a){RULE(1,READ){UAG(b) HAG(c)}}',
      ['1:21: there is no UAG("b")', '1:28: there is no HAG("c")'],
    ],
    ['ASG(a){RULE(1,READ){AUTHORITY(b)}}', ['1:21: there is no AUTHORITY("b")']],
    ['ASG(a){ZAP(b{c)}}', ['1:15: expected "}", found ")"']],
    ['ASG(a){', ['1:8: expected INPA … INPU, RULE or "}", found the end of the file']],
    ['ASG(a){INPA("$(X)")}', ['1:14: macro "X" is undefined']],
    [
      'ASG(a){RULE(1,READ){CALC("A=1)}}',
      ['1:26: the string "\\"A=1)}}" lacks its closing quote on this line'],
    ],
  ])('%j is wrong: %j', (text, problems) => {
    expect(wrong(text)).toEqual(problems);
  });

  it('bounds what is nested', () => {
    expect(wrong(`ASG(a){ZAP${'('.repeat(1000)}`)[0]).toContain('expected ")"');
    expect(wrong('AUTHORITY("a"){'.repeat(1000))[0]).toContain('nested deeper than');
  });

  it('is read from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'access-'));
    writeFileSync(join(folder, 'a.acf'), 'ASG($(G))');
    const file = readAccessFile('a.acf', { folder, macros: 'G=DEFAULT', env: {} });
    expect(file.groups[0]?.name).toBe('DEFAULT');
    expect(() => readAccessFile('b.acf', { folder, env: {} })).toThrow('there is no such file');
    rmSync(folder, { recursive: true });
  });
});
