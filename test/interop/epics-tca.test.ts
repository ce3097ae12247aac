import { createSocket } from 'node:dgram';
import tca from 'epics-tca';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CaServer, serveCa } from '../../src/ca/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { ProcessImage } from '../../src/model/index.ts';
import { Directory } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';

const { Context, Channel_DBR_TYPES: Dbr, Channel_ACCESS_RIGHTS: Rights, type_log_levels } = tca;
type Context = InstanceType<typeof Context>;

const TIMEOUT_SECONDS = 5;

describe('epics-tca, a client in TypeScript', () => {
  let scope: Scope;
  let directory: Directory;
  let server: CaServer;
  let context: Context;

  beforeAll(async () => {
    scope = new Scope();
    directory = records();
    const options = { port: 0, interfaces: ['127.0.0.1'], beacons: { auto: false } };
    server = scope.use(await serveCa(directory, options, scope.signal));
    // The client keeps the environment of its first context for good, so there is one for all tests.
    const environment = {
      EPICS_CA_ADDR_LIST: '127.0.0.1',
      EPICS_CA_SERVER_PORT: String(server.udpPort),
      EPICS_CA_AUTO_ADDR_LIST: 'NO',
      EPICS_CA_REPEATER_PORT: String(await freeUdpPort()),
      EPICS_PVA_BROADCAST_PORT: String(await freeUdpPort()),
    };
    context = new Context(environment, type_log_levels.fatal);
    await context.initialize();
    scope.defer(() => context.destroyHard());
  });

  afterAll(() => scope[Symbol.asyncDispose]());

  async function connect(name: string) {
    const channel = await context.createChannel(name, 'ca', TIMEOUT_SECONDS);
    if (!channel) throw new Error(`${name} did not connect`);
    return channel;
  }

  it('connects and learns native type, count and access', async () => {
    const level = await connect('TANK:LEVEL');
    expect([level.getDbrType(), level.getValueCount()]).toEqual([Dbr.DBR_DOUBLE, 1]);
    expect(level.getAccessRight()).toBe(Rights.READ_WRITE);
    const mode = await connect('TANK:MODE');
    expect(mode.getDbrType()).toBe(Dbr.DBR_ENUM);
    const wave = await connect('TANK:WAVE');
    expect([wave.getDbrType(), wave.getValueCount()]).toEqual([Dbr.DBR_DOUBLE, 8]);
  });

  it('gets what it has put, numbers, texts and rows', async () => {
    const level = await connect('TANK:LEVEL');
    await level.put(12.5, TIMEOUT_SECONDS, true);
    expect((await level.get(TIMEOUT_SECONDS))?.value).toBe(12.5);
    expect((await level.get(TIMEOUT_SECONDS, Dbr.DBR_STRING))?.value).toBe('12.500');
    const name = await connect('TANK:LEVEL.DESC');
    await name.put('north tank', TIMEOUT_SECONDS, true);
    expect((await name.get(TIMEOUT_SECONDS))?.value).toBe('north tank');
    const wave = await connect('TANK:WAVE');
    await wave.put([1, 2, 3], TIMEOUT_SECONDS, true);
    expect((await wave.get(TIMEOUT_SECONDS, Dbr.DBR_DOUBLE, 3))?.value).toEqual([1, 2, 3]);
  });

  it('reads units, limits and state names', async () => {
    const level = await connect('TANK:LEVEL');
    expect(await level.get(TIMEOUT_SECONDS, Dbr.DBR_CTRL_DOUBLE)).toMatchObject({
      units: 'mm',
      precision: 3,
      upper_display_limit: 100,
      upper_alarm_limit: 90,
    });
    const mode = await connect('TANK:MODE');
    const states = await mode.get(TIMEOUT_SECONDS, Dbr.DBR_GR_ENUM);
    expect(states?.strings?.slice(0, 2)).toEqual(['Manual', 'Automatic']);
  });

  it('monitors value, severity and time', async () => {
    const level = await connect('TANK:LEVEL');
    const seen: unknown[] = [];
    await level.createMonitor(
      TIMEOUT_SECONDS,
      (monitor) => seen.push({ ...monitor.getChannel().getDbrData() }),
      Dbr.DBR_TIME_DOUBLE,
      1,
    );
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    await level.put(95, TIMEOUT_SECONDS, true);
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    expect(seen[1]).toMatchObject({ value: 95, severity: 2, status: 3 });
  });
});

function records(): Directory {
  const table = new RecordTable(new ProcessImage());
  const fields = { EGU: 'mm', PREC: 3, HOPR: 100, LOPR: 0, HIHI: 90, HHSV: 2 };
  table.add({ name: 'TANK:LEVEL', type: 'ao', role: 'soft', fields, initial: 1 });
  const states = { ZNAM: 'Manual', ONAM: 'Automatic' };
  table.add({ name: 'TANK:MODE', type: 'bo', role: 'soft', fields: states });
  const row = { FTVL: 'DOUBLE', NELM: 8 };
  table.add({ name: 'TANK:WAVE', type: 'waveform', role: 'soft', fields: row });
  return new Directory(table);
}

/** A port that nobody has now: the client wants its own for repeater and PVA beacons. */
async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, () => resolve()));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
