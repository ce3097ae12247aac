import { describe, expect, it } from 'vitest';
import { f64 } from '../../src/model/index.ts';
import { eventName } from '../../src/records/engine/events.ts';
import { recordTypes } from '../../src/records/index.ts';
import { overheard } from '../support/overheard.ts';
import { Rig } from './rig.ts';

/** Fields of an ao that is one more each time it processes. */
const counting = 'field(OMSL, "closed_loop") field(OIF, "Incremental") field(DOL, "ONE")';
const one = 'record(ao, "ONE") { field(VAL, "1") }';

describe('a periodic scan', () => {
  it.each([
    ['.1 second', 100],
    ['.5 second', 20],
    ['1 second', 10],
    ['10 second', 1],
  ])('%s processes %d times in ten seconds', (scan, times) => {
    const rig = new Rig().load(`${one} record(ao, "A") { ${counting} field(SCAN, "${scan}") }`);
    rig.clock.advance(10_000);
    expect(rig.get('A')).toBe(times);
  });

  it('gives its records the time of the clock', () => {
    const rig = new Rig().load(`${one} record(ao, "A") { ${counting} field(SCAN, "1 second") }`);
    const a = rig.records.slotOf('A') ?? -1;
    const before = rig.image.seconds[a] ?? 0;
    rig.clock.advance(3000);
    expect(before).toBe(0);
    expect(rig.image.seconds[a]).toBe(946_728_003);
  });

  it('goes by PHAS within a period', () => {
    const rig = new Rig().load(`
      ${one} record(ao, "N") { ${counting} field(SCAN, "1 second") field(PHAS, "1") }
      record(ai, "BEFORE") { field(INP, "N") field(SCAN, "1 second") field(PHAS, "0") }
      record(ai, "AFTER") { field(INP, "N") field(SCAN, "1 second") field(PHAS, "2") }`);
    rig.clock.advance(1000);
    expect([rig.get('BEFORE'), rig.get('AFTER')]).toEqual([0, 1]);
  });

  it('begins and ends when SCAN is written', () => {
    const rig = new Rig().load(`${one} record(ao, "A") { ${counting} }`);
    rig.clock.advance(5000);
    expect(rig.get('A')).toBe(0);
    rig.put('A.SCAN', '1 second');
    rig.clock.advance(3000);
    expect(rig.get('A')).toBe(3);
    rig.put('A.SCAN', 'Passive');
    rig.clock.advance(5000);
    expect(rig.get('A')).toBe(3);
    expect(rig.clock.timers).toBe(0);
  });

  it('may change the SCAN of its own records', () => {
    const rig = new Rig().load(`
      ${one} record(ao, "A") { ${counting} field(SCAN, "1 second") field(FLNK, "STOP") }
      record(ao, "B") { ${counting} field(SCAN, "1 second") }
      record(bo, "STOP") { field(OUT, "B.SCAN") field(VAL, "0") }`);
    rig.clock.advance(3000);
    expect([rig.get('A'), rig.get('B')]).toEqual([3, 0]);
  });

  it('that cannot keep up says so, and counts', () => {
    const said = overheard();
    const rig = new Rig().load(`${one} record(ao, "A") { ${counting} field(SCAN, ".1 second") }`, {
      log: said.log,
    });
    const links = rig.records.columns.links[rig.records.slotOf('A') ?? -1];
    Object.assign(links?.[recordTypes.ao.links.indexOf('DOL')] ?? {}, {
      value: () => {
        rig.clock.stall(150);
        return 1;
      },
    });
    rig.clock.advance(3000);
    const list = rig.records.engine.scans.lists().find(({ seconds }) => seconds === 0.1);
    expect(list?.overruns).toBeGreaterThanOrEqual(10);
    expect(said.text()).toMatch(/A scan of 1 records takes longer than its 100 ms, by 50 ms/);
  });

  it('ends with the records', () => {
    const rig = new Rig();
    rig.declare(`${one} record(ao, "A") { ${counting} field(SCAN, "1 second") }`);
    rig.records.start(rig.means)[Symbol.dispose]();
    expect(rig.clock.timers).toBe(0);
  });

  it('of a record of the plant takes the newest value then', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { SCAN: '1 second' });
    rig.load('');
    rig.feed(a, 5);
    rig.feed(a, 6);
    expect(rig.get('A')).toBe(0);
    rig.clock.advance(1000);
    expect(rig.get('A')).toBe(6);
  });
});

describe('an event', () => {
  it.each([
    ['go', 'go'],
    ['  go ', 'go'],
    ['5', '5'],
    ['5.7', '5'],
    ['0', undefined],
    ['0.5', undefined],
    ['', undefined],
    ['256', '256'],
    ['-1', '-1'],
  ])('"%s" has the name %s', (text, name) => {
    expect(eventName(text)).toBe(name);
  });

  it('processes the records that wait for it, those of higher PRIO first', () => {
    const rig = new Rig().load(`
      ${one} record(ao, "N") { ${counting} field(SCAN, "Event") field(EVNT, "go") field(PRIO, "MEDIUM") }
      record(ai, "FIRST") { field(INP, "N") field(SCAN, "Event") field(EVNT, "go") field(PRIO, "HIGH") }
      record(ai, "LAST") { field(INP, "N") field(SCAN, "Event") field(EVNT, " go") }
      record(ao, "OTHER") { ${counting} field(SCAN, "Event") field(EVNT, "stop") }`);
    rig.records.engine.events.post('go');
    rig.clock.advance(1);
    expect([rig.get('FIRST'), rig.get('N'), rig.get('LAST'), rig.get('OTHER')]).toEqual([
      0, 1, 1, 0,
    ]);
  });

  it('is another when EVNT is written', () => {
    const rig = new Rig().load(
      `${one} record(ao, "A") { ${counting} field(SCAN, "Event") field(EVNT, "go") }`,
    );
    rig.put('A.EVNT', 'stop');
    rig.records.engine.events.post('go');
    rig.clock.advance(1);
    expect(rig.get('A')).toBe(0);
    rig.records.engine.events.post('stop');
    rig.clock.advance(1);
    expect(rig.get('A')).toBe(1);
  });
});

describe('PINI', () => {
  it('processes at start, by PHAS', () => {
    const rig = new Rig().load(`
      ${one} record(ao, "A") { ${counting} field(PINI, "YES") field(PHAS, "1") }
      record(ai, "B") { field(INP, "A") field(PINI, "YES") }
      record(ai, "C") { field(INP, "A") field(PINI, "YES") field(PHAS, "2") }
      record(ai, "D") { field(INP, "A") field(PINI, "RUN") }
      record(ai, "E") { field(INP, "A") field(PINI, "RUNNING") }
      record(ao, "P") { ${counting} field(PINI, "PAUSE") }
      record(ao, "Q") { ${counting} field(PINI, "PAUSED") }`);
    expect(['A', 'B', 'C', 'D', 'E', 'P', 'Q'].map((n) => rig.get(n))).toEqual([
      1, 0, 1, 1, 1, 0, 0,
    ]);
    rig.records.engine.life.pause();
    expect([rig.get('P'), rig.get('Q')]).toEqual([1, 1]);
    rig.records.engine.life.run();
    expect(rig.get('D')).toBe(1);
  });

  it('counts as it is when the time comes', () => {
    const rig = new Rig().load(`${one} record(ao, "A") { ${counting} }`);
    rig.put('A.PINI', 'PAUSE');
    rig.records.engine.life.pause();
    expect(rig.get('A')).toBe(1);
  });

  it('processes a record that comes later when it comes', () => {
    const rig = new Rig().load(`${one}`);
    rig.declare(`record(ao, "A") { ${counting} field(PINI, "YES") }`);
    expect(rig.get('A')).toBe(1);
  });
});

describe('a time stamp', () => {
  const time = (rig: Rig, name: string) => rig.get(`${name}.TIME`);

  it('is that of another record with TSEL to its TIME', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64);
    rig.load('record(ai, "B") { field(INP, "A CP") field(TSEL, "A.TIME") }');
    rig.feed(a, 1);
    expect(time(rig, 'B')).toBe(time(rig, 'A'));
  });

  it('is that of what a soft record reads with TSE -2', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64);
    rig.load('record(ai, "B") { field(INP, "A CP") field(TSE, "-2") }');
    rig.feed(a, 1);
    expect(time(rig, 'B')).toBe(time(rig, 'A'));
  });

  it('is that of an event with TSE above 0, through TSEL too', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(TSE, "7") }
      record(ai, "B") { field(TSEL, "N") } record(longout, "N") { field(VAL, "7") }`);
    rig.records.engine.events.post('7');
    rig.clock.advance(5000);
    for (const name of ['A', 'B']) rig.put(`${name}.PROC`, 1);
    expect(rig.image.seconds[0]).toBe(946_728_000);
    expect(rig.image.seconds[1]).toBe(946_728_000);
    expect(rig.get('B.TSE')).toBe(7);
  });
});
