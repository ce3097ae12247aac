import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkAddresses, declaredRecords, isSubstitutions } from '../src/check-databases.ts';
import { checkRequests } from '../src/ioc-autosave.ts';
import { messageOf, Scope } from '../src/kernel/index.ts';
import { temporaryFolder } from './console/shell-rig.ts';

let scope: Scope;
let files: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  scope = new Scope();
  files = temporaryFolder(scope);
});
afterEach(() => scope[Symbol.asyncDispose]());

it('counts what databases declare, and knows substitution files by their names', () => {
  const db = files.write('a.db', 'record(ai,"$(P)A")', 'record("*","PLANT"){}');
  const sub = files.write('b.substitutions', `file "${db}" { {P=X:} {P=Y:} }`);
  expect(['a.db', 'a.template', 'a.sub', 'a.subs'].map(isSubstitutions)).toEqual([
    ...[false, false, true, true],
  ]);
  expect(declaredRecords([{ file: db, macros: 'P=Z:' }])).toHaveLength(2);
  expect(declaredRecords([{ file: sub, macros: '' }])).toHaveLength(3);
  expect(() => declaredRecords([{ file: db, macros: '' }])).toThrow('a.db:1:12: macro "P"');
});

it('finds mistakes in addresses, and says where they are', async () => {
  const db = files.write(
    'links.db',
    'record(ai, "A") { field(DTYP, "MQTT") field(INP, "@a/b QOS=7") }',
    'record(ao, "B") { field(DTYP, "MQTT") field(OUT, "@a/+") }',
    'record(ai, "C") { field(DTYP, "ADS") field(INP, "@plc 0x1:0x2") }',
    'record(ai, "D") { field(DTYP, "MQTT") field(INP, "@a/b JSON=/x") }',
    'record(ai, "E") { field(INP, "@whatever") }',
  );
  const found = await checkAddresses(declaredRecords([{ file: db, macros: '' }])).catch(messageOf);
  expect(String(found).split('\n')).toEqual([
    expect.stringMatching(/links\.db:1:\d+: A\.INP: .*QOS=7: must be 0 or 1/),
    expect.stringMatching(/links\.db:2:\d+: B\.OUT: .*no topic to publish on/),
    expect.stringMatching(/links\.db:3:\d+: C\.INP: .*add TYPE=/),
  ]);
});

it('finds mistakes in request files; one that a tag stands in for may be missing', () => {
  const request = files.write('a.req', '$(Q)x');
  const config = {
    ...{ folder: '.', requests: [files.folder], sequence: { files: 0, period: 60 }, retry: 60 },
    ...{ incomplete: true, copies: 0, status: '' },
  };
  const set = { macros: '', passes: [], method: 'manual', period: 30 } as const;
  const sets = [{ ...set, request: 'none.req', tag: 'autosaveFields' }];
  expect(() => checkRequests({ ...config, sets })).not.toThrow();
  expect(() => checkRequests({ ...config, sets: [{ ...set, request: 'a.req' }] })).toThrow(
    `${request}:1:1: macro "Q" is undefined`,
  );
  expect(() => checkRequests({ ...config, sets: [{ ...set, request: 'b.req' }] })).toThrow(
    'there is no such file',
  );
});
