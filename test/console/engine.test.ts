import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engineCommands } from '../../src/console/engine/engine-commands.ts';
import { recordCommands } from '../../src/console/records/record-commands.ts';
import { DatabaseLoader } from '../../src/database/index.ts';
import { IocRecords } from '../../src/ioc-records.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { ProcessImage } from '../../src/model/index.ts';
import { Directory } from '../../src/pv/index.ts';
import { RecordTable, type RemoteLinks } from '../../src/records/index.ts';
import { shellRig } from './shell-rig.ts';

const database = `
record(calc, "T:calc") { field(SCAN, "1 second") field(INPA, "T:source MS") field(CALC, "A+1") }
record(ai, "T:fast") { field(SCAN, ".1 second") field(INP, "OTHER:pv CP") field(FLNK, "T:calc") }
record(ao, "T:out") { field(OUT, "MISSING:pv") }
record(longin, "T:waits") { field(SCAN, "Event") field(EVNT, "shot") }
record(longin, "T:source") { field(VAL, "41") }
`;

let scope: Scope;
beforeEach(() => {
  scope = new Scope();
});
afterEach(() => scope[Symbol.asyncDispose]());

/** PVs of other IOCs, of which those that begin with OTHER are there. */
const remote: RemoteLinks = {
  open: ({ name }) => ({
    ...{ isConnected: name.startsWith('OTHER'), isReadable: true, isWritable: true },
    ...{ type: 'DOUBLE', count: 1, value: 5, status: 0, severity: 0 },
    ...{ seconds: 0, nanoseconds: 0, metadata: undefined },
    put: () => {},
    [Symbol.dispose]: () => {},
  }),
};

function rig() {
  const table = new RecordTable(new ProcessImage());
  const loader = new DatabaseLoader({ env: {} });
  loader.loadText('test.db', database);
  const records = new IocRecords(table, new Directory(table), loader);
  records.make();
  scope.use(table.start({ log: silentLog, remote }));
  const shell = shellRig([...engineCommands(table), ...recordCommands(records)]);
  return async (line: string) => {
    shell.out.text = shell.err.text = '';
    await shell.shell.run(line);
    return (shell.out.text + shell.err.text).replace(/ +$/gm, '');
  };
}

describe('scan lists', () => {
  it('are shown by period', async () => {
    const run = rig();
    expect(await run('scanppl')).toMatch(
      /^Records with SCAN = '1 second' \(\d+ over-runs\):\n {4}T:calc\nRecords with SCAN = '\.1 second' \(\d+ over-runs\):\n {4}T:fast\n$/,
    );
    expect(await run('scanppl 0.1')).toContain('T:fast');
    expect(await run('scanppl 0.1')).not.toContain('T:calc');
    expect(await run('scanppl 10')).toBe('');
  });

  it('are shown by event, which can be posted', async () => {
    const run = rig();
    expect(await run('scanpel')).toBe('Event "shot"\n    T:waits\n');
    expect(await run('scanpel x*')).toBe('');
    await run('dbpf T:waits.SEVR 0');
    await run('postEvent shot');
    expect(await run('dbgf T:waits.UDF')).toContain('DBF_');
    expect(await run('postEvent')).toBe('Usage: postEvent "event name"\n');
  });

  it('follow SCAN when it changes', async () => {
    const run = rig();
    await run('dbpf T:waits.SCAN "2 second"');
    expect(await run('scanppl 2')).toContain('T:waits');
    await run('dbpf T:waits.SCAN Passive');
    expect(await run('scanppl 2')).toBe('');
    expect(await run('scanpiol')).toBe('');
  });
});

describe('dbtr', () => {
  it('processes a record and shows what came of it', async () => {
    const run = rig();
    expect(await run('dbtr T:calc')).toMatch(/VAL : 42/);
  });
});

describe('links', () => {
  it('are shown by dbpr with their kind', async () => {
    const run = rig();
    const calc = await run('dbpr T:calc 1');
    expect(calc).toContain('INPA: DB_LINK T:source NPP MS');
    expect(calc).toContain('INPB: CONSTANT');
    const fast = await run('dbpr T:fast 1');
    expect(fast).toContain('INP : CA_LINK OTHER:pv CP');
    expect(fast).toContain('FLNK: DB_LINK T:calc');
  });

  it('to other IOCs are reported by dbcar', async () => {
    const run = rig();
    expect(await run('dbcar')).toBe(
      'CA links in all records\n\nTotal 2 CA links; 1 connected, 1 not connected.\n',
    );
    expect(await run('dbcar * 1')).toContain('T:out.OUT  --> MISSING:pv');
    expect(await run('dbcar * 1')).not.toContain('OTHER');
    expect(await run('dbcar * 2')).toContain('T:fast.INP  ==> OTHER:pv CP');
    expect(await run('dbcar T:calc 2')).toContain('Total 0 CA links; 0 connected');
  });
});

describe('named states', () => {
  it('are made, set, cleared and shown', async () => {
    const run = rig();
    expect(await run('dbStateSet beam')).toBe("State 'beam' is not there\n");
    await run('dbStateCreate beam');
    await run('dbStateSet beam');
    expect(await run('dbStateShow beam')).toBe('beam: TRUE\n');
    await run('dbStateClear beam');
    expect(await run('dbStateShowAll 1')).toBe('beam: FALSE\n');
  });
});

describe('facts of a field', () => {
  it('are told by dba', async () => {
    const run = rig();
    expect(await run('dba T:calc')).toContain('Record Type: calc\n    Field Type: DBF_DOUBLE\n');
    expect(await run('dba T:calc.NAME')).toContain('Writable: no');
  });

  it('are told by dbtgf, with the value as every type', async () => {
    const run = rig();
    const text = await run('dbtgf T:source');
    expect(text).toContain('units = ""\nprecision = 0\n');
    expect(text).toContain('DBF_STRING:         "41"\n');
    expect(text).toContain("DBF_CHAR:           41 = 0x29 = ')'\n");
    expect(text).toContain('DBF_DOUBLE:         41\n');
    expect(await run('dbtgf T:calc.CALC')).toContain('DBF_LONG:           failed.\n');
  });
});
