import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTerminalDefinitions } from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import {
  alarm,
  type DemoIoc,
  demoConfig,
  demoIoc,
  field,
  put,
  reads,
  shippedChain,
  temporaryFile,
} from '../support/demo-ioc.ts';
import { overheard } from '../support/overheard.ts';

const types = [...loadTerminalDefinitions().keys()];
/** A slave of every type, behind a coupler: a terminal's name says its place in this list. */
const boxes = ['EK1100', ...types.filter((type) => type !== 'EK1100')];
const AI1 = 'AI Standard Channel 1';
const TC1 = 'TC TCInputs Channel 1';
const nameOf = (type: string) => `Term ${boxes.indexOf(type) + 1} (${type})`;

/** Wires: what is put to the raw outputs of two boxes and a relay is what inputs measure. */
const loops = [
  [`${nameOf('EP4174-0002')}.AO Outputs Channel 1.Analog output`, 'EL3702', 'Ch1 Sample.Ch1 Value'],
  [`${nameOf('EP4174-0002')}.AO Outputs Channel 2.Analog output`, 'EL3104', `${AI1}.Value`],
  [`${nameOf('EP4174-0002')}.AO Outputs Channel 3.Analog output`, 'EL3124', `${AI1}.Value`],
  [`${nameOf('EP4174-0002')}.AO Outputs Channel 4.Analog output`, 'EP3314-0002', `${TC1}.Value`],
  [`${nameOf('EL1502')}.CNT Outputs.Control`, 'EL3104', `${AI1}.Status`],
  [`${nameOf('EL2624')}.Channel 1`, 'EL9410', 'Status Us'],
] as const;
const signals = {
  [`${nameOf('EL9410')}.Status Up`]: { constant: 0 },
  [`${nameOf('EL9505')}.Status Uo.Status`]: { constant: 2 },
};

function chainText(): string {
  const slaves = boxes.map((type, position) => ({
    ...{ type, name: nameOf(type), node: 1, position, address: 1001 + position },
  }));
  return JSON.stringify({
    ...{ server: { name: 'I/O Server', version: '3.1', build: 2103 } },
    ...{ systemNetId: '5.1.2.3.1.1', symbolPort: 27905 },
    devices: [
      {
        ...{ id: 1, name: 'Device 1 (EtherCAT)', type: 94, netId: '5.1.2.3.2.1' },
        identity: { vendor_id: 2, product_code: 65539, revision_number: 1844, serial_number: 0 },
        slaves,
      },
    ],
    signals,
    loops: loops.map(([from, type, symbol]) => ({ from, to: `${nameOf(type)}.${symbol}` })),
  });
}

let scope: Scope;
let ioc: DemoIoc;
const paths = new Map<string, string>();
const { log, text } = overheard();
beforeAll(async () => {
  scope = new Scope();
  const chain = temporaryFile(scope, 'every-type.yaml', chainText());
  ioc = await demoIoc(scope, demoConfig.replace(shippedChain, chain), log);
  await field(ioc, 'T:ETH1:RIO1:MOD1:Name');
  for (const name of ioc.directory.names()) {
    if (name.endsWith(':Type')) {
      const type = String((await field(ioc, name)).read());
      if (!paths.has(type)) paths.set(type, name.slice(0, -':Type'.length));
    }
  }
  await reads(ioc, pv('EL9510', 'StatusUoPowerOk'), 1);
});
afterAll(() => scope[Symbol.asyncDispose]());

/** The PV of an attribute of the slave of a type. */
function pv(type: string, attribute: string): string {
  return `${paths.get(type)}:${attribute}`;
}

const good = [AlarmStatus.noAlarm, Severity.noAlarm] as const;
const severities = ['NO_ALARM', 'MINOR', 'MAJOR', 'INVALID'];

/** Makes a wired input measure so many counts. */
async function counts(channel: number, raw: number) {
  await put(ioc, pv('EP4174-0002', `AoOutputsCh${channel}AnalogOut`), raw);
}

/** The fields of a PV that templates speak of, as text. */
async function said(name: string, ...fields: string[]) {
  const values = await Promise.all(fields.map((each) => field(ioc, `${name}.${each}`)));
  return values.map((each) => each.read());
}

describe('a plant with a slave of every terminal type', () => {
  it('has templates for all of them, and nothing is wrong with those', () => {
    expect(types).toHaveLength(36);
    expect(text()).not.toContain('template');
  });

  it('raises no alarm by its limits or states while all is well', async () => {
    const { status, severity } = ioc.directory.columns;
    const raised: string[] = [];
    for (const name of ioc.directory.names()) {
      if (!name.startsWith('T:ETH1:RIO')) continue;
      const { slot } = await field(ioc, name);
      const is = status[slot] ?? 0;
      const isOurs = [AlarmStatus.high, AlarmStatus.low, AlarmStatus.state].includes(is as never);
      if (isOurs) raised.push(`${name} ${severities[severity[slot] ?? 0]}`);
    }
    // One that is made to be ill.
    const supply = paths.get('EL9505');
    expect(raised).toEqual([`${supply}:StatusUoPowerOk MAJOR`, `${supply}:StatusUoOverload MAJOR`]);
  });

  it('knows the range of each input', async () => {
    const limits = (type: string, value: string) =>
      said(pv(type, value), 'LOW', 'HIGH', 'LSV', 'HSV');
    expect(await limits('EL3104', 'AiStandardChannel1Value')).toEqual([-10, 10, 1, 1]);
    expect(await limits('EL3124', 'AiStandardChannel4Value')).toEqual([
      expect.closeTo(3.6, 3),
      20,
      1,
      1,
    ]);
    expect(await limits('EL3202', 'RtdInputsChannel2Value')).toEqual([-200, 850, 1, 1]);
    expect(await limits('EL3202-0010', 'RtdInputsChannel1Value')).toEqual([-200, 320, 1, 1]);
    expect(await limits('EL3602', 'AiInputsChannel2Value')).toEqual([-10, 10, 1, 1]);
    expect(await limits('EL3702', 'Ch2SampleCh2Value')).toEqual([-10, 10, 1, 1]);
    expect(await limits('EP3204-0002', 'RtdRtdinputsChannel1Value')).toEqual([-200, 850, 1, 1]);
    expect(await limits('EP3314-0002', 'TcTcinputsChannel1Value')).toEqual([-200, 2320, 1, 1]);
  });

  it('has no limits where the range is not known', async () => {
    expect(await said(pv('EL3356-0010', 'RmbValueInt32Value'), 'LOW', 'HSV')).toEqual([0, 0]);
    expect(await said(pv('EP3174-0002', 'AiStandardChannel1Value'), 'HIGH', 'HSV')).toEqual([0, 0]);
    expect(await said(pv('EL1502', 'CntInputsCounterValue'), 'HIGH', 'HSV')).toEqual([0, 0]);
  });

  it('limits what can be put to what the terminal can put out', async () => {
    expect(await said(pv('EL4134', 'AoOutCh1AnalogOut'), 'DRVL', 'DRVH')).toEqual([-10, 10]);
    const pulse = pv('EL2502', 'PwmOutputsChannel1PwmOutput');
    expect(await said(pulse, 'DRVL', 'DRVH')).toEqual([0, 100]);
    await put(ioc, pulse, 150);
    await reads(ioc, pulse, 100);
    const raw = pv('EP4174-0002', 'AoOutputsCh1AnalogOut');
    expect(await said(raw, 'DRVL', 'DRVH')).toEqual([-32768, 32767]);
  });

  it('warns of a value at the end of the range of an input without status bits', async () => {
    const value = pv('EL3702', 'Ch1SampleCh1Value');
    await alarm(ioc, value, good);
    await counts(1, 32767);
    await alarm(ioc, value, [AlarmStatus.high, Severity.minor]);
    await counts(1, -32768);
    await alarm(ioc, value, [AlarmStatus.low, Severity.minor]);
    await counts(1, 32700);
    await alarm(ioc, value, good);
  });

  it('leaves the word to status bits where there are some', async () => {
    const value = pv('EL3104', 'AiStandardChannel1Value');
    await counts(2, 32767);
    await alarm(ioc, value, [AlarmStatus.high, Severity.minor]);
    await put(ioc, pv('EL1502', 'CntOutputs'), 0x42);
    await alarm(ioc, value, [AlarmStatus.hwLimit, Severity.major]);
    const major = [AlarmStatus.state, Severity.major] as const;
    await alarm(ioc, pv('EL3104', 'AiStandardChannel1Overrange'), major);
    await alarm(ioc, pv('EL3104', 'AiStandardChannel1Error'), major);
    await alarm(ioc, pv('EL3104', 'AiStandardChannel1Underrange'), good);
  });

  it('takes a 4…20 mA sensor at rest for well, a broken wire not', async () => {
    const value = pv('EL3124', 'AiStandardChannel1Value');
    await alarm(ioc, value, good);
    await counts(3, -8192);
    await alarm(ioc, value, [AlarmStatus.low, Severity.minor]);
  });

  it('takes what is hot for a thermocouple of type K for well: it may be another', async () => {
    const value = pv('EP3314-0002', 'TcTcinputsChannel1Value');
    await counts(4, 15_000);
    await reads(ioc, value, 1500);
    await alarm(ioc, value, good);
  });

  it('alarms at power supplies that are not well', async () => {
    const undervoltage = pv('EL9410', 'StatusUs');
    await alarm(ioc, undervoltage, good);
    await put(ioc, pv('EL2624', 'Channel1'), 1);
    await alarm(ioc, undervoltage, [AlarmStatus.state, Severity.major]);
  });
});
