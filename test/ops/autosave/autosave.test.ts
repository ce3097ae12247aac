import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/kernel/index.ts';
import { SaveFolder, until } from './saved-ioc.ts';

let folder: SaveFolder;
beforeEach(() => {
  folder = new SaveFolder();
});
afterEach(() => folder[Symbol.dispose]());

const all = `
  record(ao,X:ao) { field(PREC,3) field(VAL,1.5) field(EGU,"mm") info(autosaveFields,"VAL HIHI HHSV DESC") }
  record(int64out,X:big) { info(autosaveFields_pass0,"VAL") }
  record(mbbo,X:choice) { field(ZRST,zero) field(ONST,one) field(TWST,two) }
  record(stringout,X:text) {}
  record(lso,X:long) { field(SIZV,300) }
  record(waveform,X:doubles) { field(FTVL,DOUBLE) field(NELM,10) }
  record(waveform,X:strings) { field(FTVL,STRING) field(NELM,10) }
  record(waveform,X:none) { field(FTVL,LONG) field(NELM,10) }
  record(calc,X:calc) { field(CALC,"A+1") }
`;
const monitored = { kind: 'monitored', period: 5 } as const;

describe('a save set', () => {
  it('writes values as the C module does, and int64 exactly', async () => {
    folder.write(
      'a.req',
      'X:ao',
      'X:ao.HIHI',
      'X:ao.HHSV',
      'X:ao.EGU',
      'X:big.VAL',
      'X:choice.VAL',
      'X:text',
      'X:long.VAL$',
      'X:doubles',
      'X:strings',
      'X:none',
      'X:gone.VAL',
    );
    const ioc = folder.ioc(all);
    await ioc.put('X:ao', 1 / 3);
    await ioc.put('X:big', 9007199254740993n);
    await ioc.put('X:choice', 'two');
    await ioc.put('X:text', 'say "hi"');
    await ioc.put('X:long', `${'long '.repeat(50)}µ`);
    await ioc.put('X:doubles', Float64Array.of(1, 2 / 3, -1e30));
    await ioc.put('X:strings', ['a b', '"']);
    const set = ioc.autosave.addSet({ request: 'a.req', method: monitored });
    expect(await set.save()).toEqual({ status: 2, text: '1 value not saved' });
    expect(folder.read('a.sav').split('\n').slice(1)).toEqual([
      '! 1 channel(s) not connected - or not all gets were successful',
      'X:ao 0.33333333333333',
      'X:ao.HIHI 0',
      'X:ao.HHSV 0',
      'X:ao.EGU mm',
      'X:big.VAL 9007199254740993',
      'X:choice.VAL 2',
      'X:text say \\"hi\\"',
      `X:long.VAL$ ${'long '.repeat(50)}\\xc2\\xb5`,
      'X:doubles @array@ { "1" "0.66666666666667" "-1e+30" }',
      'X:strings @array@ { "a b" "\\"" }',
      'X:none @array@ { }',
      '#X:gone.VAL Search Issued',
      '<END>',
      '',
    ]);
  });

  it('takes the fields that records name in info tags, with or without a request file', async () => {
    folder.write('b.req', 'X:text');
    const ioc = folder.ioc(all);
    const a = ioc.autosave.addSet({ request: 'a.req', method: monitored, tag: 'autosaveFields' });
    const b = ioc.autosave.addSet({
      request: 'b.req',
      method: monitored,
      tag: 'autosaveFields_pass0',
    });
    await Promise.all([a.save(), b.save()]);
    expect(folder.values('a.sav')).toEqual([
      'X:ao.VAL 1.5',
      'X:ao.HIHI 0',
      'X:ao.HHSV 0',
      'X:ao.DESC ',
    ]);
    expect(folder.values('b.sav')).toEqual(['X:text ', 'X:big.VAL 0']);
  });

  it('is refused with every mistake of its request file', () => {
    folder.write('a.req', '$(P)x', 'file none.req');
    const ioc = folder.ioc(all);
    expect(() => ioc.autosave.addSet({ request: 'a.req', method: monitored })).toThrow(
      /a.req:1:1: macro "P" is undefined\n.*a.req:2:1: "none.req": there is no such file/,
    );
  });

  it('that is incomplete is not written where that is not wished', async () => {
    folder.write('a.req', 'X:ao', 'X:gone');
    const set = folder
      .ioc(all, { incomplete: false })
      .autosave.addSet({ request: 'a.req', method: monitored });
    expect(await set.save()).toEqual({ status: 1, text: '1 value not saved' });
    expect(folder.names()).toEqual(['a.req']);
  });

  it('of 100,000 PVs lets others have their turn', async () => {
    const count = 100_000;
    const records = Array.from({ length: count }, (_, i) => `record(ao,R${i}){field(VAL,${i}.5)}`);
    folder.write('a.req', ...Array.from({ length: count }, (_, i) => `R${i}.VAL`));
    const set = folder
      .ioc(records.join('\n'))
      .autosave.addSet({ request: 'a.req', method: monitored });
    let turns = 0;
    let isDone = false;
    const others = (async () => {
      for (; !isDone; turns++) await new Promise((resolve) => setImmediate(resolve));
    })();
    await set.save();
    isDone = true;
    await others;
    expect(turns).toBeGreaterThan(5);
    expect(folder.values('a.sav').length).toBe(count);
  });
});

describe('restoring', () => {
  const saved = (...lines: string[]) =>
    folder.write('a.sav', '# save/restore V5.1\tAutomatically generated', ...lines, '<END>', '');

  it('brings back everything that was saved', async () => {
    folder.write(
      'a.req',
      'X:ao',
      'X:ao.DESC',
      'X:ao.HHSV',
      'X:big',
      'X:choice',
      'X:text',
      'X:long.VAL$',
      'X:doubles',
      'X:strings',
      'X:none',
      'X:calc.CALC',
    );
    const before = folder.ioc(all);
    await before.put('X:ao', -2.25);
    await before.put('X:ao.DESC', "it's \\ here");
    await before.put('X:ao.HHSV', 'MAJOR');
    await before.put('X:big', -9007199254740995n);
    await before.put('X:choice', 1);
    await before.put('X:text', '  two ');
    await before.put('X:long', 'x'.repeat(250));
    await before.put('X:doubles', Float64Array.of(1.5, -2));
    await before.put('X:strings', ['a', '', 'c']);
    await before.put('X:none', new Float64Array(0));
    await before.put('X:calc.CALC', 'A*2');
    await before.autosave.addSet({ request: 'a.req', method: monitored }).save();

    const after = folder.ioc(all);
    for (const pass of [0, 1] as const) after.autosave.restoreFile({ file: 'a.sav', pass });
    await after.restore(0, 1);
    for (const name of [
      'X:ao',
      'X:ao.DESC',
      'X:ao.HHSV',
      'X:big',
      'X:choice',
      'X:text',
      'X:long',
      'X:doubles',
      'X:strings',
      'X:none',
      'X:calc.CALC',
    ]) {
      expect(after.get(name), name).toEqual(before.get(name));
    }
    expect(after.autosave.restored.map(({ report }) => report)).toEqual([
      { status: 4, text: 'No errors' },
      { status: 4, text: 'No errors' },
    ]);
  });

  it('before initialisation brings no arrays, after it no links; neither processes', async () => {
    saved('X:ao 7', 'X:ao.OUT X:b.VAL', 'X:doubles @array@ { "1" }', 'X:choice 2');
    const ioc = folder.ioc(all);
    ioc.autosave.restoreFile({ file: 'a.sav', pass: 0 });
    await ioc.restore(0);
    expect([ioc.get('X:ao'), ioc.get('X:ao.OUT'), ioc.get('X:choice')]).toEqual([
      7,
      'X:b.VAL NPP NMS',
      2,
    ]);
    expect(ioc.get('X:doubles')).toHaveLength(0);
    expect(ioc.get('X:ao.TIME')).toBe('1990-01-01T00:00:00.000000000Z');
    const other = folder.ioc(all);
    other.autosave.restoreFile({ file: 'a.sav', pass: 1 });
    await other.restore(1);
    expect(other.get('X:ao.OUT')).toBe('');
    expect(other.get('X:doubles')).toEqual(Float64Array.of(1));
  });

  it.each([
    [0, 5],
    [1, 7],
  ] as const)('in pass %d gives way to what initialisation sets: %d', async (pass, value) => {
    folder.write('a.sav', '# save/restore V5.1', 'X:a 7', '<END>', '');
    const ioc = folder.ioc(`record(ao,X:a) { field(DOL,"5") }
      record(ai,X:b) { field(INP,"X:a") field(PINI,"YES") }`);
    ioc.autosave.restoreFile({ file: 'a.sav', pass });
    await ioc.autosave.read();
    ioc.autosave.restore(0);
    const initialised = () => ioc.autosave.restore(1);
    using _ = ioc.records.start({ log: silentLog, initialised });
    await until(() => ioc.get('X:b') === value);
    expect(ioc.get('X:a')).toBe(value);
  });

  it('brings limits back before the values that are held to them', async () => {
    saved('X:ao 50', 'X:ao.DRVH 100');
    const ioc = folder.ioc('record(ao,X:ao) { field(DRVH,10) field(DRVL,0) }');
    ioc.autosave.restoreFile({ file: 'a.sav', pass: 0 });
    await ioc.restore(0);
    expect(ioc.get('X:ao')).toBe(50);
  });

  it('counts what cannot come back, and goes on', async () => {
    saved('X:ao.NONE 1', 'X:gone 2', 'X:ao abc', 'X:choice 99', 'X:text good', 'X:ao.DTYP 1');
    const ioc = folder.ioc(all);
    ioc.autosave.restoreFile({ file: 'a.sav', pass: 0 });
    await ioc.restore(0);
    expect(ioc.get('X:text')).toBe('good');
    expect(ioc.autosave.restored[0]?.report).toEqual({ status: 2, text: '4 PV errors' });
  });

  it('warns of a file whose writer had not all values, or aborts', async () => {
    saved('! 3 channel(s) not connected', 'X:ao 3');
    const ioc = folder.ioc(all);
    ioc.autosave.restoreFile({ file: 'a.sav', pass: 0 });
    await ioc.restore(0);
    expect(ioc.get('X:ao')).toBe(3);
    expect(ioc.autosave.restored[0]?.report.text).toBe('.sav file contained an error message');
    const strict = folder.ioc(all, { incomplete: false });
    strict.autosave.restoreFile({ file: 'a.sav', pass: 0 });
    await strict.restore(0);
    expect(strict.get('X:ao')).toBe(1.5);
    expect(strict.autosave.restored[0]?.report).toEqual({ status: 1, text: 'restore aborted' });
  });

  it('expands macros in a file', async () => {
    saved('$(P)ao 3');
    const ioc = folder.ioc(all);
    ioc.autosave.restoreFile({ file: 'a.sav', pass: 0, macros: 'P=X:' });
    await ioc.restore(0);
    expect(ioc.get('X:ao')).toBe(3);
  });

  it('by hand puts and processes', async () => {
    saved('X:ao 3', 'X:gone 1', 'X:long.VAL$ abc');
    const ioc = folder.ioc(all);
    expect(await ioc.autosave.restoreNow('a.sav')).toBe(1);
    expect([ioc.get('X:ao'), ioc.get('X:ao.STAT'), ioc.get('X:long')]).toEqual([3, 0, 'abc']);
  });
});

describe('the files of a plant that comes after its IOC', () => {
  const late = 'record(ao,P:late) { info(autosaveFields,"VAL DESC") }';

  it('keep what their PVs cannot take yet, and give it when they come', async () => {
    folder.write(
      'a.sav',
      '# save/restore V5.1',
      'P:late.VAL 5',
      'P:late.DESC hello',
      'X:ao.VAL 2',
      '<END>',
      '',
    );
    const ioc = folder.ioc(all, { keepsAbsent: true });
    for (const pass of [0, 1] as const) ioc.autosave.restoreFile({ file: 'a.sav', pass });
    await ioc.restore(0, 1);
    const set = ioc.autosave.addSet({ request: 'a.req', method: monitored, tag: 'autosaveFields' });
    ioc.records.added = (name) => ioc.autosave.take(name);
    await ioc.put('X:ao.DESC', 'new');
    expect(await set.save()).toEqual({ status: 4, text: 'Ok' });
    const kept = ['P:late.VAL 5', 'P:late.DESC hello'];
    expect(folder.values('a.sav')).toEqual(expect.arrayContaining([...kept, 'X:ao.DESC new']));
    ioc.load(late);
    expect([ioc.get('P:late'), ioc.get('P:late.DESC')]).toEqual([5, 'hello']);
    await ioc.put('P:late', 6);
    await set.save();
    expect(folder.values('a.sav')).toEqual(
      expect.arrayContaining(['P:late.VAL 6', 'P:late.DESC hello']),
    );
    expect(folder.values('a.sav').filter((line) => line.startsWith('P:late'))).toHaveLength(2);
  });

  it('let go of fields that their records do not have', async () => {
    folder.write('a.sav', '# save/restore V5.1', 'P:late.NONE 5', 'X:ao.NONE 2', '<END>', '');
    const ioc = folder.ioc(all, { keepsAbsent: true });
    ioc.autosave.restoreFile({ file: 'a.sav', pass: 0 });
    await ioc.restore(0, 1);
    expect(ioc.autosave.restored[0]?.report).toEqual({ status: 2, text: '1 PV error' });
    const set = ioc.autosave.addSet({ request: 'a.req', method: monitored, tag: 'noSuchTag' });
    await set.save();
    expect(folder.values('a.sav')).toEqual(['P:late.NONE 5']);
    ioc.records.added = (name) => ioc.autosave.take(name);
    ioc.load(late);
    await set.save();
    expect(folder.values('a.sav')).toEqual([]);
  });

  it('do not take a value that never was one', async () => {
    const ioc = folder.ioc(late, { keepsAbsent: true });
    const set = ioc.autosave.addSet({ request: 'a.req', method: monitored, tag: 'autosaveFields' });
    expect(await set.save()).toEqual({ status: 2, text: '1 value not saved' });
    expect(folder.read('a.sav')).toContain('#P:late.VAL Search Issued');
  });
});
