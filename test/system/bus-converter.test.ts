import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { startIoc } from '../../src/ioc.ts';
import { type Log, Scope, silentLog } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import {
  aedesBroker,
  type Broker,
  hasMosquitto,
  mosquitto,
  mqttClient,
} from '../support/broker.ts';
import { repository, temporaryFile } from '../support/demo-ioc.ts';
import { hasMosquittoClients, mosquittoPub, mosquittoSub } from '../support/mosquitto-clients.ts';

const deadline = { timeout: 10_000, interval: 10 };
const eventually = <T>(check: () => T) => vi.waitFor(check, deadline);
const never = new AbortController().signal;

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

interface Setting {
  readonly convert?: string;
  readonly database?: string;
  readonly databases?: string;
  readonly log?: Log;
}

/** An IOC with a converter and no plant. */
async function ioc({ url }: Pick<Broker, 'url'>, setting: Setting = {}) {
  const { convert = '{}', database = '', databases = '', log = silentLog } = setting;
  const text = `prefix: T
plants: []
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
databases: [${temporaryFile(scope, 'site.db', database)}${databases}]
bus:
  url: '${url}'
  thinEdge: { enabled: false }
  convert: ${convert}
`;
  const config = loadConfig(temporaryFile(scope, 'ioc.yaml', text));
  const env = { EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_ADDR_LIST: '127.0.0.1:1' };
  const running = scope.use(await startIoc(config, { log, env }, scope.signal));
  const { directory } = running;
  const value = (name: string) => directory.find(name)?.read();
  const alarm = (name: string) => {
    const slot = directory.find(name)?.slot ?? -1;
    const { status, severity } = directory.columns;
    return [status[slot], severity[slot]];
  };
  await eventually(() => expect(value('T:IOC:BusState')).toBe(3));
  return {
    ...{ value, alarm },
    put: async (name: string, to: number | string) =>
      directory.find(name)?.put(to, { user: 'me', host: 'here' }, never),
    /** The PV is there and has a value, with an alarm or none. */
    reads: (name: string, wanted: unknown, severity: Severity = Severity.noAlarm) =>
      eventually(() => expect([value(name), alarm(name)[1]], name).toEqual([wanted, severity])),
  };
}

describe.skipIf(!hasMosquitto || !hasMosquittoClients)('the converter', () => {
  const broker = async () => (await mosquitto(scope, 'allow_anonymous true')).plain;
  const say = (to: Broker, topic: string, payload: string, ...args: string[]) =>
    mosquittoPub(to, topic, payload, args);

  it('shows what a Web-IO tells, and switches its outputs', async () => {
    const at = await broker();
    const file = `${repository}/config/converters/wut-web-io.db`;
    const { reads, put } = await ioc(at, {
      convert: '{ files: [wut-web-io.yaml] }',
      databases: `, { file: ${file}, macros: 'P=T,DEVICE=wut-0a4711,N=5' }`,
    });
    const sub = await mosquittoSub(scope, at, ['wut-0a4711/set/#']);
    await say(at, 'wut-0a4711/get/input/1', 'ON');
    await reads('T:wut-0a4711:Input1', 1);
    await say(at, 'wut-0a4711/get/input/1', 'OFF');
    await reads('T:wut-0a4711:Input1', 0);
    await say(at, 'wut-0a4711/get/counter/3', '123456');
    await reads('T:wut-0a4711:Counter3', 123_456);
    expect(await put('T:wut-0a4711:Output5', 'On')).toEqual({ kind: 'done' });
    expect(await put('T:wut-0a4711:Counter5:Set', 0)).toEqual({ kind: 'done' });
    await eventually(() => expect(sub.on('wut-0a4711/set/output/5')).toEqual(['ON']));
    await eventually(() => expect(sub.on('wut-0a4711/set/counter/5')).toEqual(['0']));
  });

  it('shows the sensors behind Zigbee2MQTT, also what the broker kept', async () => {
    const at = await broker();
    const kept =
      '{"battery":96,"humidity":44.72,"linkquality":102,"temperature":27.34,"voltage":2995}';
    await say(at, 'zigbee2mqtt/hall_1', kept, '-r');
    await say(at, 'zigbee2mqtt/bridge/state', '{"state":"online"}', '-r');
    const { reads, value } = await ioc(at, { convert: '{ files: [zigbee2mqtt.yaml] }' });
    await reads('T:hall_1:Temperature', 27.34);
    await reads('T:hall_1:Humidity', 44.72);
    await reads('T:hall_1:LinkQuality', 102);
    await reads('T:Zigbee:Bridge', 1);
    expect(value('T:hall_1:Contact')).toBeUndefined();
    expect(value('T:hall_1:Temperature.EGU')).toBe('°C');
    await say(at, 'zigbee2mqtt/door', '{"contact":false,"battery":12,"linkquality":60}');
    await reads('T:door:Contact', 0);
    await reads('T:door:Battery', 12, Severity.minor);
    await say(at, 'zigbee2mqtt/sink', '{"water_leak":true}');
    await reads('T:sink:WaterLeak', 1, Severity.major);
    await say(at, 'zigbee2mqtt/sink/availability', '{"state":"offline"}');
    await reads('T:sink:Availability', 0, Severity.major);
  });

  it('shows the points of an ipConv with their quality and time', async () => {
    const at = await broker();
    const { reads, value } = await ioc(at, { convert: '{ files: [ipconv.yaml] }' });
    const point = (quality: string) =>
      `{"timestamp":"2026-11-27T17:22:00.250Z","value":21.5,"quality":"${quality}"}`;
    await say(at, 'ipconv/hall/T1', point('valid'));
    await reads('T:hall:T1', 21.5);
    expect(value('T:hall:T1.TSE')).toBe(-2);
    await say(at, 'ipconv/hall/T1', point('invalid'));
    await reads('T:hall:T1', 21.5, Severity.invalid);
  });

  it('makes a PV INVALID for a bad message, and when none came in time', async () => {
    const at = await broker();
    const database = `record(ai, "T:A") { field(DTYP, "MQTT") field(INP, "@dev/a TIMEOUT=0.4") field(SCAN, "I/O Intr") }
      record(ai, "T:B") { field(DTYP, "MQTT") field(INP, "@dev/b JSON=/x") field(SCAN, "I/O Intr") }`;
    const { reads, alarm } = await ioc(at, { database });
    await say(at, 'dev/a', '1');
    await reads('T:A', 1);
    await reads('T:A', 1, Severity.invalid);
    expect(alarm('T:A')[0]).toBe(AlarmStatus.timeout);
    await say(at, 'dev/b', '{"x":2}');
    await reads('T:B', 2);
    await say(at, 'dev/b', '{"x":');
    await reads('T:B', 2, Severity.invalid);
    await say(at, 'dev/b', '{"x":3}');
    await reads('T:B', 3);
    await reads('T:IOC:BusBad', 1);
  });

  it('writes PVs to foreign topics', async () => {
    const at = await broker();
    const sub = await mosquittoSub(scope, at, ['building/#']);
    const { put } = await ioc(at, {
      database: 'record(ao, "T:Set") { field(EGU, "V") }',
      convert: `{ out: [{ pv: '{ioc}:Set', topic: building/set, payload: '{"value":{v},"unit":"{u}"}', retain: true }] }`,
    });
    await put('T:Set', 2.5);
    await eventually(() => expect(sub.on('building/set')).toEqual(['{"value":2.5,"unit":"V"}']));
    const later = await mosquittoSub(scope, at, ['building/#']);
    await eventually(() => expect(later.seen.map(({ retain }) => retain)).toEqual([true]));
  });
});

describe('while the broker is away', () => {
  it('PVs are INVALID, and puts are refused; then they are as before', async () => {
    const first = new Scope();
    const broker = await aedesBroker(first);
    const database = `record(ai, "T:A") { field(DTYP, "MQTT") field(INP, "@dev/a") field(SCAN, "I/O Intr") }
      record(ao, "T:O") { field(DTYP, "MQTT") field(OUT, "@dev/o") }`;
    const { reads, alarm, put } = await ioc(broker, { database });
    const client = await mqttClient(first, broker);
    await client.publishAsync('dev/a', '5', { retain: true });
    await reads('T:A', 5);
    await first[Symbol.asyncDispose]();
    await reads('T:A', 5, Severity.invalid);
    expect(alarm('T:A')[0]).toBe(AlarmStatus.comm);
    expect(await put('T:O', 1)).toMatchObject({ kind: 'refused', reason: 'away' });
    const again = await aedesBroker(scope, undefined, broker.port);
    const device = await mqttClient(scope, again);
    await device.publishAsync('dev/a', '6', { retain: true });
    await reads('T:A', 6);
  });
});
