import { beforeEach, describe, expect, it } from 'vitest';
import { recordCommands } from '../../src/console/records/record-commands.ts';
import { DatabaseLoader } from '../../src/database/index.ts';
import { IocRecords } from '../../src/ioc-records.ts';
import { ProcessImage } from '../../src/model/index.ts';
import { Directory } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';
import { shellRig } from './shell-rig.ts';

const database = `
record(ai, "T:ai") {
  field(DESC, "temperature") field(VAL, "1.5") field(EGU, "C") field(PREC, "3")
  field(HIHI, "5") field(HHSV, "MAJOR") info(autosaveFields, "VAL")
}
record(bo, "T:bo") { field(ZNAM, "Off") field(ONAM, "On") }
record(stringin, "T:s") { field(VAL, "say \\"hi\\"") }
record(waveform, "T:w") { field(FTVL, "DOUBLE") field(NELM, "3") }
record(waveform, "T:wc") { field(FTVL, "CHAR") field(NELM, "100") }
record(longin, "T:l") { field(VAL, "42") }
record(int64out, "T:i64") { field(VAL, "1234567890123") }
record(mbbo, "T:m") { field(ZRST, "zero") field(ONVL, "16") }
alias("T:ai", "T:alias")
`;

/** Commands on the records above, and what they print. */
function rig(isRunning = true) {
  const table = new RecordTable(new ProcessImage());
  const loader = new DatabaseLoader({ env: {} });
  loader.loadText('test.db', database);
  const records = new IocRecords(table, new Directory(table), loader);
  if (isRunning) records.make();
  const shell = shellRig(recordCommands(records));
  const run = async (line: string) => {
    shell.out.text = shell.err.text = '';
    await shell.shell.run(line);
    return (shell.out.text + shell.err.text).replace(/ +$/gm, '').trimEnd();
  };
  return { run };
}

let run: (line: string) => Promise<string>;
beforeEach(() => {
  ({ run } = rig());
});

describe.each([false, true])('lists of records (after iocInit: %s)', (isRunning) => {
  beforeEach(() => {
    ({ run } = rig(isRunning));
  });

  it('name all, by type', async () => {
    expect((await run('dbl')).split('\n')).toEqual([
      ...['T:ai', 'T:alias', 'T:bo', 'T:i64', 'T:l', 'T:m', 'T:s', 'T:w', 'T:wc'],
    ]);
    expect(await run('dbl waveform')).toBe('T:w\nT:wc');
    expect(await run('dbl nosuch')).toBe('No record type nosuch');
  });

  it('find names, aliases and info tags', async () => {
    expect(await run('dbgrep T:*i')).toBe('T:ai');
    expect(await run('dbla')).toBe('T:alias -> T:ai');
    expect(await run('dbla X*')).toBe('');
    expect(await run('dbli auto*')).toBe('T:ai info(autosaveFields, "VAL")');
    expect(await run('dbli x*')).toBe('');
  });

  it('count by type', async () => {
    const lines = (await run('dbnr')).split('\n');
    expect(lines[0]).toBe('Records  Aliases  Record Type');
    expect(lines[1]).toBe('     1        1    ai');
    expect(lines.at(-1)).toBe('Total 8 records, 1 aliases');
    expect(await run('dbnr 1')).toContain('     0        0    calcout');
  });
});

describe('before iocInit', () => {
  it('fields have no values yet', async () => {
    ({ run } = rig(false));
    expect(await run('dbgf T:ai')).toBe('dbgf only works after iocInit');
    expect(await run('dbpr T:ai')).toBe('dbpr only works after iocInit');
    expect(await run('dbgf T:none')).toBe("PV 'T:none' not found");
  });
});

describe('dbl with fields', () => {
  it('prints them in quotes, and nothing for one that a type has not', async () => {
    expect(await run('dbl ai "VAL EGU HHSV recordType FOO"')).toBe(
      'T:ai, "1.5", "C", "MAJOR", "ai",\nT:alias, "1.5", "C", "MAJOR", "ai",',
    );
  });
});

describe('dbgf', () => {
  const shown: readonly (readonly [string, string])[] = [
    ['T:ai', 'DBF_DOUBLE:         1.5'],
    ['T:ai.DESC', 'DBF_STRING:         "temperature"'],
    ['T:ai.NAME$', 'DBF_CHAR[5]:        "T:ai"'],
    ['T:ai.SCAN', 'DBF_STRING:         "Passive"'],
    ['T:ai.PREC', 'DBF_SHORT:          3 = 0x3'],
    ['T:bo', 'DBF_STRING:         "Off"'],
    ['T:s', 'DBF_STRING:         "say \\"hi\\""'],
    ['T:w', 'DBF_DOUBLE[0]: (empty)'],
    ['T:l', 'DBF_LONG:           42 = 0x2a'],
    ['T:i64', 'DBF_INT64:          1234567890123 = 0x11f71fb04cb'],
  ];
  for (const [name, line] of shown) {
    it(`prints ${name} as EPICS does`, async () => expect(await run(`dbgf ${name}`)).toBe(line));
  }

  it('says of a PV that is none that it is not found', async () => {
    expect(await run('dbgf T:none')).toBe("PV 'T:none' not found");
    expect(await run('dbgf T:ai.FOO')).toBe("PV 'T:ai.FOO' not found");
    expect(await run('dbgf')).toBe('Usage: dbgf "pv name"');
  });
});

describe('dbpf', () => {
  it('puts and prints what is there then', async () => {
    expect(await run('dbpf T:ai 3.25')).toBe('DBF_DOUBLE:         3.25');
    expect(await run('dbpf T:bo On')).toBe('DBF_STRING:         "On"');
    expect(await run('dbpf T:ai.HIHI 1e20')).toBe('DBF_DOUBLE:         1e+20');
    expect(await run('dbpf T:l -7')).toBe('DBF_LONG:           -7 = 0xfffffff9');
  });

  it('takes arrays as JSON, and rows of characters as text', async () => {
    expect(await run('dbpf T:w "[4, 5.5]"')).toBe('DBF_DOUBLE[2]:      4         5.5');
    expect(await run('dbpf T:w 7')).toBe('DBF_DOUBLE:         7');
    expect(await run('dbpf T:wc "it is"')).toBe('DBF_CHAR[6]:        "it is"');
    expect(await run('dbpf T:w "[4,"')).toContain('an array is JSON, as [1, 2.5]');
  });

  it('tells why a put was refused, and prints what is still there', async () => {
    expect(await run('dbpf T:bo Maybe')).toContain('DBF_STRING:         "Off"');
    expect(await run('dbpf T:bo Maybe')).toContain('T:bo');
    expect(await run('dbpf T:ai.NAME x')).toContain('T:ai.NAME');
    expect(await run('dbpf T:ai')).toBe('Usage: dbpf "pv name", "value"');
  });

  it('with tpn waits for the end of it', async () => {
    expect(await run('tpn T:l 5')).toBe("tpnCallback 'T:l': Success");
    expect(await run('dbgf T:l')).toBe('DBF_LONG:           5 = 0x5');
  });
});

describe('dbpr', () => {
  it('prints more with each interest level, sorted, in columns', async () => {
    const lines = (await run('dbpr T:ai')).split('\n');
    expect(lines[0]).toMatch(/^AMSG: {15}ASG : {15}DESC: temperature {3}DISA: 0$/);
    expect(lines.at(-1)).toContain('VAL : 1.5');
    const sizes = [];
    for (const level of [0, 1, 2, 3, 4]) sizes.push((await run(`dbpr T:ai ${level}`)).length);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(await run('dbpr T:ai 1')).toContain('HHSV: MAJOR');
    expect(await run('dbpr T:ai')).not.toContain('HHSV');
  });

  it('prints choices by name, states by number, state values in hexadecimal', async () => {
    const text = await run('dbpr T:m 1');
    expect(text).toContain('SCAN: Passive');
    expect(text).toMatch(/VAL : 0\b/);
    expect(text).toContain('ONVL: 0x10');
  });

  it('tells the time of processing, if there was one', async () => {
    expect(await run('dbpr T:l 2')).toContain('TIME: <undefined>');
    expect(await run('dbtr T:l')).toMatch(/TIME: 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9}/);
  });
});
