import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessCommands } from '../../src/console/access/access-commands.ts';
import { DatabaseLoader } from '../../src/database/index.ts';
import { IocAccess } from '../../src/ioc-access.ts';
import { IocRecords } from '../../src/ioc-records.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { ProcessImage } from '../../src/model/index.ts';
import { Directory } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';
import { shellRig, temporaryFolder } from './shell-rig.ts';

const rules = [
  'UAG(staff) {anna,ben}',
  'HAG(hall) {10.0.0.7}',
  'ASG(DEFAULT) { RULE(1,READ) }',
  'ASG(beam) {',
  '  INPA(T:open)',
  '  RULE(1,READ)',
  '  RULE(1,WRITE,TRAPWRITE) { UAG(staff) HAG(hall) CALC("A=1") }',
  '}',
];

let scope: Scope;
beforeEach(() => {
  scope = new Scope();
});
afterEach(() => scope[Symbol.asyncDispose]());

/** The commands on an IOC with two records. */
function rig() {
  const table = new RecordTable(new ProcessImage());
  const directory = new Directory(table);
  const loader = new DatabaseLoader({ env: {} });
  const db =
    'record(ao, "T:ao") { field(ASG, "beam") } record(longin, "T:open") { field(VAL, "1") }';
  loader.loadText('test.db', db);
  const records = new IocRecords(table, directory, loader);
  const remote = { watch: () => ({ [Symbol.dispose]: () => {} }) };
  const access = new IocAccess(directory, { log: silentLog, env: {}, remote }, scope);
  records.make();
  const shell = shellRig(accessCommands(access, records));
  const run = async (line: string) => {
    shell.out.text = shell.err.text = '';
    await shell.shell.run(line);
    return shell.out.text + shell.err.text;
  };
  return { run, directory };
}

describe('access security at the console', () => {
  it('says that there is none', async () => {
    const { run } = rig();
    expect(await run('asprules')).toBe('Access security is not active.\n');
    expect(await run('asInit')).toBe('asInit: no file; asSetFilename names it\n');
    expect(await run('astac T:ao anna 10.0.0.7')).toBe('T:ao: get Yes put Yes\n');
  });

  it('lists users, hosts and rules, with what they come to now', async () => {
    const { run, directory } = rig();
    const put = async (value: number) => {
      const origin = { user: 'test', host: 'test' };
      await directory.find('T:open')?.put(value, origin, scope.signal);
      directory.flush();
    };
    await put(1);
    await run(`asSetFilename ${temporaryFolder(scope).write('test.acf', ...rules)}`);
    expect(await run('asInit')).toBe('');
    expect(await run('aspuag')).toBe('UAG(staff) {anna,ben}\n');
    expect(await run('asphag hall')).toBe('HAG(hall) {10.0.0.7}\n');
    const beam = `ASG(beam) {
\tINPA(T:open) value=1.000000
\tRULE(1,READ,NOTRAPWRITE)
\tRULE(1,WRITE,TRAPWRITE) {
\t\tUAG(staff)
\t\tHAG(hall)
\t\tCALC("A=1") result=TRUE
\t}
}
`;
    expect(await run('asprules beam')).toBe(beam);
    expect(await run('asdbdump')).toBe(
      `UAG(staff) {anna,ben}\nHAG(hall) {10.0.0.7}\nASG(DEFAULT) {\n\tRULE(1,READ,NOTRAPWRITE)\n}\n${beam}`,
    );
    expect(await run('astac T:ao anna 10.0.0.7')).toBe('T:ao: get Yes put Yes (logged)\n');
    expect(await run('astac T:ao carl 10.0.0.7')).toBe('T:ao: get Yes put No\n');
    await put(0);
    expect(await run('asprules beam')).toContain('CALC("A=1") result=FALSE');
  });

  it('compares claimed hosts where asCheckClientIP is 0, as start-up files may say', async () => {
    const { run } = rig();
    expect(await run('var asCheckClientIP')).toBe('asCheckClientIP = 1\n');
    expect(await run('var asCheckClientIP 0')).toBe('');
    expect(await run('var asCheckClientIP')).toBe('asCheckClientIP = 0\n');
    const text = 'HAG(hall) {Desk} ASG(beam) {RULE(1,WRITE) {HAG(hall)}}';
    await run(`asSetFilename ${temporaryFolder(scope).write('test.acf', text)}`);
    await run('asInit');
    expect(await run('astac T:ao anna desk')).toBe('T:ao: get Yes put Yes\n');
    expect(await run('var atExitDebug 1')).toContain('There is no variable atExitDebug');
  });

  it('keeps the rules of before when a file has mistakes', async () => {
    const { run } = rig();
    const { write } = temporaryFolder(scope);
    await run('asSetSubstitutions G=beam');
    await run(`asSetFilename ${write('one.acf', 'ASG(DEFAULT) {RULE(1,READ)} ASG($(G)) {}')}`);
    await run('asInit');
    expect(await run('asprules')).toContain('ASG(beam)');
    const bad = write('two.acf', 'ASG(DEFAULT) {RULE(1,', '}');
    await run(`asSetFilename ${bad}`);
    expect(await run('asInit')).toContain(`${bad}:2:1:`);
    expect(await run('asprules')).toContain('ASG(beam)');
  });
});
