import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { startIoc } from '../../src/ioc.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { type Broker, hasMosquitto, mosquitto, mqttClient } from '../support/broker.ts';
import { demoConfig, demoIoc, temporaryFile } from '../support/demo-ioc.ts';
import { hasMosquittoClients, mosquittoPub, mosquittoSub } from '../support/mosquitto-clients.ts';

const deadline = { timeout: 10_000, interval: 10 };
const eventually = <T>(check: () => T) => vi.waitFor(check, deadline);

const database = `
record(ao, "T:Voltage") { field(VAL, "1.5") field(EGU, "V") field(DRVL, "0") field(DRVH, "12") field(PINI, "YES") }
record(bo, "T:Valve") { field(ZNAM, "Shut") field(ONAM, "Open") field(VAL, "0") field(PINI, "YES") }
record(stringout, "T:Name") { field(VAL, "µ-probe") field(PINI, "YES") }
record(waveform, "T:Row") { field(FTVL, "DOUBLE") field(NELM, "3") }
record(ao, "T:Secret") { field(ASG, "SECRET") }
record(ao, "T:Other") { }
`;

const rules = `
ASG(DEFAULT) { RULE(1, READ) RULE(1, WRITE, TRAPWRITE) }
ASG(SECRET) { UAG(experts) RULE(1, READ) { UAG(experts) } }
UAG(experts) { someone }
`;

const pvs = `pv: { prefix: e, include: ['T:*'], exclude: ['T:IOC:*'], period: 0, tick: 0.02,
    set: { allow: ['T:V*', 'T:Name', 'T:Row'], user: bus, timeout: 2 } }`;

describe.skipIf(!hasMosquitto || !hasMosquittoClients)('PVs on topics of their own', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  async function served({
    version = '3.1.1',
    before = async (_broker: Broker): Promise<unknown> => undefined,
  } = {}) {
    const broker = (await mosquitto(scope, 'allow_anonymous true')).plain;
    await before(broker);
    const text = `prefix: T
plants: []
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
databases: [${temporaryFile(scope, 'pvs.db', database)}]
access: { file: ${temporaryFile(scope, 'rules.acf', rules)} }
bus: { url: '${broker.url}', version: '${version}', thinEdge: { enabled: false }, ${pvs} }
`;
    const config = loadConfig(temporaryFile(scope, 'ioc.yaml', text));
    const env = { EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_ADDR_LIST: '127.0.0.1:1' };
    const sub = await mosquittoSub(scope, broker, ['e/#']);
    const ioc = scope.use(await startIoc(config, { log: silentLog, env }, scope.signal));
    const json = (topic: string) => sub.on(topic).map((payload) => JSON.parse(payload));
    const topics = ['Voltage', 'Valve', 'Name', 'Row', 'Other'].flatMap((name) => {
      return [`e/T/${name}/state`, `e/T/${name}/meta`];
    });
    await eventually(() => {
      for (const topic of topics) expect(sub.on(topic), topic).not.toEqual([]);
    });
    return { broker, ioc, sub, json };
  }

  it('are told with value, alarm, unit and metadata', async () => {
    const { json } = await served();
    expect(json('e/T/Voltage/state').at(-1)).toMatchObject({
      ...{ v: 1.5, sev: 0, stat: 'NO_ALARM', u: 'V' },
      t: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/),
    });
    expect(json('e/T/Valve/state').at(-1)).toMatchObject({ v: 0, s: 'Shut' });
    expect(json('e/T/Name/state').at(-1)).toMatchObject({ v: 'µ-probe' });
    expect(json('e/T/Voltage/meta').at(-1)).toMatchObject({ pv: 'T:Voltage', writable: true });
    expect(json('e/T/Other/meta').at(-1)).toMatchObject({ writable: false });
  });

  it('are kept by the broker for who comes later', async () => {
    const { broker } = await served();
    const later = await mosquittoSub(scope, broker, ['e/#']);
    await eventually(() => expect(later.on('e/T/Row/state')).toHaveLength(1));
    expect(later.seen.filter(({ retain }) => !retain)).toEqual([]);
    expect(later.on('e/$status')).toEqual(['online']);
    expect(later.on('e/T/Voltage/meta')).toHaveLength(1);
  });

  it('take puts, and answer them', async () => {
    const { broker, ioc, json } = await served();
    await mosquittoPub(broker, 'e/T/Voltage/set', '{"v":99,"id":"a"}');
    await eventually(() =>
      expect(json('e/T/Voltage/result')).toEqual([{ id: 'a', ok: true, v: 12 }]),
    );
    await eventually(() => expect(json('e/T/Voltage/state').at(-1)).toMatchObject({ v: 12 }));
    await mosquittoPub(broker, 'e/T/Valve/set', 'Open');
    await eventually(() =>
      expect(json('e/T/Valve/state').at(-1)).toMatchObject({ v: 1, s: 'Open' }),
    );
    await mosquittoPub(broker, 'e/T/Row/set', '[1,2.5]');
    await eventually(() => expect(json('e/T/Row/state').at(-1)).toMatchObject({ v: [1, 2.5] }));
    await mosquittoPub(broker, 'e/T/Name/set', '7');
    await eventually(() => expect(json('e/T/Name/state').at(-1)).toMatchObject({ v: '7' }));
    const told = (name: string) => ioc.directory.find(`T:IOC:${name}`)?.read();
    await eventually(() => expect([told('BusPvState'), told('BusSets')]).toEqual([3, 4]));
  });

  it('refuse what the allow-list does not name, and what no record takes', async () => {
    const { broker, ioc, json } = await served();
    await mosquittoPub(broker, 'e/T/Other/set', '1');
    await eventually(() =>
      expect(json('e/T/Other/result')).toMatchObject([
        { ok: false, error: expect.stringContaining('allow-list') },
      ]),
    );
    expect(ioc.directory.find('T:Other')?.read()).toBe(0);
    await mosquittoPub(broker, 'e/T/Valve/set', 'Ajar');
    await eventually(() =>
      expect(json('e/T/Valve/result')).toMatchObject([
        { ok: false, error: expect.stringContaining('Shut, Open') },
      ]),
    );
  });

  it('refuse a wish that the broker kept from before', async () => {
    const before = (broker: Broker) => mosquittoPub(broker, 'e/T/Voltage/set', '9', ['-r']);
    const { ioc, json } = await served({ before });
    await eventually(() =>
      expect(json('e/T/Voltage/result')).toMatchObject([
        { ok: false, error: expect.stringContaining('retained') },
      ]),
    );
    expect(ioc.directory.find('T:Voltage')?.read()).toBe(1.5);
  });

  it('hide what access security hides from the bus', async () => {
    const { sub } = await served();
    // Empty ones see to it that the broker keeps nothing from before.
    const told = sub.seen.filter(
      ({ topic, payload }) => topic.includes('Secret') && payload !== '',
    );
    expect(told).toEqual([]);
  });

  it('answer a get at the response topic of MQTT 5', async () => {
    const { broker } = await served({ version: '5' });
    const client = await mqttClient(scope, broker, { protocolVersion: 5 });
    const answers: { payload: string; correlation: string }[] = [];
    client.on('message', (_topic, payload, { properties }) => {
      const correlation = String(properties?.correlationData ?? '');
      answers.push({ payload: payload.toString(), correlation });
    });
    await client.subscribeAsync('me/answers');
    const properties = { responseTopic: 'me/answers', correlationData: Buffer.from('q1') };
    await client.publishAsync('e/T/Voltage/get', '', { properties });
    await eventually(() => expect(answers).toHaveLength(1));
    expect(JSON.parse(answers[0]?.payload ?? '')).toMatchObject({ v: 1.5, u: 'V' });
    expect(answers[0]?.correlation).toBe('q1');
    await client.publishAsync('e/T/Voltage/set', '3', { properties });
    await eventually(() => expect(answers).toHaveLength(2));
    expect(JSON.parse(answers[1]?.payload ?? '')).toEqual({ ok: true, v: 3 });
  });

  it('are told again, all of them, when the broker comes back without its memory', async () => {
    const { broker, sub } = await served();
    const before = sub.on('e/T/Name/state').length;
    const client = await mqttClient(scope, broker, { clientId: 'twincat-ioc-T-pv' });
    // Another client took the name: the broker breaks the connection of the first.
    await client.endAsync(true);
    await eventually(() => expect(sub.on('e/T/Name/state').length).toBe(before + 1));
    // The broker published the will of the first.
    expect(sub.on('e/$status')).toContain('offline');
    expect(sub.on('e/$status').at(-1)).toBe('online');
  });

  it('say good-bye', async () => {
    const { ioc, sub } = await served();
    await ioc[Symbol.asyncDispose]();
    await eventually(() => expect(sub.on('e/$status').at(-1)).toBe('offline'));
  });

  it('of a plant have an availability, and are found by Home Assistant', async () => {
    const broker = (await mosquitto(scope, 'allow_anonymous true')).plain;
    const sub = await mosquittoSub(scope, broker, ['epics/#', 'homeassistant/#']);
    const more = `bus: { url: '${broker.url}', thinEdge: { enabled: false }, pv: { homeAssistant: {} } }\n`;
    await demoIoc(scope, demoConfig + more);
    const online = () =>
      sub.seen.filter(
        ({ topic, payload }) => topic.endsWith('/availability') && payload === 'online',
      );
    await eventually(() => expect(online().length).toBeGreaterThan(20));
    const devices = () => sub.seen.filter(({ topic }) => topic.startsWith('homeassistant/device/'));
    await eventually(() => expect(devices().length).toBeGreaterThan(20));
    const configs = devices().map(({ payload }) => JSON.parse(payload));
    const terminal = configs.find(({ dev }) => /^EL3/.test(dev.mdl));
    expect(terminal.availability).toHaveLength(2);
    const [first] = Object.values<Record<string, string>>(terminal.cmps);
    await eventually(() => expect(sub.on(first?.['state_topic'] ?? '')).not.toEqual([]));
    expect(sub.on(terminal.availability[1].topic)).toContain('online');
  });
});
