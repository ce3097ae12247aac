import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IClientOptions, MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBroker } from '../../../src/bus/index.ts';
import { loadConfig } from '../../../src/config/index.ts';
import { Scope, silentLog } from '../../../src/kernel/index.ts';
import { brokerCert, brokerKey, ca } from '../../ads/certificates.ts';
import { filesTogether } from '../../config/files.ts';
import { type Broker, hasMosquitto, mosquitto, mqttClient } from '../../support/broker.ts';
import { repository } from '../../support/demo-ioc.ts';

// The files of config/brokers, as they are but for their folders and ports.

const shipped = (name: string) => readFileSync(join(repository, 'config/brokers', name), 'utf8');
const pems = { 'ca.pem': ca, 'broker.pem': brokerCert, 'broker.key': brokerKey };
const roles = ['ioc', 'gui', 'watch', 'mapper'] as const;
type Role = (typeof roles)[number];
const passwordOf = (role: Role) => `${role}-geheim`;

const telemetry = 'te/device/x///m/io';
const command = 'te/device/x///cmd/epics_put/1';
const wish = 'epics/T/ETH1/RIO1/MOD1/Channel1/set';
const state = 'epics/T/ETH1/RIO1/MOD1/Channel1/state';
const cloud = 'c8y/s/us';
const topics = [telemetry, command, wish, state, cloud];

const mayPublish: Readonly<Record<Role, readonly string[]>> = {
  ioc: [telemetry, command, wish, state],
  gui: [command, wish],
  watch: [],
  mapper: [telemetry, command, cloud],
};
const mayHear: Readonly<Record<Role, readonly string[]>> = {
  ioc: [telemetry, command, wish, state],
  gui: [telemetry, command, wish, state],
  watch: [telemetry, command, wish, state],
  mapper: [telemetry, command, cloud],
};

/** A broker with the roles, and how one gets in who may everything. */
interface RoleBroker {
  readonly broker: Broker;
  readonly everything: () => Promise<MqttClient>;
}

async function ofMosquitto(scope: Scope): Promise<RoleBroker> {
  const conf = shipped('mosquitto.conf')
    .replace('listener 8883\n', '')
    .replaceAll('/etc/mosquitto', '$DIR')
    .replaceAll('/var/lib/mosquitto', '$DIR');
  const files = { ...pems, 'twincat-ioc.acl': shipped('twincat-ioc.acl') };
  const broker = await mosquitto(scope, conf, { ...files, 'twincat-ioc.passwords': passwords() });
  return { broker, everything: () => mqttClient(scope, broker.plain) };
}

/** As the comment in mosquitto.conf tells to make them. */
function passwords(): string {
  const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-passwords-'));
  try {
    const file = join(folder, 'passwords');
    for (const [at, role] of roles.entries()) {
      const flags = at === 0 ? ['-c', '-b'] : ['-b'];
      execFileSync('mosquitto_passwd', [...flags, file, role, passwordOf(role)]);
    }
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function ofEmbedded(scope: Scope): Promise<RoleBroker> {
  const text = shipped('embedded.yaml').replace('port: 8883', 'port: 0');
  const secrets = Object.fromEntries(
    roles.map((role) => [`${role}.password`, `${passwordOf(role)}\n`]),
  );
  const head = 'prefix: T\nplant: { host: cx, netId: 5.1.2.3.1.1 }\n';
  const file = filesTogether(scope, { 'ioc.yaml': head + text, ...pems, ...secrets });
  const options = loadConfig(file, {}).bus?.broker;
  if (!options) throw new Error('embedded.yaml has a broker');
  const broker = scope.use(await openBroker(options, { log: silentLog }, scope.signal));
  const port = Number(new URL(broker.urls[0] ?? '').port);
  const { url, user: username, password } = broker.own;
  return {
    broker: { port, url: `mqtts://127.0.0.1:${port}` },
    everything: () => mqttClient(scope, { url, port: 0 }, { username, password }),
  };
}

const kinds = [
  ['mosquitto', ofMosquitto, roles],
  ['the embedded broker', ofEmbedded, ['gui', 'watch', 'mapper']],
] as const;

describe.skipIf(!hasMosquitto).each(kinds)('the roles of %s', (_name, open, known) => {
  let scope: Scope;
  let roleBroker: RoleBroker;

  beforeEach(async () => {
    scope = new Scope();
    roleBroker = await open(scope);
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const as = (username: string, password: string) => {
    const url = `mqtts://127.0.0.1:${roleBroker.broker.port}`;
    const options: IClientOptions = { username, password, ca, servername: 'localhost' };
    return mqttClient(scope, { url, port: 0 }, options);
  };

  /** All that a client hears until `end`. */
  async function heard(client: MqttClient, filters: readonly string[], end: string) {
    const seen: string[] = [];
    client.on('message', (topic) => seen.push(topic));
    for (const filter of filters) await client.subscribeAsync(filter, { qos: 1 });
    return async () => {
      await vi.waitFor(() => expect(seen).toContain(end), { timeout: 5000, interval: 5 });
      return seen.filter((topic) => topic !== end);
    };
  }

  for (const role of known) {
    it(`let ${role} publish what is its business, and nothing else`, async () => {
      const end = `users/${role}/end`;
      const all = await heard(
        await roleBroker.everything(),
        ['te/#', 'epics/#', 'c8y/#', end],
        end,
      );
      const client = await as(role, passwordOf(role));
      for (const topic of [...topics, end]) await client.publishAsync(topic, 'x', { qos: 1 });
      expect(await all()).toEqual(mayPublish[role]);
    });

    it(`let ${role} hear what is its business, and nothing else`, async () => {
      const end = `users/${role}/end`;
      const seen = await heard(await as(role, passwordOf(role)), ['#'], end);
      const other = await roleBroker.everything();
      for (const topic of [...topics, end]) await other.publishAsync(topic, 'x', { qos: 1 });
      expect(await seen()).toEqual(mayHear[role]);
    });
  }

  it('are nobody’s without a password, or without TLS', async () => {
    await expect(as('gui', 'guess')).rejects.toThrow();
    await expect(as('nobody', '')).rejects.toThrow();
    const socket = connect(roleBroker.broker.port, '127.0.0.1');
    const answer: Buffer[] = [];
    socket.on('data', (chunk) => answer.push(chunk));
    // CONNECT of "f".
    socket.write(Buffer.from('100d00044d515454040200000001 66'.replace(' ', ''), 'hex'));
    // A broker may also just break it off.
    socket.on('error', () => {});
    await new Promise((resolve) => socket.on('close', resolve));
    // Whatever it says is no CONNACK.
    expect(Buffer.concat(answer)[0]).not.toBe(0x20);
  });
});
