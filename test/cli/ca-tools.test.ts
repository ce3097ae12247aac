import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveCa } from '../../src/ca/index.ts';
import { EPICS_EPOCH_UNIX_SECONDS, Scope } from '../../src/kernel/index.ts';
import { start } from '../support/command-line.ts';
import { FakeDirectory } from '../support/fake-directory.ts';

describe('get, put and monitor', () => {
  let scope: Scope;
  let directory: FakeDirectory;
  let env: Record<string, string>;

  beforeEach(async () => {
    scope = new Scope();
    directory = new FakeDirectory({
      'T:AI': { type: 'DOUBLE', value: 1.25 },
      'T:LONG': { type: 'LONG', value: 7 },
      'T:TEXT': { type: 'STRING', value: `it's` },
      'T:MODE': { type: 'ENUM', value: 1, metadata: { labels: ['Off', 'On'] } },
      'T:ROW': { type: 'DOUBLE', value: Float64Array.of(1, 2.5), maxCount: 5 },
      'T:CHARS': { type: 'CHAR', value: new Uint8Array(0), maxCount: 40 },
      'T:BAD': {
        ...{ type: 'DOUBLE', value: 0 },
        put: () => ({ kind: 'refused', reason: 'bad-value', text: 'too hot' }),
      },
    });
    const options = { port: 0, interfaces: ['127.0.0.1'], beacons: { auto: false } };
    const server = scope.use(await serveCa(directory, options, new AbortController().signal));
    env = {
      EPICS_CA_ADDR_LIST: `127.0.0.1:${server.udpPort}`,
      EPICS_CA_AUTO_ADDR_LIST: 'NO',
      EPICS_CLI_TIMEOUT: '5',
      TZ: 'UTC',
    };
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const run = (...args: string[]) => start(scope, args, env).finished;
  const pad = (name: string) => name.padEnd(30);

  it('get prints names and values as caget does', async () => {
    const { code, stdout } = await run('get', 'T:AI', 'T:LONG', 'T:TEXT', 'T:MODE', 'T:ROW');
    expect([code, stdout]).toEqual([
      0,
      `${pad('T:AI')} 1.25\n${pad('T:LONG')} 7\n${pad('T:TEXT')} it\\'s\n${pad('T:MODE')} On\n${'T:ROW 2 1 2.5\n'}`,
    ]);
  });

  it.each<[string[], string]>([
    [['-t', 'T:AI'], '1.25\n'],
    [['-n', '-t', 'T:MODE'], '1\n'],
    [['-f3', '-t', 'T:AI'], '1.250\n'],
    [['-e', '2', '-t', 'T:AI'], '1.25e+00\n'],
    [['-#', '1', '-t', 'T:ROW'], '1 1\n'],
    [['-F', ',', 'T:ROW'], 'T:ROW,2,1,2.5\n'],
  ])('get %s prints %j', async (args, text) => {
    expect((await run('get', ...args)).stdout).toBe(text);
  });

  it('get -a prints time and alarm, too', async () => {
    const seconds = Date.UTC(2026, 6, 9, 3, 5, 7) / 1000 - EPICS_EPOCH_UNIX_SECONDS;
    const nanoseconds = 89_123_456;
    directory.update('T:AI', 2, { status: 3, severity: 2, seconds, nanoseconds });
    directory.update('T:LONG', 8, { seconds, nanoseconds });
    const time = '2026-07-09 03:05:07.089123';
    expect((await run('get', '-a', 'T:AI', 'T:LONG')).stdout).toBe(
      `${pad('T:AI')} ${time} 2 HIHI MAJOR\n${pad('T:LONG')} ${time} 8  \n`,
    );
  });

  it('get ends with 1 and says so for a PV that nobody has', async () => {
    const { code, stdout, stderr } = await run('get', '-w', '0.3', 'T:NONE', 'T:AI');
    expect([code, stdout]).toEqual([
      1,
      `${pad('T:NONE')} *** not connected\n${pad('T:AI')} 1.25\n`,
    ]);
    expect(stderr).toBe("Channel connect timed out: 'T:NONE' not found.\n");
  });

  it('put prints what was there and what there is', async () => {
    expect((await run('put', 'T:TEXT', '-2.5')).stdout).toBe(
      `Old : ${pad('T:TEXT')} it\\'s\nNew : ${pad('T:TEXT')} -2.5\n`,
    );
    expect(directory.find('T:TEXT')?.read()).toBe('-2.5');
  });

  it.each<[string[], string, unknown]>([
    [['-c', '-t', 'T:MODE', 'Off'], 'T:MODE', 'Off'],
    [['-t', 'T:MODE', '0'], 'T:MODE', 0],
    [['-t', 'T:TEXT', 'two', 'words'], 'T:TEXT', 'two words'],
    [['-t', '-a', 'T:ROW', '3', '7', '8', '9'], 'T:ROW', ['7', '8', '9']],
    [['-t', '-S', 'T:CHARS', 'long'], 'T:CHARS', new Uint8Array([0x6c, 0x6f, 0x6e, 0x67, 0])],
  ])('put %s sends what %s is to hold', async (args, name, stored) => {
    const { code } = await run('put', ...args);
    expect(code).toBe(0);
    expect(directory.find(name)?.read()).toEqual(stored);
  });

  it('put refuses what is no state, and tells which there are', async () => {
    const { code, stderr } = await run('put', 'T:MODE', 'Maybe');
    expect(code).toBe(1);
    expect(stderr).toContain('"Maybe" is no state of T:MODE; it has "Off", "On"');
  });

  it('put ends with 1 when the server refuses, with and without completion', async () => {
    const waited = await run('put', '-c', 'T:BAD', '1');
    expect(waited.code).toBe(1);
    expect(waited.stderr).toContain('the server could not write it');
    const unasked = await run('put', 'T:BAD', '1');
    expect(unasked.code).toBe(1);
    expect(unasked.stderr).toContain('too hot');
  });

  it('monitor prints each change until it is stopped', async () => {
    const running = start(scope, ['monitor', '-t', 'n', 'T:AI', 'T:MODE'], env);
    await vi.waitFor(() => expect(running.stdout.split('\n')).toHaveLength(3), { timeout: 10_000 });
    directory.update('T:AI', 3, { status: 4, severity: 1 });
    await vi.waitFor(() => expect(running.stdout).toContain('HIGH'), { timeout: 5000 });
    running.signal('SIGINT');
    const { stdout } = await running.finished;
    expect(stdout.split('\n').sort()).toEqual([
      '',
      `${pad('T:AI')}  1.25  `,
      `${pad('T:AI')}  3 HIGH MINOR`,
      `${pad('T:MODE')}  On  `,
    ]);
  });
});
