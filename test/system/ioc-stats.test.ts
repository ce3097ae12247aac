import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CaClient, type ClientChannel, Family } from '../../src/ca/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { type Ioc, startIoc } from '../../src/ioc.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { demoConfig, temporaryFile } from '../support/demo-ioc.ts';

const deadline = { timeout: 10_000 };

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

async function served(text = demoConfig) {
  const file = temporaryFile(scope, 'ioc.yaml', text);
  let restarts = 0;
  const restart = () => {
    restarts++;
  };
  const means = { log: silentLog, env: { ENGINEER: 'Ada' }, script: file, restart };
  const ioc: Ioc = scope.use(await startIoc(loadConfig(file), means, scope.signal));
  const addresses = [`127.0.0.1:${ioc.ca?.udpPort}`];
  const client = scope.use(await CaClient.open({ addresses, auto: false, repeaterPort: 0 }));
  const connect = async (name: string): Promise<ClientChannel> => {
    const channel = client.channel(`T:${name}`);
    await vi.waitFor(() => expect(channel.connected).toBe(true), deadline);
    return channel;
  };
  const get = async (name: string) => {
    const outcome = await (await connect(name)).read({ family: Family.time }, 5);
    if (outcome.kind !== 'read') throw new Error(outcome.text);
    return outcome.reading;
  };
  const value = async (name: string) => (await get(name)).value;
  const put = async (name: string, text: string) => (await connect(name)).writeNotify(text, 5);
  return { file, ioc, get, value, put, restarts: () => restarts };
}

describe('an IOC', () => {
  it('says that it lives: UPTIME as probes read it, HEARTBEAT once a second', async () => {
    const { value } = await served();
    await vi.waitFor(async () => expect(await value('UPTIME')).toMatch(/^00:00:0[1-9]$/), deadline);
    const before = Number(await value('HEARTBEAT'));
    await vi.waitFor(
      async () => expect(Number(await value('HEARTBEAT'))).toBeGreaterThan(before),
      deadline,
    );
  });

  it('tells of itself under the names that others use', async () => {
    const { file, ioc, get, value } = await served();
    expect(await value('HOSTNAME')).toBe(hostname().slice(0, 39));
    expect(await value('PROCESS_ID')).toBe(process.pid);
    expect(await value('ENGINEER')).toBe('Ada');
    expect(await value('LOCATION')).toBe('<not available>');
    expect(await value('EPICS_VERS')).toMatch(/^twincat-ioc \d/);
    expect(String(Buffer.from((await value('ST_SCRIPT')) as Uint8Array))).toBe(`${file}\0`);
    expect(await value('START_CNT')).toBe(1);
    expect(await get('ACCESS')).toMatchObject({ value: 0, severity: 0 });
    expect(await value('STARTTOD')).toMatch(/^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/);
    await vi.waitFor(() => expect(ioc.directory.size).toBeGreaterThan(1000), deadline);
    expect(await value('MEM_USED')).toBeGreaterThan(1e7);
    expect(await value('FD_FREE')).toBeGreaterThan(0);
  });

  it('tells of its clients, again and again, with the limits that others have', async () => {
    const { get, value, put, ioc } = await served();
    await put('CA_UPD_TIME', '1');
    await vi.waitFor(async () => expect(await value('CA_CLNT_CNT')).toBe(1), deadline);
    expect(await get('CA_CLNT_CNT')).toMatchObject({ status: 0, severity: 0 });
    const read = (name: string) => ioc.directory.find(`T:CA_CLNT_CNT.${name}`)?.read();
    expect([read('HIGH'), read('HIHI'), read('HSV'), read('HHSV')]).toEqual([100, 175, 1, 2]);
    expect(ioc.directory.has('T:LOAD')).toBe(true);
  });

  it('is restarted by SYSRESET only if the configuration allows it', async () => {
    const kept = await served();
    expect(await kept.put('SYSRESET', '1')).toMatchObject({ kind: 'failed' });
    expect(kept.restarts()).toBe(0);
    await scope[Symbol.asyncDispose]();
    scope = new Scope();
    const { put, restarts } = await served(`${demoConfig}iocStats: { reset: true }\n`);
    expect(await put('SysReset', '0')).toEqual({ kind: 'done' });
    expect(restarts()).toBe(0);
    expect(await put('SysReset', '1')).toEqual({ kind: 'done' });
    expect(restarts()).toBe(1);
  });

  it('reads its rules of access security again by READACF, and says if they are bad', async () => {
    const acf = temporaryFile(scope, 'site.acf', 'ASG(DEFAULT) { RULE(1,WRITE) }');
    const { put, ioc } = await served(`${demoConfig}access: { file: ${acf} }\n`);
    writeFileSync(acf, 'ASG(DEFAULT) { RULE(1,WRITE,TRAPWRITE) }');
    expect(await put('READACF', '1')).toEqual({ kind: 'done' });
    const rules = ioc.directory.security.rules?.groupOf('').rules;
    expect(rules?.map(({ trap }) => trap)).toEqual([true]);
    writeFileSync(acf, 'ASG(');
    expect(await put('READACF', '1')).toMatchObject({ kind: 'failed' });
    expect(ioc.directory.security.rules?.groupOf('').rules).toBe(rules);
  });

  it('counts its starts, if autosave keeps the count', async () => {
    const saves = dirname(temporaryFile(scope, 'none', ''));
    const text = `${demoConfig}autosave: { folder: ${saves} }\n`;
    const first = await served(text);
    expect(await first.value('START_CNT')).toBe(1);
    await first.ioc[Symbol.asyncDispose]();
    expect(await (await served(text)).value('START_CNT')).toBe(2);
  });

  it('says nothing of itself if that is not wanted', async () => {
    const { ioc } = await served(`${demoConfig}iocStats: { enabled: false }\n`);
    expect(ioc.directory.has('T:UPTIME')).toBe(false);
  });
});
