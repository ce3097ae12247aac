import { describe, expect, it } from 'vitest';
import { arrayOf, f64, i16 } from '../../src/model/index.ts';
import { overheard } from '../support/overheard.ts';
import { Rig } from './rig.ts';
import { ScriptedLinks } from './support/scripted-links.ts';

describe('an input link', () => {
  it('reads any field, as a number or as text', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(VAL, "1.5") field(PREC, "2") field(EGU, "12 mm") field(HHSV, "MAJOR") }
      record(bi, "B") { field(ZNAM, "off") field(ONAM, "on") field(VAL, "1") }
      record(ai, "N1") { field(INP, "A.EGU") }
      record(ai, "N2") { field(INP, "A.HHSV") }
      record(ai, "N3") { field(INP, "B") }
      record(stringin, "T1") { field(INP, "A") }
      record(stringin, "T2") { field(INP, "A.HHSV") }
      record(stringin, "T3") { field(INP, "B") }
      record(stringin, "T4") { field(INP, "A.NAME") }
      record(longin, "L") { field(INP, "A") }`);
    const read = (name: string) => {
      rig.put(`${name}.PROC`, 1);
      return rig.get(name);
    };
    expect(['N1', 'N2', 'N3'].map(read)).toEqual([12, 2, 1]);
    expect(['T1', 'T2', 'T3', 'T4'].map(read)).toEqual(['1.50', 'MAJOR', 'on', 'A']);
    expect(read('L')).toBe(1);
  });

  it('that cannot be read makes the record LINK and INVALID, and says which', () => {
    const rig = new Rig().load(`
      record(stringin, "T") { field(VAL, "many") }
      record(ai, "A") { field(INP, "T") field(VAL, "3") }`);
    rig.put('A.PROC', 1);
    expect(rig.alarm('A')).toBe('LINK INVALID');
    expect(rig.get('A.AMSG')).toBe('field INP');
    expect(rig.get('A')).toBe(3);
    rig.put('T', '4');
    rig.put('A.PROC', 1);
    expect(rig.alarm('A')).toBe('NO_ALARM NO_ALARM');
    expect([rig.get('A'), rig.get('A.AMSG')]).toEqual([4, '']);
  });

  it('with PP processes what it reads first', () => {
    const rig = new Rig().load(`
      record(ai, "N") { field(INP, "O") }
      record(ai, "A") { field(INP, "N PP") }
      record(ai, "B") { field(INP, "N") }
      record(ao, "O") { field(VAL, "6") }`);
    rig.put('B.PROC', 1);
    expect(rig.get('B')).toBe(0);
    rig.put('A.PROC', 1);
    expect(rig.get('A')).toBe(6);
  });

  it.each([
    ['NMS', 'NO_ALARM NO_ALARM', ''],
    ['MS', 'LINK MAJOR', ''],
    ['MSS', 'HIHI MAJOR', ''],
    ['MSI', 'NO_ALARM NO_ALARM', ''],
  ])('%s takes over the alarm as %s', (modifier, alarm) => {
    const rig = new Rig().load(`
      record(ai, "A") { field(HIHI, "5") field(HHSV, "MAJOR") }
      record(ai, "B") { field(INP, "A ${modifier}") }`);
    rig.put('A', 9);
    rig.put('B.PROC', 1);
    expect(rig.alarm('B')).toBe(alarm);
    expect(rig.get('B')).toBe(9);
  });

  it('MSI takes over what is INVALID', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(INP, "T") } record(stringin, "T") { field(VAL, "x") }
      record(ai, "B") { field(INP, "A MSI") }`);
    rig.put('A.PROC', 1);
    rig.put('B.PROC', 1);
    expect(rig.alarm('B')).toBe('LINK INVALID');
  });

  it('to itself reads the record, and takes over nothing', () => {
    const rig = new Rig().load(
      'record(ai, "A") { field(INP, "A.HIHI MS") field(HIHI, "5") field(HHSV, "MAJOR") }',
    );
    rig.put('A.PROC', 1);
    rig.put('A.PROC', 1);
    expect([rig.get('A'), rig.alarm('A')]).toEqual([5, 'HIHI MAJOR']);
  });

  it('reads rows, of the type and length of its record', () => {
    const rig = new Rig();
    const w = rig.input('W', 'waveform', arrayOf(i16, 4), { FTVL: 'SHORT', NELM: 4 });
    rig.load(`
      record(waveform, "A") { field(FTVL, "DOUBLE") field(NELM, "3") field(INP, "W CP") }
      record(ai, "FIRST") { field(INP, "W CP") }`);
    rig.feed(w, Int16Array.of(1, 2, 3, 4));
    expect(rig.get('A')).toEqual(Float64Array.of(1, 2, 3));
    expect(rig.get('FIRST')).toBe(1);
  });

  it('reads long texts from text fields and from rows of characters', () => {
    const rig = new Rig().load(`
      record(lsi, "L") { field(SIZV, "100") field(INP, "M.VAL$") }
      record(lso, "M") { field(SIZV, "100") field(OUT, "C") }
      record(waveform, "C") { field(FTVL, "CHAR") field(NELM, "100") }
      record(lsi, "N") { field(SIZV, "100") field(INP, "C") }
      record(lsi, "D") { field(SIZV, "100") field(INP, "L.DESC$") }`);
    const long = 'a text of more than forty characters, as long strings may be';
    rig.put('M', long);
    for (const name of ['L', 'N']) {
      rig.put(`${name}.PROC`, 1);
      expect(rig.get(name)).toBe(long);
    }
  });
});

describe('an output link', () => {
  it('writes any field, and processes a passive record with PP or through PROC', () => {
    const rig = new Rig().load(`
      record(ao, "A") { field(OUT, "B PP") field(FLNK, "C") }
      record(ao, "B") { field(FLNK, "N") }
      record(ai, "N") { field(INP, "B") }
      record(ao, "C") { field(DOL, "B") field(OMSL, "closed_loop") field(OUT, "D.HIHI") }
      record(ao, "D") {}
      record(bo, "P") { field(OUT, "N2.PROC") }
      record(ai, "N2") { field(INP, "B") }`);
    rig.put('A', 8);
    expect([rig.get('B'), rig.get('N'), rig.get('D.HIHI')]).toEqual([8, 8, 8]);
    rig.put('P', 1);
    expect(rig.get('N2')).toBe(8);
  });

  it('without PP writes VAL, which shows when its record processes', () => {
    const rig = new Rig().load(`
      record(ao, "A") { field(OUT, "B") } record(ao, "B") {}`);
    rig.put('A', 8);
    const b = rig.records.slotOf('B') ?? -1;
    expect(rig.get('B')).toBe(8);
    expect(rig.masks().get(b)).toBeUndefined();
    expect(rig.get('B.UDF')).toBe(0);
  });

  it('that cannot write makes the record LINK and INVALID', () => {
    const rig = new Rig().load(`
      record(stringout, "A") { field(OUT, "B.PREC") } record(ai, "B") {}
      record(stringout, "R") { field(OUT, "B.NAME") }
      record(stringout, "K") { field(OUT, "B.INP") }`);
    for (const name of ['A', 'R', 'K']) {
      rig.put(name, 'x');
      expect(rig.alarm(name), name).toBe('LINK INVALID');
    }
  });

  it('with MS gives its alarm to what it writes', () => {
    const rig = new Rig().load(`
      record(ao, "A") { field(OUT, "B PP MS") field(HIGH, "5") field(HSV, "MINOR") }
      record(ao, "B") {}`);
    rig.put('A', 9);
    expect(rig.alarm('B')).toBe('LINK MINOR');
    rig.put('A', 1);
    expect(rig.alarm('B')).toBe('NO_ALARM NO_ALARM');
  });
});

describe('CP', () => {
  it('processes its record when the value changes, CPP only a passive one', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(MDEL, "1") }
      record(ai, "B") { field(INP, "A CP") }
      record(ai, "C") { field(INP, "A CPP") }
      record(ai, "D") { field(INP, "A CPP") field(SCAN, "Event") }`);
    rig.put('A', 5);
    expect(['B', 'C', 'D'].map((name) => rig.get(name))).toEqual([5, 5, 0]);
    rig.put('A', 5.5);
    expect(rig.get('B')).toBe(5);
  });

  it('goes by fields other than VAL, too', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(HIHI, "5") field(HHSV, "MAJOR") }
      record(longin, "S") { field(INP, "A.SEVR CP") }
      record(longin, "P") { field(INP, "A.PREC CP") }`);
    rig.put('A', 9);
    expect(rig.get('S')).toBe(2);
    rig.put('A.PREC', 3);
    expect(rig.get('P')).toBe(3);
  });

  it('of several sees all values of one batch', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64);
    const b = rig.input('B', 'ai', f64);
    rig.load(`
      record(ai, "X") { field(INP, "A CP") field(SDIS, "B CP") field(DISV, "77") }
      record(ai, "Y") { field(INP, "X CP") }`);
    rig.sample(a, 1);
    rig.sample(b, 2);
    rig.records.processDirty();
    expect([rig.get('X'), rig.get('X.DISA'), rig.get('Y')]).toEqual([1, 2, 1]);
  });

  it('in a loop goes round once for each turn of the event loop', () => {
    const rig = new Rig().load(`
      record(ao, "A") { field(DOL, "B CP") field(OMSL, "closed_loop") field(MDEL, "-1") }
      record(ao, "B") { field(DOL, "A CP") field(OMSL, "closed_loop") field(MDEL, "-1")
                        field(OIF, "Incremental") }`);
    rig.put('A.PROC', 1);
    expect(rig.clock.timers).toBe(1);
    for (let turn = 0; turn < 3; turn++) rig.clock.advance(1);
    expect(rig.clock.timers).toBe(1);
  });
});

describe('a constant link', () => {
  it('is taken once, at initialisation', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(INP, "2.5") }
      record(longin, "L") { field(INP, "0x10") }
      record(stringin, "S") { field(INP, {const:"text"}) }
      record(ao, "O") { field(DOL, "7") field(OMSL, "closed_loop") }
      record(waveform, "W") { field(FTVL, "LONG") field(NELM, "5") field(INP, [1,2,3]) }
      record(mbbo, "M") { field(DOL, 1) field(ZRST, "a") field(ONST, "b") }
      record(lsi, "T") { field(SIZV, "80") field(INP, {const:"${'x'.repeat(60)}"}) }`);
    expect([rig.get('A'), rig.get('L'), rig.get('S')]).toEqual([2.5, 16, 'text']);
    expect([rig.get('O'), rig.get('M'), rig.get('T')]).toEqual([7, 1, 'x'.repeat(60)]);
    expect(rig.get('W')).toEqual(Int32Array.of(1, 2, 3));
    rig.put('A', 3);
    rig.put('A.PROC', 1);
    expect(rig.get('A')).toBe(3);
  });

  it('makes the value defined, while the alarm stays UDF until it processes', () => {
    const rig = new Rig().load('record(ai, "A") { field(INP, "2") } record(ai, "B") {}');
    expect([rig.get('A.UDF'), rig.get('B.UDF')]).toEqual([0, 1]);
    expect(rig.alarm('A')).toBe('UDF INVALID');
    rig.put('A.PROC', 1);
    expect(rig.alarm('A')).toBe('NO_ALARM NO_ALARM');
  });
});

describe('a JSON link', () => {
  it('state reads and switches a named state of the server', () => {
    const rig = new Rig().load(`
      record(bi, "UP") { field(INP, {state:"up"}) }
      record(bi, "DOWN") { field(INP, {state:"!up"}) }
      record(bo, "SET") { field(OUT, {state:"up"}) }`);
    rig.put('SET', 1);
    for (const name of ['UP', 'DOWN']) rig.put(`${name}.PROC`, 1);
    expect([rig.get('UP'), rig.get('DOWN')]).toEqual([1, 0]);
    expect(rig.records.states.isOn('up')).toBe(true);
  });

  it('calc calculates on links, texts of links and numbers', () => {
    const rig = new Rig().load(`
      record(ai, "N") { field(VAL, "4") }
      record(bo, "S") { field(OUT, {state:"on"}) }
      record(ai, "A") { field(INP, {calc:{expr:"A*B+C", args:[{const:3}, "N CP", {state:"on"}],
                                          major:"VAL>20", minor:"VAL>14"}}) }
      record(stringin, "T") { field(INP, {calc:{expr:"A/3", args:["N"], prec:2}}) }`);
    rig.put('A.PROC', 1);
    expect([rig.get('A'), rig.alarm('A')]).toEqual([12, 'NO_ALARM NO_ALARM']);
    rig.put('N', 5);
    expect([rig.get('A'), rig.alarm('A'), rig.get('A.AMSG')]).toEqual([
      15,
      'LINK MINOR',
      'post_minor error',
    ]);
    rig.put('N', 7);
    expect(rig.alarm('A')).toBe('LINK MAJOR');
    rig.put('T.PROC', 1);
    expect(rig.get('T')).toBe('2.333333');
  });

  it('calc has the time of an argument, and changes what is written', () => {
    const rig = new Rig();
    const p = rig.input('P', 'ai', f64);
    rig.load(`
      record(ai, "A") { field(TSE, "-2") field(INP, {calc:{expr:"A", args:["P CP"], time:"A"}}) }
      record(ao, "O") { field(OUT, {calc:{expr:"VAL*2", out:"B"}}) } record(ao, "B") {}`);
    rig.feed(p, 1);
    expect(rig.get('A.TIME')).toBe(rig.get('P.TIME'));
    rig.put('O', 4);
    expect(rig.get('B')).toBe(8);
  });

  it('calc that is none says what is wrong with it', () => {
    const said = overheard();
    new Rig().load('record(ai, "A") { field(INP, {calc:{expr:"A+"}}) }', { log: said.log });
    expect(said.text()).toContain('Link A.INP leads nowhere: ');
  });

  it.each(['{pva:"X"}', '{debug:{const:1}}', '{other:1}'])(
    '%s says that it is not there',
    (link) => {
      const said = overheard();
      const rig = new Rig().load(`record(ai, "A") { field(INP, ${link}) }`, { log: said.log });
      expect(said.text()).toMatch(/Link A.INP leads nowhere: there is no link type/);
      rig.put('A.PROC', 1);
      expect(rig.alarm('A')).toBe('LINK INVALID');
    },
  );
});

describe('a link to another IOC', () => {
  const text = `
    record(ai, "A") { field(INP, "FAR CP MS") }
    record(ao, "O") { field(OUT, "OUT:FAR") }
    record(stringin, "S") { field(INP, "ENUM") }
    record(ai, "CA") { field(INP, "O CA") }
    record(ai, "F") { field(FLNK, "X.PROC CA") }`;

  it('is opened for names that are not here, and for CA', () => {
    const remote = new ScriptedLinks();
    new Rig().load(text, { remote });
    expect(remote.requests.map(({ name, isMonitored }) => `${name} ${isMonitored}`)).toEqual([
      'FAR true',
      'OUT:FAR false',
      'ENUM true',
      'O true',
      'X.PROC false',
    ]);
  });

  it('gives value, alarm and, with CP, processing', () => {
    const remote = new ScriptedLinks();
    const rig = new Rig().load(text, { remote });
    rig.put('A.PROC', 1);
    expect(rig.alarm('A')).toBe('LINK INVALID');
    remote.pv('FAR').update({ value: 3.5, severity: 1, status: 4 });
    rig.clock.advance(1);
    expect([rig.get('A'), rig.alarm('A')]).toEqual([3.5, 'LINK MINOR']);
    remote.pv('FAR').update({ isConnected: false });
    rig.clock.advance(1);
    expect([rig.get('A'), rig.alarm('A')]).toEqual([3.5, 'LINK INVALID']);
  });

  it('writes, while it is connected', () => {
    const remote = new ScriptedLinks();
    const rig = new Rig().load(text, { remote });
    rig.put('O', 5);
    expect(rig.alarm('O')).toBe('LINK INVALID');
    remote.pv('OUT:FAR').update({});
    rig.put('O', 6);
    expect(rig.alarm('O')).toBe('NO_ALARM NO_ALARM');
    expect(remote.pv('OUT:FAR').puts.map(({ value }) => value)).toEqual([6]);
    rig.put('F.PROC', 1);
    remote.pv('X.PROC').update({});
    rig.put('F.PROC', 1);
    expect(remote.pv('X.PROC').puts.map(({ value }) => value)).toEqual([1]);
  });

  it('reads states as text', () => {
    const remote = new ScriptedLinks();
    const rig = new Rig().load(text, { remote });
    const metadata = { labels: ['off', 'on'], precision: 0 } as never;
    remote.pv('ENUM').update({ type: 'ENUM', value: 1, metadata });
    rig.put('S.PROC', 1);
    expect(rig.get('S')).toBe('on');
  });

  it('becomes local when a record of that name comes', () => {
    const remote = new ScriptedLinks();
    const rig = new Rig().load(text, { remote });
    const far = rig.input('FAR', 'ai', f64);
    expect(remote.pv('FAR').isOpen).toBe(false);
    rig.feed(far, 7);
    expect(rig.get('A')).toBe(7);
  });

  it('waits for completion with Async Soft Channel', async () => {
    const remote = new ScriptedLinks();
    const rig = new Rig().load(
      'record(ao, "O") { field(DTYP, "Async Soft Channel") field(OUT, "FAR") }',
      { remote },
    );
    remote.pv('FAR').update({});
    const outcome = rig.put('O', 4, true);
    expect(rig.get('O.PACT')).toBe(1);
    remote.pv('FAR').puts[0]?.settle?.({ kind: 'done' });
    expect(await outcome).toEqual({ kind: 'done' });
    expect(rig.get('O.PACT')).toBe(0);
  });

  it('without a client for it is LINK and INVALID, and the log says why', () => {
    const said = overheard();
    const rig = new Rig().load('record(ai, "A") { field(INP, "FAR") }', { log: said.log });
    expect(said.text()).toContain('Link A.INP leads nowhere: FAR is no record here');
    rig.put('A.PROC', 1);
    expect(rig.alarm('A')).toBe('LINK INVALID');
  });
});

describe('a link that is written while its record lives', () => {
  it('leads elsewhere at once', () => {
    const rig = new Rig().load(`
      record(ai, "A") {} record(ao, "N") { field(VAL, "1") } record(ao, "M") { field(VAL, "2") }`);
    rig.put('A.INP', 'N');
    rig.put('A.PROC', 1);
    expect([rig.get('A'), rig.get('A.INP')]).toEqual([1, 'N NPP NMS']);
    rig.put('A.INP', 'M CP');
    rig.put('M', 3);
    expect(rig.get('A')).toBe(3);
    rig.put('A.INP', '');
    rig.put('M', 4);
    expect(rig.get('A')).toBe(3);
  });

  it('is closed when it leads to another IOC no more', () => {
    const remote = new ScriptedLinks();
    const rig = new Rig().load('record(ai, "A") { field(INP, "FAR") }', { remote });
    rig.put('A.INP', '5');
    expect(remote.pv('FAR').isOpen).toBe(false);
  });
});
