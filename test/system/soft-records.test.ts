import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import { libcaLoads } from '../support/libca.ts';
import {
  Dbe,
  Dbr,
  double,
  eventually,
  reading,
  softIoc,
  string,
  textIn,
} from '../support/soft-ioc.ts';

const ECA_NORMAL = 1;
const ECA_PUTFAIL = 160;
const none = [AlarmStatus.noAlarm, Severity.noAlarm] as const;

// What the control room sees of records that work together, by the C library that it uses.
describe.skipIf(!process.env['CI'] && !libcaLoads())('records of twincat-ioc soft', () => {
  let scope: Scope;
  beforeEach(() => {
    scope = new Scope();
  });
  afterEach(() => scope[Symbol.asyncDispose]());

  /** An IOC on records, and its channels. */
  async function served(database: string) {
    const { connect } = await softIoc(scope, database);
    return {
      connect,
      put: async (pv: string, value: number) =>
        (await connect(pv)).putNotify(Dbr.double, double(value)),
      get: async (pv: string) => reading(await (await connect(pv)).get(Dbr.stsDouble)),
      watch: async (
        pv: string,
        type: number = Dbr.stsDouble,
        mask: number = Dbe.value | Dbe.alarm,
      ) => {
        const monitor = await (await connect(pv)).monitor(type, 1, mask);
        await eventually(() => expect(monitor.updates).toHaveLength(1));
        return monitor;
      },
    };
  }

  describe('a chain', () => {
    it('processes by FLNK, each record after the one before', async () => {
      const { put, get } = await served(`
        record(ao, "C:in") { field(FLNK, "C:twice") }
        record(calc, "C:twice") { field(INPA, "C:in") field(CALC, "2*A") field(FLNK, "C:next") }
        record(calc, "C:next") { field(INPA, "C:twice") field(CALC, "A+1") field(FLNK, "C:copy") }
        record(ai, "C:copy") { field(INP, "C:next") }
      `);
      expect(await put('C:in', 20)).toBe(ECA_NORMAL);
      expect(await get('C:copy')).toEqual([41, ...none]);
    });

    it('posts each record once, when its value is what it will be', async () => {
      const { put, watch } = await served(`
        record(ao, "C:in") { field(FLNK, "C:fan") }
        record(fanout, "C:fan") { field(LNK1, "C:a") field(LNK2, "C:b") field(LNK3, "C:sum") }
        record(calc, "C:a") { field(INPA, "C:in") field(CALC, "A") }
        record(calc, "C:b") { field(INPA, "C:in") field(CALC, "-A") }
        record(calc, "C:sum") { field(INPA, "C:a") field(INPB, "C:b") field(CALC, "A-B") }
      `);
      const sum = await watch('C:sum');
      for (const value of [1, 2, 3]) await put('C:in', value);
      await eventually(() => expect(sum.updates).toHaveLength(4));
      expect(sum.updates.map((update) => reading(update)[0])).toEqual([0, 2, 4, 6]);
    });

    it('reads its inputs with PP before they are used', async () => {
      const { put, get } = await served(`
        record(longin, "C:raw") { field(VAL, "5") }
        record(calc, "C:deep") { field(INPA, "C:raw") field(CALC, "A*10") }
        record(calc, "C:top") { field(INPA, "C:deep PP") field(CALC, "A+1") }
      `);
      await put('C:top.PROC', 1);
      expect((await get('C:top'))[0]).toBe(51);
    });

    it('runs when what a CP link reads changes, and CPP only if it is passive', async () => {
      const { put, get } = await served(`
        record(ao, "C:in") {}
        record(calc, "C:cp") { field(INPA, "C:in CP") field(CALC, "A+1") field(SCAN, "10 second") }
        record(calc, "C:cpp") { field(INPA, "C:in CPP") field(CALC, "A+1") }
        record(calc, "C:scanned") { field(INPA, "C:in CPP") field(CALC, "A+1") field(SCAN, "10 second") }
      `);
      await put('C:in', 7);
      await eventually(async () => expect((await get('C:cp'))[0]).toBe(8));
      await eventually(async () => expect((await get('C:cpp'))[0]).toBe(8));
      expect((await get('C:scanned'))[0]).not.toBe(8);
    });

    it('that comes back to its beginning ends there', async () => {
      const { put, get } = await served(`
        record(calc, "C:a") { field(INPA, "C:a") field(CALC, "A+1") field(FLNK, "C:b") }
        record(calc, "C:b") { field(INPA, "C:a") field(CALC, "A") field(FLNK, "C:a") }
      `);
      await put('C:a.PROC', 1);
      expect([(await get('C:a'))[0], (await get('C:b'))[0]]).toEqual([1, 1]);
    });

    it('is not entered while SDIS says so', async () => {
      const { put, get } = await served(`
        record(bo, "C:off") {}
        record(calc, "C:work") { field(CALC, "VAL+1") field(SDIS, "C:off") field(DISS, "MINOR") }
      `);
      await put('C:work.PROC', 1);
      await put('C:off', 1);
      await put('C:work.PROC', 1);
      expect(await get('C:work')).toEqual([1, AlarmStatus.disable, Severity.minor]);
      await put('C:off', 0);
      await put('C:work.PROC', 1);
      expect(await get('C:work')).toEqual([2, ...none]);
    });
  });

  describe('alarms', () => {
    const limits = `
      field(HIHI, "90") field(HIGH, "70") field(LOW, "20") field(LOLO, "10") field(HYST, "5")
      field(HHSV, "MAJOR") field(HSV, "MINOR") field(LSV, "MINOR") field(LLSV, "MAJOR")`;

    it('change with their value in one event, never one before the other', async () => {
      const { put, watch } = await served(`record(ao, "A:level") { field(VAL, "50") ${limits} }`);
      await put('A:level', 50);
      const seen = await watch('A:level');
      for (const value of [75, 95, 87, 84, 66, 64, 5]) await put('A:level', value);
      await eventually(() => expect(seen.updates).toHaveLength(8));
      expect(seen.updates.map(reading)).toEqual([
        [50, ...none],
        [75, AlarmStatus.high, Severity.minor],
        [95, AlarmStatus.hihi, Severity.major],
        [87, AlarmStatus.hihi, Severity.major],
        [84, AlarmStatus.high, Severity.minor],
        [66, AlarmStatus.high, Severity.minor],
        [64, ...none],
        [5, AlarmStatus.lolo, Severity.major],
      ]);
    });

    it('are heard of once by who wants alarms only', async () => {
      const { put, watch } = await served(`record(ao, "A:level") { field(VAL, "50") ${limits} }`);
      await put('A:level', 50);
      const seen = await watch('A:level', Dbr.stsDouble, Dbe.alarm);
      for (const value of [51, 52, 75, 76, 77, 95, 50]) await put('A:level', value);
      await eventually(() => expect(seen.updates).toHaveLength(4));
      expect(seen.updates.map((update) => reading(update)[0])).toEqual([50, 75, 95, 50]);
    });

    it('do not come from limits without a severity', async () => {
      const { put, get } = await served(
        `record(ao, "A:plain") { field(HIGH, "0") field(LOW, "0") }`,
      );
      await put('A:plain', 5);
      expect(await get('A:plain')).toEqual([5, ...none]);
    });

    it('follow states, and cross links as MS, MSS, MSI and NMS say', async () => {
      const { put, get } = await served(`
        record(bo, "A:valve") {
          field(ZNAM, "Shut") field(ONAM, "Open") field(OSV, "MAJOR") field(FLNK, "A:fan")
        }
        record(fanout, "A:fan") {
          field(LNK1, "A:nms") field(LNK2, "A:ms") field(LNK3, "A:mss") field(LNK4, "A:msi")
        }
        record(calc, "A:nms") { field(INPA, "A:valve NMS") field(CALC, "A") }
        record(calc, "A:ms") { field(INPA, "A:valve MS") field(CALC, "A") }
        record(calc, "A:mss") { field(INPA, "A:valve MSS") field(CALC, "A") }
        record(calc, "A:msi") { field(INPA, "A:valve MSI") field(CALC, "A") }
      `);
      await put('A:valve', 1);
      expect((await get('A:valve')).slice(1)).toEqual([AlarmStatus.state, Severity.major]);
      expect(await get('A:nms')).toEqual([1, ...none]);
      expect(await get('A:ms')).toEqual([1, AlarmStatus.link, Severity.major]);
      expect(await get('A:mss')).toEqual([1, AlarmStatus.state, Severity.major]);
      expect(await get('A:msi')).toEqual([1, ...none]);
    });

    it('stay until they are acknowledged', async () => {
      const { put, connect } = await served(`record(ao, "A:level") { field(VAL, "50") ${limits} }`);
      await put('A:level', 95);
      await put('A:level', 50);
      const acks = await connect('A:level.ACKS');
      expect(textIn(await acks.get(Dbr.string))).toBe('MAJOR');
      await (await connect('A:level')).putNotify(Dbr.putAcks, Buffer.from([Severity.major, 0]));
      await eventually(async () => expect(textIn(await acks.get(Dbr.string))).toBe('NO_ALARM'));
    });

    it('say that a value was never set', async () => {
      const { get } = await served(
        'record(ai, "A:new") {} record(ai, "A:mild") { field(UDFS, "MINOR") }',
      );
      expect(await get('A:new')).toEqual([0, AlarmStatus.udf, Severity.invalid]);
      expect(await get('A:mild')).toEqual([0, AlarmStatus.udf, Severity.minor]);
    });
  });

  describe('a put with completion', () => {
    it('is over when everything that it started is', async () => {
      const { put, get, watch } = await served(`
        record(ao, "P:in") { field(FLNK, "P:slow") }
        record(calcout, "P:slow") {
          field(INPA, "P:in") field(CALC, "A*2") field(ODLY, "0.3") field(OUT, "P:end PP")
        }
        record(ao, "P:end") {}
      `);
      const end = await watch('P:end');
      expect(await put('P:in', 4)).toBe(ECA_NORMAL);
      expect((await get('P:end'))[0]).toBe(8);
      await eventually(() => expect(end.updates).toHaveLength(2));
    });

    it('leaves other clients of the record served meanwhile', async () => {
      const { put, get, connect } = await served(`
        record(calcout, "P:slow") { field(CALC, "A") field(ODLY, "0.5") }
      `);
      const done: string[] = [];
      const slow = put('P:slow.A', 1).then(() => done.push('slow'));
      await eventually(async () => expect((await get('P:slow.PACT'))[0]).toBe(1));
      done.push('read');
      await (await connect('P:slow.DESC')).putNotify(Dbr.string, string('busy'));
      done.push('other');
      await slow;
      expect(done).toEqual(['read', 'other', 'slow']);
    });

    it('at once with others has a run of its own', async () => {
      const { connect, watch } = await served(`
        record(calcout, "P:slow") { field(CALC, "A") field(ODLY, "0.1") field(OUT, "P:end PP") }
        record(ao, "P:end") {}
      `);
      const end = await watch('P:end');
      // libca's calls run on threads here and leave in any order; chains.test.ts tells of theirs.
      const slow = await connect('P:slow.A');
      const puts = [1, 2, 3].map((value) => slow.putNotify(Dbr.double, double(value)));
      const results = await Promise.all(puts);
      expect(results).toEqual([ECA_NORMAL, ECA_NORMAL, ECA_NORMAL]);
      await eventually(() => {
        const values = end.updates.map((update) => Number(reading(update)[0]));
        expect(values.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
      });
    });

    it('fails where the record refuses it', async () => {
      const { put } = await served('record(ao, "P:locked") { field(DISP, "1") }');
      expect(await put('P:locked', 1)).toBe(ECA_PUTFAIL);
    });
  });

  describe('links', () => {
    it('read and write through records of every direction', async () => {
      const { put, get, connect } = await served(`
        record(ao, "L:source") { field(PREC, "2") field(OUT, "L:text PP") }
        record(stringin, "L:text") {}
        record(mbbo, "L:mode") { field(ZRST, "Off") field(ONST, "On") field(TWST, "Auto") field(OUT, "L:seen PP") }
        record(longin, "L:seen") {}
        record(stringin, "L:name") { field(INP, "L:mode PP") }
      `);
      await put('L:source', 1.5);
      expect(textIn(await (await connect('L:text')).get(Dbr.string))).toBe('1.500000');
      await (await connect('L:mode')).putNotify(Dbr.string, string('Auto'));
      expect((await get('L:seen'))[0]).toBe(2);
      await put('L:name.PROC', 1);
      expect(textIn(await (await connect('L:name')).get(Dbr.string))).toBe('Auto');
    });

    it('take constants at initialisation, and may be given another target later', async () => {
      const { put, get, connect } = await served(`
        record(calc, "L:calc") { field(INPA, "5") field(INPB, {const: 7}) field(CALC, "A+B") }
        record(longin, "L:other") { field(VAL, "30") }
      `);
      await put('L:calc.PROC', 1);
      expect((await get('L:calc'))[0]).toBe(12);
      await (await connect('L:calc.INPA')).putNotify(Dbr.string, string('L:other'));
      await put('L:calc.PROC', 1);
      expect((await get('L:calc'))[0]).toBe(37);
    });

    it('drive outputs in closed loop, and with a rate and limits', async () => {
      const { put, get } = await served(`
        record(ao, "L:goal") {}
        record(ao, "L:drive") {
          field(DOL, "L:goal") field(OMSL, "closed_loop") field(DRVH, "10") field(DRVL, "-10")
          field(OUT, "L:end PP")
        }
        record(ao, "L:end") {}
      `);
      await put('L:goal', 25);
      await put('L:drive.PROC', 1);
      expect((await get('L:end'))[0]).toBe(10);
    });

    it('give the time of what they read where TSEL says so', async () => {
      const { put, connect } = await served(`
        record(ao, "L:first") {}
        record(calc, "L:later") { field(INPA, "L:first") field(CALC, "A") field(TSEL, "L:first.TIME") }
      `);
      await put('L:first', 3);
      const stamp = async (pv: string) =>
        (await (await connect(pv)).get(Dbr.timeDouble)).bytes.subarray(4, 12).toString('hex');
      const before = await stamp('L:first');
      await put('L:later.PROC', 1);
      expect(await stamp('L:later')).toBe(before);
    });

    it('that lead nowhere make their record LINK/INVALID', async () => {
      const { put, get } = await served('record(ai, "L:lost") { field(INP, "NO:SUCH PP") }');
      await put('L:lost.PROC', 1);
      expect((await get('L:lost')).slice(1)).toEqual([AlarmStatus.link, Severity.invalid]);
    });
  });
});
