import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { readDatabase } from '../../src/database/index.ts';
import { type Ioc, startIoc } from '../../src/ioc.ts';
import { LineRing, Scope } from '../../src/kernel/index.ts';
import { EtherCatState } from '../../src/model/index.ts';
import { type Broker, hasMosquitto, mosquitto } from '../support/broker.ts';
import { demoConfig } from '../support/demo-ioc.ts';
import {
  hasMosquittoClients,
  mosquittoPub,
  mosquittoSub,
  type Subscriber,
} from '../support/mosquitto-clients.ts';

const eventually = <T>(check: () => T) => vi.waitFor(check, { timeout: 30_000, interval: 20 });

const extra = `
record(ao, "T:Kept") { field(VAL, "1") field(DRVH, "100") field(PINI, "YES") info(autosaveFields, "VAL") }
record(ao, "T:Fixed") { field(VAL, "7") field(EGU, "mm") field(PINI, "YES") alias("T:Other") }
`;

describe.skipIf(!hasMosquitto || !hasMosquittoClients)('an IOC that is the main device', () => {
  let scope: Scope;
  let broker: Broker;
  let sub: Subscriber;
  let http: string;
  let folder: string;
  let ioc: Ioc;

  beforeEach(async () => {
    scope = new Scope();
    broker = (await mosquitto(scope, 'allow_anonymous true')).plain;
    folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-main-'));
    scope.defer(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'terminals'));
    mkdirSync(join(folder, 'saved'));
    writeFileSync(join(folder, 'extra.db'), extra);
    const script = join(folder, 'ioc.yaml');
    writeFileSync(script, configOf(broker));
    const early = '{"@type":"child-device"}';
    await mosquittoPub(broker, 'te/device/early//', early, ['-r', '-q', '1']);
    sub = await mosquittoSub(scope, broker, ['te/#']);
    const recent = new LineRing(1000, 1_000_000);
    const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, recent);
    const env = { EPICS_CA_AUTO_ADDR_LIST: 'NO', EPICS_CA_ADDR_LIST: '127.0.0.1:1' };
    const means = { log, env, script, recent };
    ioc = scope.use(await startIoc(loadConfig(script), means, scope.signal));
    http = await eventually(() => {
      const told = sub.on('te/device/main/service/T/twin/endpoints').at(-1);
      const url: unknown = JSON.parse(told ?? '{}').http;
      if (typeof url !== 'string') throw new Error(`the twin has ${told}`);
      return url;
    });
  });

  const configOf = ({ url }: Broker) => `${demoConfig.replace('log: { level: silent }', '')}
databases: [extra.db]
terminals: [terminals]
autosave: { folder: saved, sets: [{ request: settings.req, tag: autosaveFields, period: 5 }] }
bus:
  url: ${url.replace('//', '//ioc:sesame@')} # of the hall
  password: opensesame
  user: ioc
  thinEdge: { role: main }
  commands: { allow: [{ operation: config_update, on: [ioc] }] }
  files: { service: { port: 0 } }
`;

  let commands = 0;

  /** A command to the IOC, and how it ended. */
  async function asked(operation: string, input: Readonly<Record<string, unknown>>) {
    const topic = `te/device/main/service/T/cmd/${operation}/t-${commands++}`;
    await eventually(() => {
      expect(sub.on(`te/device/main/service/T/cmd/${operation}`)).not.toEqual([]);
    });
    const time = new Date().toISOString();
    const init = JSON.stringify({ status: 'init', time, ...input });
    await mosquittoPub(broker, topic, init, ['-r', '-q', '1']);
    return eventually(() => {
      const last = JSON.parse(sub.on(topic).at(-1) ?? '{}');
      if (last.status !== 'successful' && last.status !== 'failed') throw new Error(last.status);
      return last;
    });
  }

  /** A snapshot, as bytes. */
  async function snapshot(type: string): Promise<Buffer> {
    const { status, reason, tedgeUrl } = await asked('config_snapshot', { type });
    expect([status, reason]).toEqual(['successful', undefined]);
    return Buffer.from(await (await fetch(tedgeUrl)).arrayBuffer());
  }

  /** An update with a file that lies on the service; whether it is still there. */
  async function update(type: string, text: string) {
    const tedgeUrl = `${http}/te/v1/files/T/config_update/${commands}`;
    expect((await fetch(tedgeUrl, { method: 'PUT', body: text })).status).toBe(201);
    const ended = await asked('config_update', { type, tedgeUrl });
    expect((await fetch(tedgeUrl)).status).toBe(404);
    return ended;
  }

  /** Files of an archive by their names. */
  function unpacked(archive: Buffer): Readonly<Record<string, string>> {
    const place = mkdtempSync(join(folder, 'unpacked-'));
    writeFileSync(join(place, 'archive'), archive);
    execFileSync('tar', ['-xzf', 'archive'], { cwd: place });
    rmSync(join(place, 'archive'));
    const names = readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(
      names.map((name) => [relative(place, name), readFileSync(name, 'utf8')]),
    );
  }

  const found = () =>
    eventually(() => expect(sub.on('te/device/T_ETH1_RIO1_MOD2//')).not.toEqual([]));

  afterEach(() => scope[Symbol.asyncDispose]());

  const api = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
    const answer = await fetch(`${http}/te/v1/${path}`, { method, ...sent });
    const text = await answer.text();
    return [answer.status, text === '' ? undefined : JSON.parse(text)] as const;
  };

  it('tells over HTTP of what it registered on the bus', async () => {
    await vi.waitFor(
      async () => {
        const [, list] = await api('GET', 'entities?parent=device/T_ETH1//');
        expect(list.map((each: { '@topic-id': string }) => each['@topic-id'])).toContain(
          'device/T_ETH1_RIO1//',
        );
      },
      { timeout: 30_000, interval: 50 },
    );
    expect((await api('GET', 'entities/device/early'))[0]).toBe(200);
    expect(await api('GET', 'entities/device/main')).toMatchObject([200, { '@type': 'device' }]);
    expect(await api('DELETE', 'entities/device/T_ETH1')).toMatchObject([409, {}]);
  });

  it('registers others, and removes them with what the broker keeps of them', async () => {
    const guest = { '@topic-id': 'device/guest//', '@type': 'child-device' };
    await vi.waitFor(
      async () => {
        expect((await api('POST', 'entities', { ...guest, name: 'Guest' }))[0]).toBe(201);
      },
      { timeout: 30_000, interval: 50 },
    );
    expect((await api('POST', 'entities', guest))[0]).toBe(409);
    await eventually(() => expect(sub.on('te/device/guest///twin/name')).toEqual(['"Guest"']));
    await mosquittoPub(broker, 'te/device/guest///a/hot', '{"severity":"major"}', [
      '-r',
      '-q',
      '1',
    ]);
    await mosquittoPub(broker, 'te/device/guest///twin/place', '"hall"', ['-r', '-q', '1']);
    await vi.waitFor(
      async () => {
        const twin = { name: 'Guest', place: 'hall' };
        expect(await api('GET', 'entities/device/guest/twin')).toEqual([200, twin]);
      },
      { timeout: 30_000, interval: 20 },
    );
    const gone = [{ '@topic-id': 'device/guest//' }];
    expect(await api('DELETE', 'entities/device/guest')).toEqual([200, gone]);
    await eventually(() => {
      for (const topic of ['', '/a/hot', '/twin/name', '/twin/place']) {
        expect(sub.on(`te/device/guest//${topic}`).at(-1), topic).toBe('');
      }
    });
    const later = await mosquittoSub(scope, broker, ['te/device/guest/#']);
    await mosquittoPub(broker, 'te/device/guest/end', 'x');
    await eventually(() => expect(later.seen.map(({ payload }) => payload)).toEqual(['x']));
  });

  it('registers who does it over MQTT, too', async () => {
    const registration = '{"@type":"child-device","@parent":"device/main//","name":"Guest"}';
    await mosquittoPub(broker, 'te/device/guest//', registration, ['-r', '-q', '1']);
    await vi.waitFor(
      async () => {
        expect(await api('GET', 'entities/device/guest/twin/name')).toEqual([200, 'Guest']);
      },
      { timeout: 30_000, interval: 50 },
    );
    await eventually(() => expect(sub.on('te/device/guest///twin/name')).toEqual(['"Guest"']));
  });

  it('keeps files', async () => {
    const file = `${http}/te/v1/files/guest/log_upload/ioc-1`;
    expect((await fetch(file, { method: 'PUT', body: 'lines' })).status).toBe(201);
    expect(await (await fetch(file)).text()).toBe('lines');
    expect((await fetch(file, { method: 'DELETE' })).status).toBe(202);
    expect((await fetch(file)).status).toBe(404);
  });

  it('shows its configuration without its secrets', async () => {
    const text = String(await snapshot('ioc-config'));
    expect(text).toContain('//ioc:********@127.0.0.1');
    expect(text).toContain('# of the hall');
    const effective = JSON.parse(String(await snapshot('ioc-config-effective')));
    expect(effective.poll).toEqual({ period: 0.1 });
    expect(`${text}${JSON.stringify(effective)}`).not.toMatch(/sesame/);
  });

  it('shows its records as a database that can be loaded', async () => {
    await found();
    const files = unpacked(await snapshot('db'));
    expect(Object.keys(files)).toEqual(['T.db']);
    writeFileSync(join(folder, 'T.db'), files['T.db'] ?? '');
    const { records } = readDatabase([join(folder, 'T.db')], { env: {} });
    const fixed = records.find(({ name }) => name === 'T:Fixed');
    expect(fixed).toMatchObject({ type: 'ao', aliases: ['T:Other'] });
    expect(fixed?.fields.find(({ name }) => name === 'EGU')?.text).toBe('mm');
    expect(records.some(({ name }) => name === 'T:ETH1:RIO1:MOD2:AiStandardChannel1Value')).toBe(
      true,
    );
  });

  it('shows what it found', async () => {
    await found();
    const { plants } = JSON.parse(String(await snapshot('topology')));
    const node = plants[0].nodes.find(({ path }: { path: string }) => path === 'T:ETH1:RIO1:MOD2');
    expect(node).toMatchObject({ parent: 'T:ETH1:RIO1', kind: 'terminal' });
    const values = node.attributes.map(({ value }: { value: string }) => value);
    expect(values).toContain('T:ETH1:RIO1:MOD2:AiStandardChannel1Value');
  });

  it('says what it has not', async () => {
    expect(await asked('config_snapshot', { type: 'bob' })).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('there is no configuration "bob"; there are ioc-config, '),
    });
    expect(
      await asked('config_update', { type: 'db', tedgeUrl: `${http}/te/v1/files/x` }),
    ).toMatchObject({
      reason:
        'db cannot be changed, only ioc-config, autosave, autosave/settings.sav, terminal-types can',
    });
    const elsewhere = { type: 'topology', tedgeUrl: 'http://192.0.2.1/te/v1/files/x' };
    expect(await asked('config_snapshot', elsewhere)).toMatchObject({
      reason: expect.stringContaining('files do not go to 192.0.2.1; add it to bus.files.hosts'),
    });
  });

  it('sends its log, and what happened on EtherCAT', async () => {
    await found();
    const tedgeUrl = `${http}/te/v1/files/main/log_upload/ioc-1`;
    const input = { type: 'ioc', tedgeUrl, searchText: 'files and entities', lines: 5 };
    expect(await asked('log_upload', input)).toMatchObject({ status: 'successful' });
    expect(await (await fetch(tedgeUrl)).text()).toMatch(
      /^20\d\d-\S+Z INFO files and entities: http:\/\/127\.0\.0\.1:\d+\/te\/v1\n$/,
    );
    const later = { type: 'ioc', tedgeUrl, dateFrom: '2100-01-01T00:00:00Z' };
    expect(await asked('log_upload', later)).toMatchObject({ status: 'successful' });
    expect(await (await fetch(tedgeUrl)).text()).toBe('');
    const [{ address } = {}] = ioc.plants;
    address?.simulator?.faults.setSlaveState('Term 5 (EL3104)', EtherCatState.safeOp);
    await eventually(() =>
      expect(sub.on('te/device/T_ETH1_RIO1_MOD2///a/not_operational').at(-1)).toMatch(/SAFE/),
    );
    const { tedgeUrl: url } = await asked('log_upload', { type: 'ethercat' });
    expect(await (await fetch(url)).text()).toMatch(
      /Z device\/T_ETH1_RIO1_MOD2\/\/ alarm not_operational \{"/,
    );
  });

  it('takes a new configuration, which waits for the next start', async () => {
    const shown = String(await snapshot('ioc-config'));
    const ended = await update('ioc-config', shown.replace('period: 0.1', 'period: 0.2'));
    const file = join(folder, 'ioc.yaml');
    expect(ended).toMatchObject({ status: 'successful', path: file, applied: 'at the next start' });
    expect(loadConfig(`${file}.staged`)).toMatchObject({
      poll: { period: 0.2 },
      bus: { link: { password: 'opensesame' } },
    });
    expect(loadConfig(file).poll.period).toBe(0.1);
  });

  it('takes no configuration with mistakes', async () => {
    const ended = await update('ioc-config', 'prefix: T\nplants: []\npol: 1\n');
    expect(ended).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining(`${join(folder, 'ioc.yaml')}:3:1: unknown key "pol"`),
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('ioc.yaml'))).toEqual(['ioc.yaml']);
  });

  it('takes saved values of what it saves, and of nothing else', async () => {
    const file = (value: string) => `# save/restore V5.1\tAutomatically generated\n${value}<END>\n`;
    const kept = () => ioc.directory.find('T:Kept')?.read();
    expect(await update('autosave', file('T:Kept.VAL 42\n'))).toMatchObject({ restored: 1 });
    expect(kept()).toBe(42);
    expect(await update('autosave', file('T:Kept.VAL 43\nT:Fixed.VAL 8\n'))).toMatchObject({
      status: 'failed',
      reason: 'T:Fixed.VAL is not saved here, and does not come back',
    });
    expect(await update('autosave', 'T:Kept.VAL 44\n# save/restore V5.1')).toMatchObject({
      status: 'failed',
    });
    expect(kept()).toBe(42);
    await vi.waitFor(
      async () => expect(String(await snapshot('autosave'))).toContain('T:Kept.VAL 42'),
      {
        timeout: 30_000,
        interval: 200,
      },
    );
  });

  it('takes a terminal type that fits its plant, and takes back what does not', async () => {
    await found();
    const before = unpacked(await snapshot('terminal-types'));
    const shipped = before['shipped/EL3104.yaml'] ?? '';
    const ended = await update(
      'terminal-types',
      shipped.replace(/^description: .*$/m, 'description: Ours'),
    );
    expect(ended).toMatchObject({
      ...{ status: 'successful', come: [], gone: [] },
      ...{ path: join(folder, 'terminals/EL3104.yaml'), applied: 'at the next start' },
    });
    const after = unpacked(await snapshot('terminal-types'));
    expect(after['site/EL3104.yaml']).toContain('description: Ours');
    const renamed = shipped.replace('_sts_limit_1', '_first_limit');
    expect(await update('terminal-types', renamed)).toMatchObject({
      come: expect.arrayContaining([expect.stringMatching(/^T:ETH1:.*Ch1FirstLimit$/)]),
      gone: expect.arrayContaining([expect.stringMatching(/^T:ETH1:.*Ch1StsLimit1$/)]),
    });
    const strange = shipped.replace('symbol: AI Standard', 'symbol: AI Strange');
    expect(await update('terminal-types', strange)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('it does not fit the plant: '),
    });
    expect(await update('terminal-types', 'type: EL3104\n')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('terminal type:1:1: description: is missing'),
    });
    expect(readdirSync(join(folder, 'terminals'))).toEqual(['EL3104.yaml']);
  });

  it('tells what it consists of', async () => {
    const { currentSoftwareList } = await asked('software_list', {});
    const runtime = currentSoftwareList.find(({ type }: { type: string }) => type === 'runtime');
    expect(runtime.modules[0]).toEqual({ name: 'node', version: process.versions.node });
    const libraries = currentSoftwareList.find(({ type }: { type: string }) => type === 'library');
    expect(libraries.modules.map(({ name }: { name: string }) => name)).toContain('mqtt');
  });
});
