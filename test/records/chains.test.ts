import { describe, expect, it } from 'vitest';
import { f64, i16 } from '../../src/model/index.ts';
import { EventMask, recordTypes } from '../../src/records/index.ts';
import { Rig } from './rig.ts';

const { value: VALUE, log: LOG, alarm: ALARM } = EventMask;
const done = { kind: 'done' } as const;
/** Fields of an ao that is one more each time it processes. */
const counting = 'field(OMSL, "closed_loop") field(OIF, "Incremental") field(DOL, "ONE")';

describe('FLNK', () => {
  it('processes a passive record after the one that has it', () => {
    const rig = new Rig().load(`
      record(ao, "A") { field(OUT, "B") field(FLNK, "C") }
      record(ao, "B") {}
      record(ai, "C") { field(INP, "B") field(FLNK, "D") }
      record(ai, "D") { field(INP, "C") }`);
    rig.put('A', 7);
    expect([rig.get('B'), rig.get('C'), rig.get('D')]).toEqual([7, 7, 7]);
  });

  it('leaves records alone that are not passive', () => {
    const rig = new Rig().load(`
      record(ao, "A") { field(FLNK, "B") field(VAL, "3") }
      record(ai, "B") { field(INP, "A") field(SCAN, "Event") }`);
    rig.put('A', 7);
    expect(rig.get('B')).toBe(0);
  });

  it('ends where it comes back to a record that it passed', () => {
    const rig = new Rig().load(`
      record(longin, "A") { field(INP, "N") field(FLNK, "B") }
      record(longin, "B") { field(INP, "A") field(FLNK, "C") }
      record(longin, "C") { field(INP, "B") field(FLNK, "A") }
      record(longin, "N") {}`);
    rig.put('N', 4);
    expect(rig.put('A.PROC', 1)).toEqual(done);
    expect([rig.get('A'), rig.get('B'), rig.get('C')]).toEqual([4, 4, 4]);
    expect(rig.get('A.PACT')).toBe(0);
    expect(rig.get('A.LCNT')).toBe(1);
  });

  it('may be long', () => {
    const many = Array.from({ length: 5000 }, (_, i) => {
      return `record(longin, "R${i}") { field(INP, "R${i - 1}") field(FLNK, "R${i + 1}") }`;
    });
    const rig = new Rig().load(`record(longout, "R-1") { field(FLNK, "R0") }\n${many.join('\n')}`);
    rig.put('R-1', 9);
    expect(rig.get('R4999')).toBe(9);
    expect(rig.get('R2500.PACT')).toBe(0);
  });

  it('of a record of the plant goes on in the same batch', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { FLNK: 'B' });
    rig.load('record(ai, "B") { field(INP, "A") }');
    rig.sample(a, 2.5);
    rig.records.processDirty();
    expect(rig.get('B')).toBe(2.5);
    expect(rig.masks().size).toBe(2);
  });
});

describe('a record that is disabled', () => {
  const text = `
    record(bo, "OFF") {}
    record(ai, "A") { field(INP, "N") field(SDIS, "OFF") field(DISV, "1") field(DISS, "MINOR")
                      field(FLNK, "B") }
    record(ai, "B") { field(INP, "N") }
    record(ao, "N") { field(VAL, "5") }`;

  it('says so once, and does nothing', () => {
    const rig = new Rig().load(text);
    rig.put('OFF', 1);
    rig.masks();
    rig.put('A.PROC', 1);
    expect(rig.alarm('A')).toBe('DISABLE MINOR');
    expect([rig.get('A'), rig.get('B')]).toEqual([0, 0]);
    expect([...rig.masks().values()]).toEqual([VALUE | ALARM]);
    rig.put('A.PROC', 1);
    expect(rig.masks().size).toBe(0);
  });

  it('is over with a put that it does not follow', () => {
    const rig = new Rig().load(text);
    rig.put('OFF', 1);
    expect(rig.put('A.PROC', 1, true)).toEqual(done);
  });

  it('comes back', () => {
    const rig = new Rig().load(text);
    rig.put('OFF', 1);
    rig.put('A.PROC', 1);
    rig.put('OFF', 0);
    rig.put('A.PROC', 1);
    expect(rig.alarm('A')).toBe('NO_ALARM NO_ALARM');
    expect(rig.get('A')).toBe(5);
  });
});

describe('a record that waits', () => {
  const text = `
    record(ai, "A") { field(SIMM, "YES") field(SIOL, "N") field(SDLY, "2") field(FLNK, "B") }
    record(ai, "B") { field(INP, "A") }
    record(ao, "N") { field(VAL, "5") }`;

  it('is PACT until it is over, and then goes on', () => {
    const rig = new Rig().load(text);
    rig.put('A.PROC', 1);
    expect([rig.get('A.PACT'), rig.get('A')]).toEqual([1, 0]);
    rig.clock.advance(2000);
    expect([rig.get('A.PACT'), rig.get('A'), rig.get('B')]).toEqual([0, 5, 5]);
  });

  it('has a SCAN alarm after more than ten attempts', () => {
    const rig = new Rig().load(text);
    rig.put('B.PROC', 1);
    rig.put('A', 1);
    rig.clock.advance(2000);
    rig.put('A.PROC', 1);
    for (let i = 0; i < 10; i++) rig.records.engine.process(rig.records.slotOf('A') ?? -1);
    expect(rig.get('A.LCNT')).toBe(10);
    expect(rig.choice('A.STAT')).toBe('NO_ALARM');
    rig.records.engine.process(rig.records.slotOf('A') ?? -1);
    expect(rig.alarm('A')).toBe('SCAN INVALID');
    expect(rig.get('A.AMSG')).toBe('Async in progress');
    rig.clock.advance(2000);
    expect(rig.alarm('A')).toBe('NO_ALARM NO_ALARM');
  });

  it('processes again when a put came meanwhile', () => {
    const rig = new Rig().load(text);
    rig.put('A.PROC', 1);
    rig.put('A.PROC', 1);
    expect(rig.get('A.RPRO')).toBe(1);
    rig.clock.advance(2000);
    expect([rig.get('A.PACT'), rig.get('A.RPRO')]).toEqual([1, 0]);
    rig.clock.advance(2000);
    expect(rig.get('A.PACT')).toBe(0);
  });
});

describe('a record whose type fails', () => {
  it('is SOFT and INVALID, and the others go on', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(INP, "N.VAL") field(FLNK, "B") }
      record(ai, "B") { field(INP, "N") }
      record(ao, "N") { field(VAL, "5") }`);
    const links = rig.records.columns.links[rig.records.slotOf('A') ?? -1];
    Object.assign(links?.[recordTypes.ai.links.indexOf('INP')] ?? {}, {
      number: () => {
        throw new Error('broken');
      },
    });
    rig.put('A.PROC', 1);
    expect(rig.alarm('A')).toBe('SOFT INVALID');
    expect(rig.get('A.AMSG')).toBe('broken');
    expect(rig.get('B')).toBe(5);
    expect(rig.get('A.PACT')).toBe(0);
  });
});

describe('put-notify', () => {
  it('waits for everything that the put started', async () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    rig.load(`
      record(longout, "A") { field(OUT, "B PP") field(FLNK, "C") }
      record(longout, "B") { field(OUT, "X PP") }
      record(ai, "C") { field(SIMM, "YES") field(SIOL, "A") field(SDLY, "1") }`);
    let outcome: unknown;
    const put = Promise.resolve(rig.put('A', 7, true)).then((is) => {
      outcome = is;
    });
    expect(rig.requests).toMatchObject([{ value: 7 }]);
    rig.requests[0]?.settle(done);
    await Promise.resolve();
    expect(outcome).toBeUndefined();
    rig.clock.advance(1000);
    await put;
    expect(outcome).toEqual(done);
    expect(rig.get('C')).toBe(7);
  });

  it('tells what the plant said to any of them', async () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    rig.load('record(longout, "A") { field(OUT, "X PP") }');
    const outcome = rig.put('A', 7, true);
    const refusal = { kind: 'failed', text: 'no' } as const;
    rig.requests[0]?.settle(refusal);
    expect(await outcome).toEqual(refusal);
    expect(rig.alarm('X')).toBe('WRITE INVALID');
  });

  it('does not wait for what its record does not process', () => {
    const rig = new Rig().load(`
      record(longout, "A") { field(FLNK, "B") }
      record(ai, "B") { field(SCAN, "Event") field(SIMM, "YES") field(SDLY, "1") }`);
    expect(rig.put('A', 7, true)).toEqual(done);
  });

  it('to one record come one after another, those of other records go by', async () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    rig.load('record(longout, "A") { field(OUT, "X PP") } record(longout, "B") {}');
    const first = rig.put('X', 1, true);
    const second = rig.put('X', 2, true);
    expect(rig.put('B', 5, true)).toEqual(done);
    expect(rig.requests.map(({ value }) => value)).toEqual([1]);
    rig.requests[0]?.settle(done);
    expect(await first).toEqual(done);
    rig.requests[1]?.settle(done);
    expect(await second).toEqual(done);
    expect(rig.requests.map(({ value }) => value)).toEqual([1, 2]);
  });

  it('has its setpoint sent again when a chain of a put reaches it while it waits', () => {
    const rig = new Rig();
    rig.setpoint('X', 'longout', i16);
    rig.load('record(longout, "A") { field(OUT, "X PP") }');
    rig.put('A', 1);
    rig.put('A', 2);
    expect(rig.requests.map(({ value }) => value)).toEqual([1]);
    rig.requests[0]?.settle(done);
    expect(rig.requests.map(({ value }) => value)).toEqual([1, 2]);
  });
});

describe('a batch from the plant', () => {
  it('goes by PHAS, then by what changed first', () => {
    const rig = new Rig();
    const order: string[] = [];
    const a = rig.input('A', 'ai', f64, { FLNK: 'LA', PHAS: 1 });
    const b = rig.input('B', 'ai', f64, { FLNK: 'LB' });
    const c = rig.input('C', 'ai', f64, { FLNK: 'LC' });
    rig.load('record(ai,"LA"){} record(ai,"LB"){} record(ai,"LC"){}');
    for (const name of ['LA', 'LB', 'LC']) rig.put(`${name}.TPRO`, 1);
    rig.records.engine.means = {
      log: Object.assign(Object.create(rig.means.log), {
        info: (text: string) => order.push(text.slice(-1)),
      }),
    };
    for (const slot of [a, c, b]) rig.sample(slot, 1);
    rig.records.processDirty();
    expect(order).toEqual(['C', 'B', 'A']);
  });

  it('processes a dirty record once although a link reaches it first', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { FLNK: 'N' });
    const b = rig.input('B', 'ai', f64, { FLNK: 'COUNT', SCAN: 'I/O Intr' });
    rig.load(`
      record(ai, "N") { field(INP, "B PP") }
      record(ao, "COUNT") { ${counting} }
      record(ao, "ONE") { field(VAL, "1") }`);
    rig.sample(a, 1);
    rig.sample(b, 2);
    rig.records.processDirty();
    expect(rig.get('N')).toBe(0);
    expect(rig.get('COUNT')).toBe(1);
  });

  it('is one event for each record, whatever reaches it', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64);
    const b = rig.input('B', 'ai', f64);
    rig.load(`
      record(ao, "COUNT") { ${counting} field(SDIS, "A CP") field(DISV, "9") field(TSEL, "B CP") }
      record(ao, "ONE") { field(VAL, "1") }`);
    rig.masks();
    rig.sample(a, 1);
    rig.sample(b, 2);
    rig.records.processDirty();
    const count = rig.records.slotOf('COUNT') ?? -1;
    expect(rig.get('COUNT')).toBe(1);
    expect(rig.masks().get(count)).toBe(VALUE | LOG | ALARM);
  });
});
