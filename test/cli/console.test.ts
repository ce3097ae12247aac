import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { eventually, temporaryFolder } from '../console/shell-rig.ts';
import { start } from '../support/command-line.ts';
import { demoConfig } from '../support/demo-ioc.ts';

let scope: Scope;
let files: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  scope = new Scope();
  files = temporaryFolder(scope);
});
afterEach(() => scope[Symbol.asyncDispose]());

const run = (...args: readonly string[]) => start(scope, ['run', ...args], {}, 'pipe');

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

// Programs of ours start slowly where many run.
describe('the console of an IOC with a plant', { timeout: 60_000 }, () => {
  it('shows the plant, on a socket that goes with the IOC', async () => {
    const config = files.write('ioc.yaml', demoConfig, 'console: { socket: ioc.sock }');
    const socket = join(files.folder, 'ioc.sock');
    const ioc = run(config);
    await eventually(() => expect(existsSync(socket)).toBe(true));
    const says = (line: string, text: RegExp) =>
      eventually(async () => expect(await asked(socket, `${line}\n`)).toMatch(text));
    await says('plants', /T +\S+ +Connected/);
    await says('tree', /T:ETH1:RIO1:MOD2 +EL3104/);
    await says('slaves EL3104', /\d+ +EL3104 +OP +good +0 +T:ETH1:RIO1:MOD2/);
    await says('links', /EL3104 +good +0 +0 +0 +0/);
    await says('faults', /T: Connected\n {2}no faults/);
    await says('dbgf T:IOC:PlantState', /DBF_STRING: +"Connected"/);
    await says('casr', /Channel Access Server V4\.13/);
    ioc.signal('SIGTERM');
    expect((await ioc.finished).code).toBe(0);
    expect(existsSync(socket)).toBe(false);
  });

  it('is reached by a command, which runs lines of its input', async () => {
    const config = files.write('ioc.yaml', demoConfig, 'console: { socket: ioc.sock }');
    const socket = join(files.folder, 'ioc.sock');
    run(config);
    await eventually(() => expect(existsSync(socket)).toBe(true));
    const client = start(scope, ['console', socket], {}, 'pipe');
    client.end('dbgf T:IOC:Attempts\npwd\n');
    const { code, stdout } = await client.finished;
    expect(stdout).toContain('DBF_INT64:');
    expect(stdout).toContain(process.cwd());
    expect(code).toBe(0);
    const other = await start(scope, ['console', `${socket}.none`], {}).finished;
    expect(other.stderr).toContain('does an IOC of yours serve it?');
    expect(other.code).toBe(1);
  });

  it('runs a start-up file, which loads records and finds the plant after iocInit', async () => {
    const db = files.write('more.db', 'record(longin, "$(P):soft") { field(VAL, "5") }');
    const st = files.write(
      'st.cmd',
      `dbLoadRecords("${db}", "P=T")`,
      'drvAsynIPPortConfigure("L0", "192.0.2.1:23")',
      'iocInit',
      'dbgf T:soft',
      'dbgf T:ETH1:RIO1:MOD2:Type',
    );
    const ioc = run(files.write('ioc.yaml', demoConfig), '--st-cmd', st);
    await eventually(() => expect(ioc.stdout).toContain('DBF_STRING:         "EL3104"'));
    expect(ioc.stdout).toContain('DBF_LONG:           5 = 0x5');
    expect(ioc.stderr).toContain(`${st}:2: Command drvAsynIPPortConfigure not found`);
    ioc.signal('SIGTERM');
    expect((await ioc.finished).code).toBe(0);
  });

  it('does not start when the start-up file fails and was told to stop', async () => {
    const st = files.write('st.cmd', 'nosuch');
    const config = files.write('ioc.yaml', demoConfig);
    const { code, stderr } = await run(config, '--st-cmd', st, '--on-error', 'break').finished;
    expect(stderr).toContain(`${st} stopped at an error`);
    expect(code).toBe(1);
  });

  it('on standard input ends the IOC at exit, not at the end of input', async () => {
    const config = files.write('ioc.yaml', demoConfig);
    const one = run(config, '-s');
    await eventually(() => expect(one.stdout).toContain('epics> '));
    one.end('dbgf T:IOC:Attempts\nexit\n');
    const { code, stdout } = await one.finished;
    expect(stdout).toContain('DBF_INT64:');
    expect(code).toBe(0);
    const other = run(config, '-s');
    other.end();
    await eventually(() => expect(other.stdout).toContain('The console is closed'));
    other.signal('SIGTERM');
    expect((await other.finished).code).toBe(0);
  });

  it('outlives whoever reads what the IOC prints', async () => {
    const config = files.write(
      'ioc.yaml',
      demoConfig.replace('level: silent', 'level: info'),
      'console: { socket: ioc.sock }',
    );
    const socket = join(files.folder, 'ioc.sock');
    const ioc = run(config, '-s');
    ioc.leave();
    ioc.write('help\n');
    await eventually(() => expect(existsSync(socket)).toBe(true));
    await eventually(async () => {
      expect(await asked(socket, 'plants\n')).toMatch(/Connected/);
    });
    // By now it greeted, and nobody took that.
    expect(await asked(socket, 'epicsThreadSleep 0.5\npwd\n')).toContain('/');
    ioc.signal('SIGTERM');
    expect((await ioc.finished).code).toBe(0);
  });

  it('is not on a standard input that is no terminal, unless asked for', async () => {
    const ioc = run(files.write('ioc.yaml', demoConfig));
    ioc.end('exit\n');
    await eventually(() => expect(ioc.stdout).toContain('simulated plant'));
    expect(ioc.stdout).not.toContain('epics> ');
    ioc.signal('SIGTERM');
    expect((await ioc.finished).code).toBe(0);
  });
});
