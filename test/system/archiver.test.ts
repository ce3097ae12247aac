import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { libcaLoads } from '../support/libca.ts';
import { Dbe, Dbr, double, eventually, reading, softIoc, textIn } from '../support/soft-ioc.ts';

const database = `
record(ai, "T:ai") {
  field(VAL, "1") field(EGU, "mm") field(PREC, "3") field(HOPR, "100") field(MDEL, "0.5")
  field(ADEL, "2")
}
record(longin, "T:count") { field(VAL, "7") }
record(bo, "T:valve") { field(ZNAM, "Shut") field(ONAM, "Open") }
record(stringin, "T:text") { field(VAL, "hello") }
record(waveform, "T:wave") { field(FTVL, "DOUBLE") field(NELM, "8") }
alias("T:ai", "T:alias")
`;

/** What the archiver appliance opens of each PV before it archives it (facts/epics-formats.md 3.2). */
const asked = ['', '.NAME', '.NAME$', '.MDEL', '.ADEL', '.SCAN', '.RTYP'];

describe.skipIf(!process.env['CI'] && !libcaLoads())('an archiver', () => {
  let scope: Scope;
  let ioc: Awaited<ReturnType<typeof softIoc>>;
  beforeEach(async () => {
    scope = new Scope();
    ioc = await softIoc(scope, database);
  });
  afterEach(() => scope[Symbol.asyncDispose]());

  /** Types and counts of all that it asks of a PV. */
  async function handshake(pv: string) {
    const channels = await Promise.all(asked.map((field) => ioc.connect(`${pv}${field}`)));
    return Promise.all(
      channels.map(async (channel) => {
        const { type, count } = await channel.info();
        return [type, count];
      }),
    );
  }

  it('finds the seven channels of a PV, with their true types', async () => {
    expect(await handshake('T:ai')).toEqual([
      ...[
        [Dbr.double, 1],
        [Dbr.string, 1],
        [Dbr.char, 61],
        [Dbr.double, 1],
        [Dbr.double, 1],
      ],
      ...[
        [Dbr.enum, 1],
        [Dbr.string, 1],
      ],
    ]);
    expect((await handshake('T:count'))[0]).toEqual([Dbr.long, 1]);
  });

  it('reads what they say', async () => {
    const read = async (pv: string, type: number, count = 1) =>
      (await ioc.connect(pv)).get(type, count);
    expect(textIn(await read('T:ai.NAME', Dbr.string))).toBe('T:ai');
    expect(textIn(await read('T:ai.NAME$', Dbr.char, 61))).toBe('T:ai');
    expect(textIn(await read('T:ai.RTYP', Dbr.string))).toBe('ai');
    expect(textIn(await read('T:valve.RTYP', Dbr.string))).toBe('bo');
    expect(reading(await read('T:ai.MDEL', Dbr.double))[0]).toBe(0.5);
    expect(reading(await read('T:ai.ADEL', Dbr.double))[0]).toBe(2);
    const scan = await read('T:ai.SCAN', Dbr.ctrlEnum);
    expect(scan.bytes.readInt16LE(4)).toBe(10);
    expect([0, 1, 2, 6].map((state) => textIn(scan, 6 + 26 * state))).toEqual([
      ...['Passive', 'Event', 'I/O Intr', '1 second'],
    ]);
    expect(textIn(await read('T:ai.SCAN', Dbr.string))).toBe('Passive');
  });

  it('learns the real name behind an alias', async () => {
    const name = await ioc.connect('T:alias.NAME');
    expect(textIn(await name.get(Dbr.string))).toBe('T:ai');
  });

  it('knows the types of what has no dead-band too', async () => {
    const infos = ['T:valve', 'T:wave', 'T:text'].map(async (pv) => {
      const { type, count } = await (await ioc.connect(pv)).info();
      return [type, count];
    });
    expect(await Promise.all(infos)).toEqual([
      [Dbr.enum, 1],
      [Dbr.double, 8],
      [Dbr.string, 1],
    ]);
  });

  it('archives what leaves the archive dead-band, and hears of new limits', async () => {
    const channel = await ioc.connect('T:ai');
    const archived = await channel.monitor(Dbr.timeDouble, 1, Dbe.log);
    const limits = await channel.monitor(Dbr.ctrlDouble, 1, Dbe.property);
    await eventually(() => expect([archived, limits].map((m) => m.updates.length)).toEqual([1, 1]));
    for (const value of [2, 3, 3.5, 5.75]) await channel.putNotify(Dbr.double, double(value));
    await (await ioc.connect('T:ai.HOPR')).putNotify(Dbr.double, double(50));
    await eventually(() => expect(limits.updates).toHaveLength(2));
    expect(archived.updates.map((update) => reading(update)[0])).toEqual([1, 3.5, 5.75]);
    const seconds = archived.updates.at(-1)?.bytes.readUInt32LE(4) ?? 0;
    expect(Math.abs(seconds + 631_152_000 - Date.now() / 1000)).toBeLessThan(60);
  });
});
