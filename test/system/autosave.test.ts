import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { startIoc } from '../../src/ioc.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { type DemoIoc, demoConfig, demoIoc, put, reads } from '../support/demo-ioc.ts';

const ANALOGUE = 'T:ETH1:RIO1:MOD2:AiStandardChannel1Value';
const SWITCH = 'T:ETH1:RIO2:MOD3:Channel1';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'autosave-'));
  writeFileSync(
    join(folder, 'a.req'),
    ['$(P)ETH1:RIO1:MOD2:AiStandardChannel1Value.HIHI', `${ANALOGUE}.HHSV`, SWITCH].join('\n'),
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One life of an IOC on a plant that is new each time. */
async function life(policy: string, live: (ioc: DemoIoc) => Promise<void>): Promise<void> {
  await using scope = new Scope();
  const settings = `
setpoints: [{ pv: '*', policy: ${policy} }]
autosave: { folder: ${folder}, requests: [${folder}], sets: [{ request: a.req }] }
`;
  await live(await demoIoc(scope, demoConfig + settings));
}

async function firstLife(): Promise<void> {
  await life('read', async (ioc) => {
    await reads(ioc, 'T:SR_rebootStatusStr', "Can't open save file.");
    await reads(ioc, SWITCH, 0);
    await put(ioc, `${ANALOGUE}.HIHI`, 7.5);
    await put(ioc, `${ANALOGUE}.HHSV`, 'MAJOR');
    await put(ioc, SWITCH, 1);
    await reads(ioc, `${SWITCH}_RBV`, 1);
  });
}

describe('an IOC with autosave', () => {
  it('saves at its end, and gives a plant that comes later what it had', async () => {
    await firstLife();
    const [head, ...lines] = readFileSync(join(folder, 'a.sav'), 'utf8').split('\n');
    expect(head).toMatch(/^# save\/restore V5\.1\t/);
    expect(lines).toEqual([
      `${ANALOGUE}.HIHI 7.5`,
      `${ANALOGUE}.HHSV 2`,
      `${SWITCH} 1`,
      '<END>',
      '',
    ]);
    await life('write', async (ioc) => {
      await reads(ioc, `${ANALOGUE}.HIHI`, 7.5);
      await reads(ioc, `${ANALOGUE}.HHSV`, 2);
      await reads(ioc, 'T:SR_rebootStatusStr', 'No errors');
      // The setpoint is the IOC's own, so the policy writes it to the plant.
      await reads(ioc, `${SWITCH}_RBV`, 1);
    });
  });

  it('takes the setpoints of the plant where the policy says so', async () => {
    await firstLife();
    await life('read', async (ioc) => {
      await reads(ioc, `${ANALOGUE}.HIHI`, 7.5);
      await reads(ioc, `${SWITCH}_RBV`, 0);
      await reads(ioc, SWITCH, 0);
    });
  });

  it('keeps what it saved while the plant is away', async () => {
    await firstLife();
    const before = readFileSync(join(folder, 'a.sav'), 'utf8').split('\n').slice(1);
    await using scope = new Scope();
    const away = demoConfig
      .replace(/^simulate.*\n/m, '')
      .replace('plant: {', 'plant: { host: 127.0.0.1, port: 1, netId: 127.0.0.1.9.9,');
    const sets = `autosave: { folder: ${folder}, requests: [${folder}], sets: [{ request: a.req }] }`;
    writeFileSync(join(folder, 'ioc.yaml'), `${away}${sets}\n`);
    const config = loadConfig(join(folder, 'ioc.yaml'));
    const ioc = await startIoc(config, { log: silentLog, env: {} }, scope.signal);
    await ioc[Symbol.asyncDispose]();
    expect(readFileSync(join(folder, 'a.sav'), 'utf8').split('\n').slice(1)).toEqual(before);
  });
});
