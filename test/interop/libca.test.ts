import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CaServer, serveCa } from '../../src/ca/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { i16, ProcessImage } from '../../src/model/index.ts';
import { Directory, type PutOutcome, type PvValue } from '../../src/pv/index.ts';
import { type RecordSpec, RecordTable } from '../../src/records/index.ts';
import { type Libca, type LibcaChannel, libcaLoads, openLibca } from '../support/libca.ts';

const Dbr = {
  ...{ string: 0, enum: 3, char: 4, long: 5, double: 6 },
  ...{ timeDouble: 20, timeEnum: 17, timeLong: 19, timeString: 14 },
  ...{ grDouble: 27, ctrlEnum: 31, ctrlLong: 33, ctrlDouble: 34, className: 38 },
} as const;
const ECA_NORMAL = 1;
const ECA_PUTFAIL = 160;

// Where libca is missing the tests are skipped by name; a CI machine must have it.
describe.skipIf(!process.env['CI'] && !libcaLoads())('libca of Debian', () => {
  let scope: Scope;
  let directory: Directory;
  let server: CaServer;
  let libca: Libca;
  let answerPlant: ((outcome: PutOutcome) => void) | undefined;

  beforeEach(async () => {
    scope = new Scope();
    answerPlant = undefined;
    directory = plant();
    const asked = directory.puts$.subscribe(({ settle }) => {
      answerPlant = settle;
    });
    scope.defer(() => asked.unsubscribe());
    server = scope.use(await serve(directory, 0));
    libca = scope.use(await openLibca(server.udpPort));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  async function connect(name: string): Promise<LibcaChannel> {
    const channel = await libca.channel(name);
    await vi.waitFor(() => expect(channel.connected).toBe(true), { timeout: 10_000 });
    return channel;
  }

  it('finds a name, connects, and learns native type and count', async () => {
    const expected = [
      ['CRATE:TEMP', Dbr.double, 1],
      ['CRATE:STATE', Dbr.enum, 1],
      ['CRATE:NAME', Dbr.string, 1],
      ['CRATE:COUNT', Dbr.long, 1],
      ['CRATE:WAVE', Dbr.double, 100],
      ['CRATE:TEMP.DESC$', Dbr.char, 41],
    ] as const;
    for (const [name, type, count] of expected) {
      expect(await (await connect(name)).info()).toMatchObject({ type, count });
    }
  });

  it('never hears of a name that does not exist', async () => {
    const missing = await libca.channel('NO:SUCH');
    const there = await connect('CRATE:TEMP');
    expect([there.connected, missing.connected]).toEqual([true, false]);
    expect(server.counters.found).toBe(1);
  });

  it('reads a double with alarm and time stamp', async () => {
    put(directory, 'CRATE:TEMP', 81.5);
    const { status, bytes } = await (await connect('CRATE:TEMP')).get(Dbr.timeDouble);
    expect(status).toBe(ECA_NORMAL);
    expect([bytes.readInt16LE(0), bytes.readInt16LE(2)]).toEqual([4, 1]);
    const { seconds, nanoseconds } = directory.columns;
    expect([bytes.readUInt32LE(4), bytes.readUInt32LE(8)]).toEqual([seconds[0], nanoseconds[0]]);
    expect(seconds[0]).toBeGreaterThan(0);
    expect(bytes.readDoubleLE(16)).toBe(81.5);
  });

  it('reads units, precision and limits of a double', async () => {
    const channel = await connect('CRATE:TEMP');
    const { bytes } = await channel.get(Dbr.ctrlDouble);
    expect(bytes.readInt16LE(4)).toBe(2);
    expect(bytes.toString('utf8', 8, 16)).toBe('degC\0\0\0\0');
    const limits = Array.from({ length: 8 }, (_, i) => bytes.readDoubleLE(16 + 8 * i));
    expect(limits).toEqual([120, -20, 90, 80, 15, 12, 100, 10]);
    expect(bytes.readDoubleLE(80)).toBe(20);
    expect((await channel.get(Dbr.grDouble)).bytes.readDoubleLE(64)).toBe(20);
  });

  it('reads a state and the names of all states', async () => {
    const channel = await connect('CRATE:STATE');
    const { bytes } = await channel.get(Dbr.ctrlEnum);
    expect(bytes.readInt16LE(4)).toBe(3);
    expect(bytes.toString('utf8', 6, 10)).toBe('Off\0');
    expect(bytes.toString('utf8', 6 + 52, 6 + 57)).toBe('Trip\0');
    expect(bytes.readUInt16LE(422)).toBe(1);
    expect((await channel.get(Dbr.timeEnum)).bytes.readUInt16LE(14)).toBe(1);
    expect(text((await channel.get(Dbr.string)).bytes)).toBe('On');
  });

  it('reads texts, whole numbers and record types', async () => {
    const name = await connect('CRATE:NAME');
    expect(text((await name.get(Dbr.timeString)).bytes.subarray(12))).toBe('north hall');
    expect(text((await name.get(Dbr.className)).bytes)).toBe('stringout');
    const count = await connect('CRATE:COUNT');
    expect((await count.get(Dbr.timeLong)).bytes.readInt32LE(12)).toBe(0);
  });

  it('reads as many elements as there are, or as were asked for', async () => {
    const channel = await connect('CRATE:WAVE');
    const dynamic = await channel.get(Dbr.double, 0);
    expect(dynamic.count).toBe(3);
    expect(doubles(dynamic.bytes)).toEqual([1, 2, 3]);
    expect(doubles((await channel.get(Dbr.double, 5)).bytes)).toEqual([1, 2, 3, 0, 0]);
  });

  it('reads a large array behind an extended header', async () => {
    const channel = await connect('CRATE:LONG');
    const { count, bytes } = await channel.get(Dbr.timeDouble, 0);
    expect(count).toBe(100_000);
    expect(bytes.readDoubleLE(16 + 8 * 99_999)).toBe(99_999);
  });

  it('reads and puts a field as a long string', async () => {
    const description = await connect('CRATE:TEMP.DESC$');
    const bytes = Buffer.from('a description\0');
    expect(await description.putNotify(Dbr.char, bytes, bytes.length)).toBe(ECA_NORMAL);
    const long = await description.get(Dbr.char, 0);
    expect([long.count, text(long.bytes)]).toEqual([14, 'a description']);
    expect(text((await (await connect('CRATE:TEMP.DESC')).get(Dbr.string)).bytes)).toBe(
      'a description',
    );
  });

  it('hears when a limit changes, if it asked for PROPERTY events', async () => {
    const channel = await connect('CRATE:TEMP');
    const { updates } = await channel.monitor(Dbr.ctrlDouble, 1, 8);
    await vi.waitFor(() => expect(updates).toHaveLength(1));
    put(directory, 'CRATE:TEMP', 30);
    put(directory, 'CRATE:TEMP.HOPR', 150);
    await vi.waitFor(() => expect(updates).toHaveLength(2));
    expect(updates[1]?.bytes.readDoubleLE(16)).toBe(150);
  });

  it('puts a number, a text and an array', async () => {
    const temperature = await connect('CRATE:TEMP');
    expect(await temperature.putNotify(Dbr.double, doubleBytes(33.25))).toBe(ECA_NORMAL);
    expect(directory.find('CRATE:TEMP')?.read()).toBe(33.25);
    const name = await connect('CRATE:NAME');
    await name.put(Dbr.string, Buffer.concat([Buffer.from('south'), Buffer.alloc(35)]));
    await vi.waitFor(() => expect(directory.find('CRATE:NAME')?.read()).toBe('south'));
    const wave = await connect('CRATE:WAVE');
    expect(await wave.putNotify(Dbr.double, doubleBytes(4, 5), 2)).toBe(ECA_NORMAL);
    expect(directory.find('CRATE:WAVE')?.read()).toEqual(Float64Array.of(4, 5));
  });

  it('hears of a put when the plant has answered, not before', async () => {
    const channel = await connect('CRATE:VALVE');
    let ended: number | undefined;
    const put = channel.putNotify(Dbr.double, doubleBytes(1)).then((status) => {
      ended = status;
    });
    await vi.waitFor(() => expect(answerPlant).toBeDefined());
    // A get on the same circuit overtakes the put that waits.
    expect((await channel.get(Dbr.double)).status).toBe(ECA_NORMAL);
    expect(ended).toBeUndefined();
    answerPlant?.({ kind: 'done' });
    await put;
    expect(ended).toBe(ECA_NORMAL);
  });

  it('hears that the plant said no', async () => {
    const channel = await connect('CRATE:VALVE');
    const put = channel.putNotify(Dbr.double, doubleBytes(1));
    await vi.waitFor(() => expect(answerPlant).toBeDefined());
    answerPlant?.({ kind: 'failed', text: '0x705 size mismatch', code: 0x705 });
    expect(await put).toBe(ECA_PUTFAIL);
  });

  it('sees which fields it may write', async () => {
    const sensor = await connect('CRATE:COUNT');
    expect(await sensor.info()).toMatchObject({ read: true, write: false });
    await expect(sensor.putNotify(Dbr.double, doubleBytes(1))).rejects.toThrow(/[Ww]rite access/);
    expect(await (await connect('CRATE:TEMP')).info()).toMatchObject({ read: true, write: true });
  });

  it('monitors with alarm and time stamp, the first update at once', async () => {
    const { updates } = await (await connect('CRATE:TEMP')).monitor(Dbr.timeDouble);
    await vi.waitFor(() => expect(updates).toHaveLength(1));
    put(directory, 'CRATE:TEMP', 95);
    await vi.waitFor(() => expect(updates).toHaveLength(2));
    const bytes = updates[1]?.bytes ?? Buffer.alloc(0);
    expect([bytes.readInt16LE(0), bytes.readInt16LE(2)]).toEqual([3, 2]);
    expect(bytes.readUInt32LE(4)).toBe(directory.columns.seconds[0]);
    expect(bytes.readDoubleLE(16)).toBe(95);
  });

  it('gets no update after it has cancelled', async () => {
    const channel = await connect('CRATE:TEMP');
    const monitor = await channel.monitor(Dbr.double);
    await vi.waitFor(() => expect(monitor.updates).toHaveLength(1));
    await monitor.cancel();
    await vi.waitFor(() => expect(server.counters.subscriptions).toBe(0));
    put(directory, 'CRATE:TEMP', 50);
    await channel.get(Dbr.double);
    expect(monitor.updates).toHaveLength(1);
  });

  it('notices that the server stopped, and comes back with its monitor', async () => {
    const channel = await connect('CRATE:TEMP');
    const { updates } = await channel.monitor(Dbr.double);
    await vi.waitFor(() => expect(updates).toHaveLength(1));
    await server[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(channel.connected).toBe(false));
    scope.use(await serve(directory, server.udpPort));
    await vi.waitFor(() => expect(channel.connected).toBe(true), { timeout: 25_000 });
    await vi.waitFor(() => expect(updates.length).toBeGreaterThan(1));
  }, 30_000);

  it('closes a channel and leaves nothing behind', async () => {
    const channel = await connect('CRATE:TEMP');
    expect(server.counters.channels).toBe(1);
    await channel.clear();
    await vi.waitFor(() => expect(server.counters.channels).toBe(0));
  });
});

function serve(directory: Directory, port: number): Promise<CaServer> {
  const beacons = { auto: false };
  const signal = new AbortController().signal;
  return serveCa(directory, { port, interfaces: ['127.0.0.1'], beacons }, signal);
}

const PREC = 2;
const temperature = {
  ...{ EGU: 'degC', PREC, HOPR: 120, LOPR: -20, DRVH: 100, DRVL: 10 },
  ...{ HIHI: 90, HIGH: 80, LOW: 15, LOLO: 12, HHSV: 2, HSV: 1, LSV: 1, LLSV: 2 },
};
const states = { ZRVL: 0, ZRST: 'Off', ONVL: 1, ONST: 'On', TWVL: 2, TWST: 'Trip' };

function plant(): Directory {
  const table = new RecordTable(new ProcessImage());
  const doubles = { FTVL: 'DOUBLE', NELM: 100 };
  const long = Float64Array.from({ length: 100_000 }, (_, i) => i);
  const specs: readonly RecordSpec[] = [
    { name: 'CRATE:TEMP', type: 'ao', role: 'soft', fields: temperature, initial: 20 },
    { name: 'CRATE:STATE', type: 'mbbo', role: 'soft', fields: states, initial: 1 },
    { name: 'CRATE:NAME', type: 'stringout', role: 'soft', initial: 'north hall' },
    { name: 'CRATE:COUNT', type: 'longin', role: 'input' },
    { name: 'CRATE:WAVE', type: 'waveform', role: 'soft', fields: doubles },
    { name: 'CRATE:LONG', type: 'waveform', role: 'soft', fields: { ...doubles, NELM: 100_000 } },
    { name: 'CRATE:VALVE', type: 'ao', role: 'setpoint', datatype: i16 },
  ];
  for (const spec of specs) table.add(spec);
  const directory = new Directory(table);
  put(directory, 'CRATE:TEMP', 20);
  put(directory, 'CRATE:WAVE', Float64Array.of(1, 2, 3));
  put(directory, 'CRATE:LONG', long);
  return directory;
}

/** A put of the IOC's own. */
function put(directory: Directory, name: string, value: PvValue): void {
  const origin = { user: 'test', host: 'test' };
  const outcome = directory.find(name)?.put(value, origin, new AbortController().signal);
  expect(outcome).toEqual({ kind: 'done' });
}

function doubleBytes(...values: number[]): Buffer {
  return Buffer.from(Float64Array.from(values).buffer);
}

function doubles(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
}

function text(bytes: Buffer): string {
  return bytes.toString('utf8', 0, bytes.indexOf(0));
}
