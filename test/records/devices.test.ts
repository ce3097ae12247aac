import { describe, expect, it } from 'vitest';
import { IocError } from '../../src/kernel/index.ts';
import { AlarmStatus, f64 } from '../../src/model/index.ts';
import type {
  Device,
  DeviceRecord,
  DeviceSupport,
  PutOutcome,
  PvValue,
  Reading,
} from '../../src/records/index.ts';
import { overheard } from '../support/overheard.ts';
import { Rig } from './rig.ts';

/** A device support that a test plays. */
class Bench implements DeviceSupport {
  readonly name = 'MQTT';
  readonly opened: { record: DeviceRecord; address: string; isOpen: boolean }[] = [];
  readonly reads: ((reading: Reading) => void)[] = [];
  readonly writes: { value: PvValue; settle: (outcome: PutOutcome) => void }[] = [];

  open(record: DeviceRecord, address: string): Device {
    if (address === 'nowhere') throw new IocError('test/device', 'there is no nowhere');
    const entry = { record, address, isOpen: true };
    this.opened.push(entry);
    return {
      ...(address.startsWith('ask') && {
        read: (answer: (reading: Reading) => void) => {
          this.reads.push(answer);
          if (address === 'ask twice' && this.reads.length === 1) throw new Error('not yet');
        },
      }),
      write: (value, settle) => {
        this.writes.push({ value, settle });
      },
      [Symbol.dispose]: () => {
        entry.isOpen = false;
      },
    };
  }
}

const at = (seconds: number) => ({ seconds, nanoseconds: 5 });

function started(text: string): { rig: Rig; bench: Bench } {
  const bench = new Bench();
  return { bench, rig: new Rig().load(text, { devices: [bench] }) };
}

describe('a device support', () => {
  it('gets the address, and what it needs of the record', () => {
    const { bench } = started(`
      record(ai, "A") { field(DTYP, "MQTT") field(INP, "@ask topic/a x=1") field(SCAN, "I/O Intr")
                        field(EGU, "mm") info(qos, "1") }`);
    const [entry] = bench.opened;
    expect(entry?.address).toBe('ask topic/a x=1');
    const { record } = entry ?? {};
    expect(record).toMatchObject({
      name: 'A',
      type: 'ai',
      direction: 'input',
      isInterrupted: true,
    });
    expect([record?.field('EGU'), record?.field('NONE'), record?.info('qos')]).toEqual([
      'mm',
      undefined,
      '1',
    ]);
  });

  it('that fails and answers nonetheless answers nobody', () => {
    const { rig, bench } = started(
      'record(ai, "A") { field(DTYP, "MQTT") field(INP, "@ask twice") }',
    );
    rig.put('A.PROC', 1);
    expect([rig.alarm('A'), rig.get('A.AMSG')]).toEqual(['SOFT INVALID', 'not yet']);
    bench.reads[0]?.({ kind: 'value', value: 1 });
    rig.put('A.PROC', 1);
    expect([rig.get('A'), rig.get('A.PACT')]).toEqual([0, 1]);
    bench.reads[1]?.({ kind: 'value', value: 2 });
    expect([rig.get('A'), rig.get('A.PACT')]).toEqual([2, 0]);
  });

  it('feeds a record that is I/O Intr, in a batch', () => {
    const { rig, bench } = started(`
      record(ai, "A") { field(DTYP, "MQTT") field(INP, "@a") field(SCAN, "I/O Intr") field(LINR, "SLOPE")
                        field(ESLO, "2") field(TSE, "-2") }`);
    bench.opened[0]?.record.feed(4, at(1000));
    expect(rig.get('A')).toBe(0);
    rig.records.processDirty();
    expect([rig.get('A'), rig.get('A.RVAL'), rig.alarm('A')]).toEqual([8, 4, 'NO_ALARM NO_ALARM']);
    expect(rig.image.seconds[0]).toBe(1000);
  });

  it('gives one that is scanned its newest value', () => {
    const { rig, bench } = started(`
      record(longin, "A") { field(DTYP, "MQTT") field(INP, "@a") field(SCAN, "1 second") }`);
    bench.opened[0]?.record.feed(4, at(1000));
    bench.opened[0]?.record.feed(5, at(1001));
    rig.records.processDirty();
    expect(rig.get('A')).toBe(0);
    rig.clock.advance(1000);
    expect(rig.get('A')).toBe(5);
  });

  it('answers one that asks, when it can', () => {
    const { rig, bench } = started(
      'record(longin, "A") { field(DTYP, "MQTT") field(INP, "@ask") field(FLNK, "B") } record(longin, "B") { field(INP, "A") }',
    );
    rig.put('A.PROC', 1);
    expect(rig.get('A.PACT')).toBe(1);
    bench.reads[0]?.({ kind: 'value', value: 7 });
    expect([rig.get('A'), rig.get('B'), rig.get('A.PACT')]).toEqual([7, 7, 0]);
    rig.put('A.PROC', 1);
    bench.reads[1]?.({ kind: 'failed', status: AlarmStatus.timeout, text: 'no answer' });
    expect([rig.get('A'), rig.alarm('A'), rig.get('A.AMSG')]).toEqual([
      7,
      'TIMEOUT INVALID',
      'no answer',
    ]);
  });

  it('takes what an output writes, and may refuse it', async () => {
    const { rig, bench } = started(
      'record(bo, "A") { field(DTYP, "MQTT") field(OUT, "@a") field(MASK, "4") }',
    );
    const outcome = rig.put('A', 1, true);
    expect(bench.writes.map(({ value }) => value)).toEqual([4]);
    bench.writes[0]?.settle({ kind: 'failed', text: 'broker says no' });
    expect(await outcome).toEqual({ kind: 'failed', text: 'broker says no' });
    expect([rig.alarm('A'), rig.get('A.AMSG')]).toEqual(['WRITE INVALID', 'broker says no']);
  });

  it('says that its source is in trouble', () => {
    const { rig, bench } = started(
      'record(ai, "A") { field(DTYP, "MQTT") field(INP, "@a") field(SCAN, "I/O Intr") }',
    );
    const { record } = bench.opened[0] ?? {};
    record?.feed(4, at(1000));
    rig.records.processDirty();
    record?.fail(AlarmStatus.comm, 'broker away', at(1001));
    rig.records.processDirty();
    expect([rig.get('A'), rig.alarm('A'), rig.get('A.AMSG')]).toEqual([
      4,
      'COMM INVALID',
      'broker away',
    ]);
    record?.feed(4, at(1002));
    rig.records.processDirty();
    expect(rig.alarm('A')).toBe('NO_ALARM NO_ALARM');
  });

  it('may have its record fed by the process image', () => {
    const { rig, bench } = started(
      'record(ai, "A") { field(DTYP, "MQTT") field(INP, "@a") field(SCAN, "I/O Intr") field(FLNK, "B") } record(ai, "B") { field(INP, "A") }',
    );
    const block = rig.image.addBlock(8);
    bench.opened[0]?.record.place({ block, byte: 0, bit: 0, datatype: f64 });
    const bytes = new Uint8Array(Float64Array.of(2.5).buffer);
    rig.image.apply(block, bytes, 0, 8, 2000, 0);
    rig.records.processDirty();
    expect([rig.get('A'), rig.get('B'), rig.image.seconds[0]]).toEqual([2.5, 2.5, 2000]);
  });

  it('is asked again when the address is written', () => {
    const { rig, bench } = started('record(ai, "A") { field(DTYP, "MQTT") field(INP, "@a") }');
    rig.put('A.INP', '@b');
    expect(bench.opened.map(({ address, isOpen }) => `${address} ${isOpen}`)).toEqual([
      'a false',
      'b true',
    ]);
  });

  it.each([
    ['field(DTYP, "MQTT") field(INP, "@nowhere")', 'there is no nowhere'],
    ['field(DTYP, "MQTT") field(INP, "B")', 'MQTT needs an address that begins with @'],
    ['field(DTYP, "ADS") field(INP, "@a")', 'no device support ADS is plugged in'],
  ])('that cannot open makes its record LINK and INVALID: %s', (fields, why) => {
    const said = overheard();
    const rig = new Rig().load(`record(ai, "A") { ${fields} field(VAL, "1") }`, {
      log: said.log,
      devices: [new Bench()],
    });
    expect(said.text()).toContain(`A has no device: ${why}`);
    rig.put('A.PROC', 1);
    expect(rig.alarm('A')).toBe('LINK INVALID');
    expect(rig.get('A.AMSG')).toBe(why.slice(0, 39));
  });
});

it('that cannot open makes a record that is I/O Intr LINK and INVALID from the start', () => {
  const rig = new Rig().load(
    'record(ai, "A") { field(DTYP, "MQTT") field(INP, "@nowhere") field(SCAN, "I/O Intr") }',
    { devices: [new Bench()] },
  );
  rig.records.processDirty();
  expect(rig.alarm('A')).toBe('LINK INVALID');
});

it('feeds VAL itself where it says so', () => {
  const { rig, bench } = started(`
    record(mbbi, "A") { field(DTYP, "MQTT") field(INP, "@a") field(SCAN, "I/O Intr")
                        field(ZRST, "Idle") field(ONST, "Run") }`);
  // All raw values are 0: none is that of Run.
  bench.opened[0]?.record.feed(1, at(2000), 'value');
  rig.records.processDirty();
  expect(rig.get('A')).toBe(1);
});

describe('device supports of EPICS base', () => {
  it('Raw Soft Channel converts', () => {
    const rig = new Rig().load(`
      record(longout, "N") { field(VAL, "21") }
      record(ai, "A") { field(DTYP, "Raw Soft Channel") field(INP, "N") field(LINR, "SLOPE") field(ESLO, "2") }
      record(bi, "B") { field(DTYP, "Raw Soft Channel") field(INP, "N") field(MASK, "4") }
      record(mbbi, "M") { field(DTYP, "Raw Soft Channel") field(INP, "N") field(NOBT, "2") field(SHFT, "2")
                          field(ZRVL, "0") field(ONVL, "1") field(ONST, "one") }`);
    for (const name of ['A', 'B', 'M']) rig.put(`${name}.PROC`, 1);
    expect([rig.get('A'), rig.get('A.RVAL')]).toEqual([42, 21]);
    expect([rig.get('B'), rig.get('B.RVAL')]).toEqual([1, 4]);
    expect([rig.get('M'), rig.get('M.RVAL'), rig.get('M.MASK')]).toEqual([1, 4, 12]);
  });

  it('Async Soft Channel reads what it leads to when that has processed', () => {
    const rig = new Rig().load(`
      record(ai, "N") { field(SIMM, "YES") field(SIOL, "O") field(SDLY, "1") }
      record(ao, "O") { field(VAL, "9") }
      record(ai, "A") { field(DTYP, "Async Soft Channel") field(INP, "N") }`);
    rig.put('A.PROC', 1);
    expect(rig.get('A.PACT')).toBe(1);
    rig.clock.advance(1000);
    return expect.poll(() => [rig.get('A'), rig.get('A.PACT')]).toEqual([9, 0]);
  });

  it('Soft Timestamp is the time of the record', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(DTYP, "Soft Timestamp") field(INP, "@") }
      record(stringin, "S") { field(DTYP, "Soft Timestamp") field(INP, "@%Y-%m-%d %H:%M:%S.%03f") }`);
    rig.clock.advance(1250);
    for (const name of ['A', 'S']) rig.put(`${name}.PROC`, 1);
    expect(rig.get('A')).toBe(946_728_001.25);
    expect(rig.get('S')).toMatch(/^2020-01-01 \d\d:00:01\.250$/);
  });

  it('General Time is the time of now, and knows one provider', () => {
    const rig = new Rig().load(`
      record(ai, "A") { field(DTYP, "General Time") field(INP, "@TIME") }
      record(stringin, "S") { field(DTYP, "General Time") field(INP, "@BESTTCP") }
      record(longin, "L") { field(DTYP, "General Time") field(INP, "@GETERRCNT") }`);
    for (const name of ['A', 'S', 'L']) rig.put(`${name}.PROC`, 1);
    expect([rig.get('A'), rig.get('S'), rig.get('L')]).toEqual([946_728_000, 'OS Clock', 0]);
  });

  it('Db State reads and switches a named state', () => {
    const rig = new Rig().load(`
      record(bo, "SET") { field(DTYP, "Db State") field(OUT, "@up") }
      record(bi, "GET") { field(DTYP, "Db State") field(INP, "@up") }`);
    rig.put('SET', 1);
    rig.put('GET.PROC', 1);
    expect(rig.get('GET')).toBe(1);
  });

  it('getenv reads the environment', () => {
    const rig = new Rig().load(
      `record(stringin, "A") { field(DTYP, "getenv") field(INP, "@SITE") }
       record(lsi, "B") { field(DTYP, "getenv") field(INP, "@NONE") }`,
      { env: { SITE: 'beamline' } },
    );
    for (const name of ['A', 'B']) rig.put(`${name}.PROC`, 1);
    expect(rig.get('A')).toBe('beamline');
    expect([rig.alarm('B'), rig.get('B.AMSG')]).toEqual(['UDF INVALID', 'No such ENV']);
  });

  it('stdio writes to the log', () => {
    const said = overheard();
    const rig = new Rig().load(
      'record(stringout, "A") { field(DTYP, "stdio") field(OUT, "@errlog") }',
      { log: said.log },
    );
    rig.put('A', 'look here');
    expect(said.text()).toContain('A: look here');
  });
});
