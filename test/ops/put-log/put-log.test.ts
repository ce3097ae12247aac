import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope, silentLog, systemClock } from '../../../src/kernel/index.ts';
import { LogFile } from '../../../src/ops/put-log/log-file.ts';
import { LogServer } from '../../../src/ops/put-log/log-server.ts';
import { openPutLog, type PutLogOptions } from '../../../src/ops/put-log/put-log.ts';
import { SecurityGroup, SecurityRules } from '../../../src/pv/access/group.ts';
import { localIdentity, type PvField, Right } from '../../../src/pv/index.ts';
import { ManualClock } from '../../ads/manual-clock.ts';
import { FakeDirectory } from '../../support/fake-directory.ts';
import { FakeLogServer } from './fake-log-server.ts';

let scope: Scope;
let folder: string;

beforeEach(() => {
  scope = new Scope();
  folder = mkdtempSync(join(tmpdir(), 'put-log-'));
});

afterEach(async () => {
  await scope[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Of each put the same way, as a line of JSON without its time. */
const options: PutLogOptions = {
  ...{ mode: 'every', format: 'json', burst: 5, prefix: '', site: {}, servers: [] },
};

function rig(given: Partial<PutLogOptions>) {
  const directory = new FakeDirectory({
    X: { type: 'DOUBLE', value: 1 },
    LOG: { type: 'CHAR', value: new Uint8Array(0), maxCount: 40 },
    TEXT: { type: 'STRING', value: '', fields: { VAL: '' } },
  });
  const rule = { level: 1, right: Right.write, trap: true };
  directory.security.install(new SecurityRules([new SecurityGroup('DEFAULT', [], [rule])]));
  const log = scope.use(openPutLog(directory, { ...options, ...given }, silentLog));
  const session = directory.security.open(localIdentity('ada'), () => {});
  const field = directory.find('X') as PvField;
  const put = (value: number) =>
    session.put(field, session.grant(field), value, false, scope.signal);
  return { directory, log, put };
}

const told = (text: string) => JSON.parse(text.slice(text.indexOf('{')));

describe('the put log', () => {
  it('tells every server, with the prefix of the IOC', async () => {
    const [one, other] = [new FakeLogServer(), new FakeLogServer()];
    await Promise.all([one.open(scope), other.open(scope)]);
    const servers = [one, other].map(({ port }) => ({ host: '127.0.0.1', port }));
    const { put } = rig({ servers, prefix: 'ioc7 ' });
    put(2);
    await vi.waitFor(() => expect([one.lines, other.lines]).toMatchObject([[{}], [{}]]));
    expect(one.lines[0]).toMatch(/^ioc7 \{/);
    expect(told(one.lines[0] ?? '')).toMatchObject({ user: 'ada', pv: 'X', new: 2, old: 1 });
    expect(other.lines).toEqual(one.lines);
  });

  it('tells a file, without the prefix', async () => {
    const path = join(folder, 'puts', 'log');
    const { put, log } = rig({ prefix: 'ioc7 ', file: { path, maxBytes: 1e6, keep: 1 } });
    put(2);
    put(3);
    await log[Symbol.asyncDispose]();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).new)).toEqual([2, 3]);
    expect(log.counters).toEqual({ lines: 2, dropped: 0 });
  });

  it('tells a PV, cut to what it holds', () => {
    const { directory, put } = rig({ pv: 'LOG', format: 'text' });
    put(2);
    const shown = directory.find('LOG')?.read();
    const text = Buffer.from(shown as Uint8Array).toString();
    expect(text).toHaveLength(40);
    expect(text).toMatch(/^\d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d 127\.0\.0\.1 ada X new=\0$/);
  });

  it('counts a PV that is not there, and goes on', () => {
    const { put, log } = rig({ pv: 'NONE' });
    put(2);
    put(3);
    expect(log.counters).toEqual({ lines: 2, dropped: 2 });
  });

  it('tells the last burst when it ends, and traps no more', async () => {
    const path = join(folder, 'log');
    const { directory, put, log } = rig({
      ...{ mode: 'changes', file: { path, maxBytes: 1e6, keep: 1 } },
    });
    put(2);
    put(3);
    await log[Symbol.asyncDispose]();
    expect(told(readFileSync(path, 'utf8'))).toMatchObject({ new: 3, old: 1, burst: 1 });
    expect(directory.security.trapped).toBeUndefined();
  });
});

describe('a log server', () => {
  const counters = { lines: 0, dropped: 0 };
  const connected = (port: number, clock = systemClock) =>
    new LogServer({ host: '127.0.0.1', port, prefix: '', counters, log: silentLog, clock });

  beforeEach(() => Object.assign(counters, { lines: 0, dropped: 0 }));

  it('that comes later gets what was put before', async () => {
    const server = await new FakeLogServer().open(scope);
    await server.close();
    const clock = new ManualClock();
    const sink = scope.use(connected(server.port, clock));
    sink.write('early');
    await vi.waitFor(() => expect(clock.timers).toBe(1));
    await server.open(scope);
    clock.advance(5000);
    await vi.waitFor(() => expect(server.lines).toEqual(['early']));
  });

  it('that was restarted is connected again', async () => {
    const server = await new FakeLogServer().open(scope);
    const clock = new ManualClock();
    const sink = scope.use(connected(server.port, clock));
    sink.write('one');
    await vi.waitFor(() => expect(server.lines).toEqual(['one']));
    await server.close();
    await vi.waitFor(() => expect(clock.timers).toBe(1));
    sink.write('two');
    await server.open(scope);
    clock.advance(5000);
    await vi.waitFor(() => expect(server.lines).toEqual(['one', 'two']));
    expect(server.connections).toBe(2);
  });

  it('that is away costs a bounded memory: lines beyond a thousand are dropped', async () => {
    const server = await new FakeLogServer().open(scope);
    await server.close();
    const sink = scope.use(connected(server.port, new ManualClock()));
    for (let i = 0; i < 1500; i++) sink.write('x');
    expect(counters.dropped).toBe(500);
  });

  it('that reads nothing costs a bounded memory', async () => {
    const server = new FakeLogServer();
    server.deaf = true;
    await server.open(scope);
    const sink = scope.use(connected(server.port));
    await vi.waitFor(() => expect(server.connections).toBe(1));
    const line = 'x'.repeat(20_000);
    for (let i = 0; i < 1500; i++) sink.write(line);
    await vi.waitFor(() => {
      sink.write(line);
      expect(counters.dropped).toBeGreaterThan(0);
    });
  });
});

describe('a log file', () => {
  const counters = { lines: 0, dropped: 0 };
  const content = (name: string) => readFileSync(join(folder, name), 'utf8');

  it('that is full gives way to a new one, and the oldest is removed', async () => {
    const path = join(folder, 'log');
    const file = new LogFile({ path, maxBytes: 20, keep: 2, counters, log: silentLog });
    for (const line of ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']) {
      file.write(line.padEnd(9, '.'));
      await file[Symbol.asyncDispose]();
    }
    expect(readdirSync(folder).sort()).toEqual(['log', 'log.1', 'log.2']);
    expect([content('log.2'), content('log.1'), content('log')]).toEqual([
      'five.....\nsix......\n',
      'seven....\neight....\n',
      'nine.....\n',
    ]);
  });

  it('is appended to after a restart, and counts what was there', async () => {
    const path = join(folder, 'log');
    for (const line of ['one', 'two', 'three']) {
      const file = new LogFile({ path, maxBytes: 10, keep: 1, counters, log: silentLog });
      file.write(line);
      await file[Symbol.asyncDispose]();
    }
    expect([content('log.1'), content('log')]).toEqual(['one\ntwo\n', 'three\n']);
  });

  it('that cannot be written costs its lines, and is tried again with the next', async () => {
    const counters = { lines: 0, dropped: 0 };
    const path = join(folder, 'log');
    const blocker = new LogFile({ path, maxBytes: 99, keep: 0, counters, log: silentLog });
    const file = new LogFile({
      ...{ path: join(path, 'inner'), maxBytes: 99, keep: 0, counters, log: silentLog },
    });
    blocker.write('a file where a folder should be');
    await blocker[Symbol.asyncDispose]();
    file.write('lost');
    await file[Symbol.asyncDispose]();
    expect(counters.dropped).toBe(1);
    rmSync(path);
    file.write('kept');
    await file[Symbol.asyncDispose]();
    expect(content('log/inner')).toBe('kept\n');
  });
});
