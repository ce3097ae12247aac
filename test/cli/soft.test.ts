import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { temporaryFolder } from '../console/shell-rig.ts';
import { start } from '../support/command-line.ts';
import { loopback } from '../support/loopback.ts';

let scope: Scope;
let files: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  scope = new Scope();
  files = temporaryFolder(scope);
});
afterEach(() => scope[Symbol.asyncDispose]());

/** A port that nobody else has. */
const env = loopback(15971);

const soft = (...args: readonly string[]) => start(scope, ['soft', ...args], env, 'pipe');
const record = 'record(ai, "$(P)ai") { field(VAL, "$(V=1)") }';

// Programs of ours start slowly where many run.
describe('twincat-ioc soft', { timeout: 60_000 }, () => {
  it('loads files with the macros before them, and is a shell on their records', async () => {
    const db = files.write('a.db', record);
    const ioc = soft('-m', 'P=X:', '-d', db, '-m', 'P=Y:,V=2.5', '-d', db);
    ioc.end('dbl\ndbgf Y:ai\n');
    const { code, stdout, stderr } = await ioc.finished;
    expect(stdout).toContain('epics> dbl\nX:ai\nY:ai\nepics> dbgf Y:ai\nDBF_DOUBLE:         2.5');
    expect(stdout).toMatch(/^#{76}\n## twincat-ioc/);
    expect(stderr).toBe('Starting iocInit\niocRun: All initialization complete\n');
    expect(code).toBe(0);
  });

  it('without files begins with an empty shell, which can load and start', async () => {
    const db = files.write('a.db', record);
    const ioc = soft();
    ioc.end(`dbLoadRecords("${db}", "P=Z:")\ndbl\niocInit\ndbgf Z:ai\niocInit\nexit\n`);
    const { code, stdout, stderr } = await ioc.finished;
    expect(stdout).toContain('dbl\nZ:ai\n');
    expect(stdout).toContain('DBF_DOUBLE:         1 ');
    expect(stderr).toContain('iocInit: the IOC runs already');
    expect(code).toBe(0);
  });

  it('runs a start-up file before iocInit', async () => {
    const db = files.write('a.db', record);
    const path = files.write('st.cmd', `dbLoadRecords("${db}", "P=$(P=S:)")`, 'nosuch', 'iocInit');
    const ioc = soft(path);
    ioc.end('dbl\n');
    const { code, stdout, stderr } = await ioc.finished;
    expect(stdout).toContain('epics> dbl\nS:ai\n');
    expect(stderr).toContain(`${path}:2: Command nosuch not found.`);
    expect(code).toBe(0);
  });

  it('fails with exit code 2 when the start-up file stops at an error', async () => {
    const path = files.write('st.cmd', 'nosuch', 'echo never');
    const { code, stdout, stderr } = await soft('--on-error', 'break', path).finished;
    expect(stderr).toBe(
      `${path}:1: Command nosuch not found.\n${path}:1: stopped here\nERROR: in ${path}\n`,
    );
    expect(stdout).not.toContain('never');
    expect(code).toBe(2);
  });

  it('fails with exit code 2 and the place of each mistake', async () => {
    const db = files.write('bad.db', 'record(ai, "A") {', '  field(VALL, "1")', '}');
    const { code, stderr } = await soft('-d', db).finished;
    expect(stderr).toContain(`${db}:2:`);
    expect(stderr).toContain('VALL');
    expect(code).toBe(2);
    const missing = await soft('-d', `${files.folder}/none.db`).finished;
    expect(missing.stderr).toContain('none.db');
    expect(missing.code).toBe(2);
  });

  it('without a shell and without records has nothing to do', async () => {
    const { code, stdout, stderr } = await soft('-S').finished;
    expect(stdout).toContain('Usage: twincat-ioc soft');
    expect(stderr).toBe('Nothing to do!\n');
    expect(code).toBe(1);
    expect((await soft('-Z').finished).code).toBe(2);
  });

  it('without a shell outlives its input, and ends well at SIGTERM', async () => {
    const socket = join(files.folder, 'ioc.sock');
    const ioc = soft('-S', '-m', 'P=X:', '-d', files.write('a.db', record), '--console', socket);
    ioc.end();
    await vi.waitFor(() => expect(existsSync(socket)).toBe(true), { timeout: 10_000 });
    expect(await asked(socket, 'dbgf X:ai\n')).toContain('DBF_DOUBLE:         1 ');
    ioc.signal('SIGTERM');
    expect((await ioc.finished).code).toBe(0);
    expect(existsSync(socket)).toBe(false);
  });

  it('ends by its exit record, well or not', async () => {
    for (const [value, expected] of [
      [0, 0],
      [3, 1],
    ]) {
      const ioc = soft('-x', 'X');
      ioc.write(`dbpf X:exit ${value}\n`);
      expect((await ioc.finished).code).toBe(expected);
    }
  });

  it('serves no Channel Access where the environment ignores rsrv', async () => {
    const db = files.write('a.db', record);
    const args = ['soft', '-m', 'P=X:', '-d', db];
    const ioc = start(scope, args, { ...env, EPICS_IOC_IGNORE_SERVERS: 'qsrv rsrv' }, 'pipe');
    ioc.end('dbgf X:ai\ncasr 1\ndbsr\n');
    const { code, stdout, stderr } = await ioc.finished;
    expect(stderr.match(/EPICS_IOC_IGNORE_SERVERS names rsrv/g)).toHaveLength(1);
    expect(stdout).toContain('DBF_DOUBLE:         1 ');
    expect(stdout).toContain('No server layers registered with IOC');
    expect(stdout).not.toContain('CAS-TCP server on');
    expect(code).toBe(0);
  });

  it('tells its steps if asked to', async () => {
    const ioc = soft('-v', '-m', 'P=X:', '-d', files.write('a.db', record));
    ioc.end();
    const { stdout } = await ioc.finished;
    expect(stdout).toContain(`dbLoadRecords("${files.folder}/a.db", "P=X:")\niocInit()\n`);
  });
});

/** What a console on a socket answers. */
function asked(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(path);
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
    socket.end(text);
  });
}
