import { describe, expect, it, vi } from 'vitest';
import { type Log, Scope } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import { alarm, demoConfig, demoIoc, field, reads, temporaryFile } from '../support/demo-ioc.ts';
import { overheard } from '../support/overheard.ts';

const ANALOGUE = 'T:ETH1:RIO1:MOD2:AiStandardChannel1Value';

/** The demo with files of records, under the names in which the configuration may hold them. */
async function withDatabase(scope: Scope, name: string, text: string, macros = '', log?: Log) {
  const file = temporaryFile(scope, name, text);
  const config = `${demoConfig}databases: [{ file: ${file}, macros: '${macros}' }]\n`;
  return demoIoc(scope, `${config}supervision: { period: 0.2 }\n`, log);
}

describe('databases of an IOC with a plant', () => {
  it('add records, and say more of those that the plant brings', async () => {
    await using scope = new Scope();
    const ioc = await withDatabase(
      scope,
      'extra.db',
      `record(longout,"$(P)soft") { field(VAL,7) }
       record("*","${ANALOGUE}") { field(HIHI,8.5) field(HHSV,MAJOR) alias("$(P)beam") }
       alias("${ANALOGUE}","$(P)current")`,
      'P=X:',
    );
    expect((await field(ioc, 'X:soft')).read()).toBe(7);
    await reads(ioc, `${ANALOGUE}.HIHI`, 8.5);
    await reads(ioc, 'X:beam.HHSV', 2);
    expect((await field(ioc, 'X:current')).record).toBe(ANALOGUE);
  });

  it('wait for terminals that are not there yet, and say so', async () => {
    await using scope = new Scope();
    const { log, text } = overheard();
    const plugged = 'T:ETH1:RIO2:MOD15:AiStandardChannel1Value';
    const database = `
      record("*", "${plugged}") { field(EGU, "mbar") field(HIGH, -1) field(HSV, MINOR) }
      record(calc, "SUM") { field(INPA, "${plugged} CP MS") field(CALC, "A+1") }`;
    const ioc = await withDatabase(scope, 'extra.db', database, '', log);
    await reads(ioc, 'T:IOC:AwaitedRecords', 1);
    await alarm(ioc, 'SUM', [AlarmStatus.udf, Severity.invalid]);
    await vi.waitFor(() => expect(text()).toContain(`records that are not there: ${plugged} (`));
    ioc.simulator.faults.addSlave(1, 'EL3104');
    await reads(ioc, `${plugged}.EGU`, 'mbar');
    await reads(ioc, `${plugged}.HSV`, Severity.minor);
    await alarm(ioc, plugged, [AlarmStatus.high, Severity.minor]);
    await alarm(ioc, 'SUM', [AlarmStatus.link, Severity.minor]);
    await reads(ioc, 'T:IOC:AwaitedRecords', 0);
  });

  it('keep a record of their own under the name of a value of the plant', async () => {
    await using scope = new Scope();
    const { log, text } = overheard();
    const database = `record(longout, "${ANALOGUE}") { field(VAL, 5) }`;
    const ioc = await withDatabase(scope, 'own.db', database, '', log);
    await reads(ioc, 'T:ETH1:RIO1:MOD2:AiStandardChannel2Value', 0);
    expect((await field(ioc, ANALOGUE)).read()).toBe(5);
    expect(text()).toContain(`${ANALOGUE} is a record that is not of this plant`);
  });

  it('are refused with every mistake and its place', async () => {
    await using scope = new Scope();
    const text = 'record(ai,"$(Q)x") {\n  field(EGU,"V"\n}';
    await expect(withDatabase(scope, 'bad.db', text)).rejects.toThrow(
      /bad\.db:1:12: macro "Q" is undefined\n.*\n.*bad\.db:3:1: expected "\)", found "\}"/,
    );
  });
});
