import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import type { PvValue } from '../../src/pv/index.ts';
import { SoftIoc } from '../../src/soft-ioc.ts';
import { temporaryFile } from '../support/demo-ioc.ts';
import { loopback } from '../support/loopback.ts';

const deadline = { timeout: 10_000 };
const never = new AbortController().signal;
const LINK = 14;
const INVALID = 3;

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

/** A TCP port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** A soft IOC on a port of its own; its links go to another one. */
async function ioc(database: string, port: number, other?: number) {
  const env = {
    ...loopback(port),
    EPICS_CA_AUTO_ADDR_LIST: 'NO',
    EPICS_CA_REPEATER_PORT: '15065',
    ...(other !== undefined && { EPICS_CA_ADDR_LIST: `127.0.0.1:${other}` }),
  };
  const soft = new SoftIoc({ log: silentLog, env, exit: () => {} }, never);
  scope.use(soft);
  soft.bare.records.loader.loadText('test.db', database);
  await soft.bare.init();
  const { directory } = soft.bare;
  const read = (name: string) => directory.find(name)?.read();
  const put = (name: string, value: PvValue) =>
    directory.find(name)?.put(value, { user: 'ada', host: 'here', notify: true }, never);
  const alarm = (name: string) => {
    const slot = directory.find(name)?.slot ?? 0;
    return [directory.columns.status[slot], directory.columns.severity[slot]];
  };
  return { soft, read, put, alarm };
}

const source = `
record(ao, "SRC:AO") { field(VAL, "1.5") field(PINI, "YES") field(EGU, "mm") field(PREC, "2")
  field(HIHI, "100") field(HHSV, "MAJOR") field(HOPR, "50") }
record(stringout, "SRC:TEXT") { field(VAL, "hello") field(PINI, "YES") }
record(bo, "SRC:BO") { field(ZNAM, "Shut") field(ONAM, "Open") field(VAL, "1") field(PINI, "YES") }
record(waveform, "SRC:ROW") { field(FTVL, "LONG") field(NELM, "4") }
record(calcout, "SRC:SLOW") { field(INPA, "0") field(CALC, "A") field(ODLY, "0.2") field(OUT, "SRC:DONE PP") }
record(longout, "SRC:DONE") { }`;

describe('links over Channel Access', () => {
  it('process their record with each update, and bring value, alarm and text', async () => {
    const [there, here] = await Promise.all([freePort(), freePort()]);
    const far = await ioc(source, there);
    const near = await ioc(
      `record(ai, "N:AI") { field(INP, "SRC:AO CP MS") }
       record(stringin, "N:TEXT") { field(INP, "SRC:TEXT CP") }
       record(stringin, "N:STATE") { field(INP, "SRC:BO CP") }
       record(waveform, "N:ROW") { field(FTVL, "DOUBLE") field(NELM, "9") field(INP, "SRC:ROW CP") }`,
      here,
      there,
    );
    await vi.waitFor(() => expect(near.read('N:AI')).toBe(1.5), deadline);
    await vi.waitFor(() => expect(near.read('N:TEXT')).toBe('hello'), deadline);
    await far.put('SRC:AO', 120);
    await far.put('SRC:ROW', Int32Array.of(7, 8));
    await vi.waitFor(() => expect(near.read('N:AI')).toBe(120), deadline);
    expect(near.alarm('N:AI')).toEqual([LINK, 2]);
    await vi.waitFor(() => expect(near.read('N:ROW')).toEqual(Float64Array.of(7, 8)), deadline);
    await vi.waitFor(() => expect(near.read('N:STATE')).toBe('Open'), deadline);
  });

  it('turn INVALID when the other IOC goes, and good when it is back', async () => {
    const [there, here] = await Promise.all([freePort(), freePort()]);
    const far = await ioc(source, there);
    const near = await ioc('record(ai, "N:AI") { field(INP, "SRC:AO CP") }', here, there);
    await vi.waitFor(() => expect(near.read('N:AI')).toBe(1.5), deadline);
    await far.soft[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(near.alarm('N:AI')).toEqual([LINK, INVALID]), deadline);
    await ioc(source.replace('1.5', '2.5'), there);
    await vi.waitFor(() => expect(near.read('N:AI')).toBe(2.5), deadline);
    expect(near.alarm('N:AI')).toEqual([0, 0]);
  });

  it('write to the other IOC', async () => {
    const [there, here] = await Promise.all([freePort(), freePort()]);
    const far = await ioc(source, there);
    const near = await ioc('record(ao, "N:AO") { field(OUT, "SRC:AO CA") }', here, there);
    await vi.waitFor(async () => {
      await near.put('N:AO', 42);
      expect(far.read('SRC:AO')).toBe(42);
    }, deadline);
    expect(near.alarm('N:AO')).toEqual([0, 0]);
  });
});

describe('a put with completion', () => {
  it('through an asynchronous link waits for everything that it starts elsewhere', async () => {
    const [there, here] = await Promise.all([freePort(), freePort()]);
    const far = await ioc(source, there);
    const near = await ioc(
      'record(ao, "N:AO") { field(DTYP, "Async Soft Channel") field(OUT, "SRC:SLOW.A CA") }',
      here,
      there,
    );
    await vi.waitFor(async () => {
      await near.put('N:AO', 7);
      expect(far.read('SRC:DONE')).toBe(7);
    }, deadline);
    await near.put('N:AO', 8);
    expect(far.read('SRC:DONE')).toBe(8);
  });
});

describe('a rule of access security', () => {
  it('goes by a PV of another IOC', async () => {
    const [there, here] = await Promise.all([freePort(), freePort()]);
    const far = await ioc(source, there);
    const near = await ioc('record(ao, "N:AO") { }', here, there);
    const { access, directory } = near.soft.bare;
    const text = 'ASG(DEFAULT) { INPA("SRC:BO") RULE(1,READ) RULE(1,WRITE) { CALC("A=0") } }';
    access.setFile(temporaryFile(scope, 'site.acf', text));
    await access.init();
    const identity = { user: 'ada', claimedHost: '', address: '127.0.0.1', method: 'ca' };
    const session = directory.security.open(
      { ...identity, authority: [], protocol: 'TCP' },
      () => {},
    );
    const field = directory.find('N:AO');
    const mayWrite = () => field !== undefined && session.grant(field).write;
    expect(mayWrite()).toBe(false);
    await far.put('SRC:BO', 0);
    await vi.waitFor(() => expect(mayWrite()).toBe(true), deadline);
    await far.put('SRC:BO', 1);
    await vi.waitFor(() => expect(mayWrite()).toBe(false), deadline);
  });
});
