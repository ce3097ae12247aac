import { createHash, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { MqttConfig } from '../../src/ads/index.ts';
import { loadChain, loadConfig, loadTerminalDefinitions } from '../../src/config/index.ts';
import { type Ioc, startIoc } from '../../src/ioc.ts';
import { Scope } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import { type Simulator, simulate } from '../../src/simulator/index.ts';
import { brokerCert, brokerKey, ca, iocCert, iocKey } from '../ads/certificates.ts';
import { aedesBroker, hasMosquitto, mosquitto } from '../support/broker.ts';
import { alarm, field, onlyPlant, put, reads, shippedChain } from '../support/demo-ioc.ts';
import { overheard } from '../support/overheard.ts';

const NETWORK = 'VirtualAmsNetwork1';
const SECRET = 'sesame-opens';
const PLANT_SECRET = 'plant-opens';
const ANALOGUE = 'T:ETH1:RIO1:MOD2:AiStandardChannel1Value';
const SWITCH = 'T:ETH1:RIO2:MOD3:Channel1';
const SWITCH_SYMBOL = 'Term 12 (EL2024-0010).Channel 1';
const good = [AlarmStatus.noAlarm, Severity.noAlarm] as const;
const away = [AlarmStatus.comm, Severity.invalid] as const;

const { log, text: logged } = overheard();

/** The simulated plant as a peer on a broker. */
async function plantOn(scope: Scope, mqtt: Omit<MqttConfig, 'topic'>): Promise<Simulator> {
  const options = { port: 0, log, mqtt: { ...mqtt, topic: NETWORK } };
  return scope.use(await simulate(loadChain(shippedChain), loadTerminalDefinitions(), options));
}

/** An IOC whose `plant.mqtt` has these lines; `files` lie beside its configuration. */
async function iocOn(
  scope: Scope,
  mqtt: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Ioc> {
  const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-'));
  scope.defer(() => rm(folder, { recursive: true }));
  const config = `
prefix: T
plant:
  netId: 5.108.227.22.1.1
  source: { netId: 9.9.9.9.1.1 }
  timeout: 1
  retry: { first: 0.05, longest: 0.2 }
  mqtt:
${mqtt.map((line) => `    ${line}`).join('\n')}
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
`;
  const all = { ...files, 'ioc.yaml': config };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(folder, name), content);
  const loaded = loadConfig(join(folder, 'ioc.yaml'), { BROKER_PASSWORD: SECRET });
  return scope.use(await startIoc(loaded, { log, env: {} }, scope.signal));
}

/** A line of a password file, as mosquitto_passwd writes it. */
function passwordLine(user: string, password: string): string {
  const salt = Buffer.from('saltsalt1234');
  const hash = pbkdf2Sync(password, salt, 101, 64, 'sha512');
  return `${user}:$7$101$${salt.toString('base64')}$${hash.toString('base64')}\n`;
}

/** Values come up, puts go down. */
async function works(ioc: Ioc, plant: Simulator): Promise<void> {
  await alarm(ioc, ANALOGUE, good);
  const { slot } = await field(ioc, ANALOGUE);
  const first = ioc.directory.columns.nanoseconds[slot];
  await vi.waitFor(() => expect(ioc.directory.columns.nanoseconds[slot]).not.toBe(first));
  expect(await put(ioc, SWITCH, 'On')).toEqual({ kind: 'done' });
  expect(plant.read(SWITCH_SYMBOL)).toBe(1);
  await reads(ioc, `${SWITCH}_RBV`, 1);
  // Neither of the passwords that these tests have, nor a key.
  for (const secret of [SECRET, PLANT_SECRET, 'PRIVATE KEY'])
    expect(logged()).not.toContain(secret);
}

describe('an IOC on a virtual AMS network', () => {
  it('serves a plant, and says who it is', async () => {
    await using scope = new Scope();
    const { url } = await aedesBroker(scope);
    const plant = await plantOn(scope, { url });
    const ioc = await iocOn(scope, [`url: ${url}`, `topic: ${NETWORK}`]);
    await works(ioc, plant);
    expect(onlyPlant(ioc).address.where).toBe(`5.108.227.22.1.1 on ${url}/${NETWORK}`);
  });

  it('loses a plant that goes offline at once, and serves it when it is back', async () => {
    await using scope = new Scope();
    const { url } = await aedesBroker(scope);
    const plant = await plantOn(scope, { url });
    const ioc = await iocOn(scope, [`url: ${url}`, `topic: ${NETWORK}`]);
    await alarm(ioc, ANALOGUE, good);
    await plant[Symbol.asyncDispose]();
    await alarm(ioc, ANALOGUE, away);
    await works(ioc, await plantOn(scope, { url }));
    expect(onlyPlant(ioc).counters.sessions).toBe(2);
  });

  it('survives the loss of the broker', async () => {
    await using scope = new Scope();
    const links: { close(): void }[] = [];
    const { url } = await aedesBroker(scope, (aedes) => aedes.on('client', (c) => links.push(c)));
    const plant = await plantOn(scope, { url });
    const ioc = await iocOn(scope, [`url: ${url}`, `topic: ${NETWORK}`]);
    await alarm(ioc, ANALOGUE, good);
    for (const link of links.splice(0)) link.close();
    await alarm(ioc, ANALOGUE, away);
    await works(ioc, plant);
  });

  it('waits for a plant that is not there, and says that it is not', async () => {
    await using scope = new Scope();
    const { url } = await aedesBroker(scope);
    const ioc = await iocOn(scope, [`url: ${url}`, `topic: ${NETWORK}`]);
    await vi.waitFor(() => {
      const status = String(ioc.directory.find('T:IOC:PlantStatus')?.read());
      expect(status).toMatch(/no router 5\.108\.227\.22\.1\.1 has announced itself/);
    }, 5000);
    await works(ioc, await plantOn(scope, { url }));
  });

  it('does what a route file of TwinCAT says', async () => {
    await using scope = new Scope();
    const { url, port } = await aedesBroker(scope, (aedes) => {
      aedes.authenticate = (_, user, password, done) =>
        done(null, user === 'ioc' && password?.toString() === SECRET);
    });
    const plant = await plantOn(scope, { url, user: 'ioc', password: SECRET });
    const route = `<TcConfig><RemoteConnections><Mqtt><Name>b</Name>
      <Address Port="${port}">127.0.0.1</Address><Topic>${NETWORK}</Topic>
      <User>ioc</User><Pwd>${SECRET}</Pwd></Mqtt></RemoteConnections></TcConfig>`;
    const ioc = await iocOn(scope, ['routeFile: route.xml'], { 'route.xml': route });
    await works(ioc, plant);
  });
});

describe.runIf(hasMosquitto)('an IOC on mosquitto', () => {
  it('without credentials', async () => {
    await using scope = new Scope();
    const { url } = await mosquitto(scope, 'allow_anonymous true');
    const plant = await plantOn(scope, { url });
    await works(await iocOn(scope, [`url: ${url}`, `topic: ${NETWORK}`]), plant);
  });

  it('with a password', async () => {
    await using scope = new Scope();
    const passwords = [passwordLine('ioc', SECRET), passwordLine('plant', PLANT_SECRET)].join('');
    const config = 'allow_anonymous false\npassword_file $DIR/passwords';
    const { url } = await mosquitto(scope, config, { passwords });
    const plant = await plantOn(scope, { url, user: 'plant', password: PLANT_SECRET });
    const own = ['user: ioc', 'passwordEnv: BROKER_PASSWORD'];
    await works(await iocOn(scope, [`url: ${url}`, `topic: ${NETWORK}`, ...own]), plant);
  });

  it('with certificates on both sides', async () => {
    await using scope = new Scope();
    const config =
      'allow_anonymous true\ncafile $DIR/ca.pem\ncertfile $DIR/broker.pem\nkeyfile $DIR/broker.key\nrequire_certificate true';
    const files = { 'ca.pem': ca, 'broker.pem': brokerCert, 'broker.key': brokerKey };
    const { port } = await mosquitto(scope, config, files);
    const url = `mqtts://localhost:${port}`;
    const plant = await plantOn(scope, { url, tls: { ca, cert: iocCert, key: iocKey } });
    const own = [`url: ${url}`, `topic: ${NETWORK}`];
    const tls = 'tls: { ca: ca.pem, cert: ioc.pem, key: ioc.key }';
    const pems = { 'ca.pem': ca, 'ioc.pem': iocCert, 'ioc.key': iocKey };
    await works(await iocOn(scope, [...own, tls], pems), plant);
  });

  it('with a pre-shared key, made of a password as TwinCAT does', async () => {
    await using scope = new Scope();
    const key = createHash('sha256').update(`IOC${SECRET}`).digest('hex');
    const config = 'allow_anonymous true\npsk_hint net\npsk_file $DIR/keys';
    const keys = `ioc:${key}\nplant:${'ab'.repeat(32)}\n`;
    const { port } = await mosquitto(scope, config, { keys });
    const url = `mqtts://127.0.0.1:${port}`;
    const plant = await plantOn(scope, { url, psk: { identity: 'plant', key: 'ab'.repeat(32) } });
    const psk = 'psk: { identity: ioc, passwordFile: secret }';
    const own = [`url: ${url}`, `topic: ${NETWORK}`, psk];
    await works(await iocOn(scope, own, { secret: `${SECRET}\n` }), plant);
  });
});
