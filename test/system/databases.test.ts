import { describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { demoConfig, demoIoc, field, reads, temporaryFile } from '../support/demo-ioc.ts';

const ANALOGUE = 'T:ETH1:RIO1:MOD2:AiStandardChannel1Value';

/** The demo with files of records, under the names in which the configuration may hold them. */
async function withDatabase(scope: Scope, name: string, text: string, macros = '') {
  const file = temporaryFile(scope, name, text);
  return demoIoc(scope, `${demoConfig}databases: [{ file: ${file}, macros: '${macros}' }]\n`);
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

  it('are refused with every mistake and its place', async () => {
    await using scope = new Scope();
    const text = 'record(ai,"$(Q)x") {\n  field(EGU,"V"\n}';
    await expect(withDatabase(scope, 'bad.db', text)).rejects.toThrow(
      /bad\.db:1:12: macro "Q" is undefined\n.*\n.*bad\.db:3:1: expected "\)", found "\}"/,
    );
  });
});
