import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { putLogCommands } from '../../src/console/index.ts';
import { IocPutLog } from '../../src/ioc-put-log.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { ProcessImage } from '../../src/model/index.ts';
import { Directory, localIdentity, type PvField } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';
import { FakeLogServer } from '../ops/put-log/fake-log-server.ts';
import { shellRig } from './shell-rig.ts';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

/** The commands on an IOC with one record, and a client that puts to it. */
function rig(env: Record<string, string> = {}) {
  const records = new RecordTable(new ProcessImage());
  records.add({ name: 'X', type: 'ao', role: 'soft' });
  const directory = new Directory(records);
  const log = scope.use(new IocPutLog(directory, { log: silentLog, env }));
  const shell = shellRig(putLogCommands(log));
  const run = async (line: string) => {
    shell.out.text = shell.err.text = '';
    await shell.shell.run(line);
    return shell.out.text + shell.err.text;
  };
  const session = directory.security.open(localIdentity('ada'), () => {});
  const field = directory.find('X') as PvField;
  const put = (value: number) =>
    session.put(field, session.grant(field), value, false, scope.signal);
  return { run, put };
}

const server = () => new FakeLogServer().open(scope);
const deadline = { timeout: 10_000 };

describe('the put log at the console', () => {
  it('begins, and goes to every server that was named', async () => {
    const [one, two] = [await server(), await server()];
    const { run, put } = rig();
    expect(await run(`iocLogPrefix "ioc7 "`)).toBe('');
    expect(await run(`caPutLogInit "127.0.0.1:${one.port}", 2`)).toBe('');
    expect(await run(`caPutLogInit "127.0.0.1:${two.port}", 2`)).toBe('');
    put(3);
    await vi.waitFor(() => expect([one.lines.length, two.lines.length]).toEqual([1, 1]), deadline);
    expect(one.lines[0]).toMatch(/^ioc7 \d\d-\w{3}-\d\d .* ada X new=3 old=0$/);
    expect(await run('caPutLogShow')).toBe(
      [
        'put log: every, text, bursts end after 5 s',
        `  server 127.0.0.1:${one.port}`,
        `  server 127.0.0.1:${two.port}`,
        '  1 lines, 0 lost\n',
      ].join('\n'),
    );
  });

  it('has the JSON form, with keys of the site', async () => {
    const one = await server();
    const { run, put } = rig({ EPICS_CA_JSON_PUT_LOG_ADDR: `127.0.0.1:${one.port}` });
    await run('caPutJsonLogAddMetadata beamline I04');
    expect(await run('caPutJsonLogInit "", 2')).toBe('');
    put(3);
    await vi.waitFor(() => expect(one.lines).toHaveLength(1), deadline);
    expect(JSON.parse(one.lines[0] ?? '')).toMatchObject({ beamline: 'I04', pv: 'X', new: 3 });
  });

  it('is switched off, and on again without a put getting lost', async () => {
    const one = await server();
    const { run, put } = rig();
    await run(`caPutLogInit "127.0.0.1:${one.port}", 2`);
    put(1);
    await run('caPutLogReconf -1');
    put(2);
    await run('caPutLogReconf 2');
    put(3);
    await run('caPutLogSetBurstTimeout 1.5');
    put(4);
    const news = () => one.lines.map((line) => /new=(\S+)/.exec(line)?.[1]).sort();
    await vi.waitFor(() => expect(news()).toEqual(['1', '3', '4']), deadline);
    expect(await run('caPutLogShow')).toContain('bursts end after 1.5 s');
  });

  it.each([
    ['caPutLogInit ""', 'No log server: give host or host:port, or set EPICS_CA_PUT_LOG_ADDR'],
    ['caPutLogInit "a:b", 1', '"a:b" is not host or host:port'],
    ['caPutLogReconf 7', '7 is no mode of the put log: -1, 0, 1 or 2'],
  ])('%s says what is wrong', async (line, complaint) => {
    expect(await rig().run(line)).toContain(complaint);
  });
});
