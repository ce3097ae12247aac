import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bridgeText, writeBridges } from '../../../src/bridge-text.ts';
import { loadConfig } from '../../../src/config/index.ts';
import { Scope } from '../../../src/kernel/index.ts';
import { brokerCert, brokerKey, ca, iocCert, iocKey } from '../../ads/certificates.ts';
import { filesTogether } from '../../config/files.ts';
import { type Broker, hasMosquitto, mosquitto } from '../../support/broker.ts';
import { embeddedBroker } from '../../support/embedded-broker.ts';
import {
  hasMosquittoClients,
  mosquittoPub,
  mosquittoSub,
} from '../../support/mosquitto-clients.ts';

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 8000, interval: 5 });

const head =
  'prefix: BL01:X\nplant: { host: cx, netId: 5.1.2.3.1.1 }\nbus:\n  url: mqtt://localhost\n';
const pems = { 'ca.pem': ca, 'ioc.pem': iocCert, 'ioc.key': iocKey };
const rules = `rules:
        - { topics: ['#'], direction: both, local: te/, remote: site/te/ }
        - { topics: ['only/#'], direction: out, qos: 0 }`;

describe('a bridge for mosquitto', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const fileOf = (bridges: string) =>
    filesTogether(scope, { 'ioc.yaml': `${head}  bridges:\n${bridges}`, ...pems });
  const textOf = (bridges: string, withSecrets = true) =>
    bridgeText(loadConfig(fileOf(bridges), {}), undefined, { withSecrets });
  const one = (keys: string) => `    - name: far\n      by: mosquitto\n${keys}`;

  it('has one line for each of its keys, and for each topic', () => {
    const text = textOf(
      one(
        `      url: mqtt://far.example:1884\n      user: ioc\n      password: s e\n      ${rules}`,
      ),
    );
    expect(text.split('\n').slice(1)).toEqual([
      'connection far',
      'address far.example:1884',
      'bridge_protocol_version mqttv311',
      'remote_clientid twincat-ioc-BL01_X',
      'remote_username ioc',
      'remote_password s e',
      'local_clientid bridge-far',
      'cleansession false',
      'try_private true',
      'start_type automatic',
      'restart_timeout 1 30',
      'keepalive_interval 60',
      'notifications true',
      'notifications_local_only true',
      'notification_topic te/device/main/service/mosquitto-far-bridge/status/health',
      'topic # both 1 te/ site/te/',
      'topic only/# out 0 "" ""',
      '',
    ]);
  });

  it('shows no password unless it is written to a file, which nobody else may read', () => {
    const file = fileOf(
      one(`      url: mqtt://far\n      user: u\n      password: geheim\n      ${rules}`),
    );
    const config = loadConfig(file, {});
    const text = bridgeText(config, 'far', { withSecrets: false });
    expect(text).not.toContain('geheim');
    expect(text).toContain('# remote_password is left out');
    const output = `${file}.conf`;
    writeFileSync(output, 'old', { mode: 0o644 });
    writeBridges(config, undefined, output);
    expect(readFileSync(output, 'utf8')).toContain('remote_password geheim');
    expect(statSync(output).mode & 0o777).toBe(0o600);
  });

  it('to a cloud has its topics, its limit and its user', () => {
    const text = textOf(
      one('      url: mqtts://hub.example\n      preset: az\n      clientId: dev1\n'),
    );
    expect(text).toContain('address hub.example:8883\n');
    expect(text).toContain('remote_username hub.example/dev1/?api-version=2018-06-30\n');
    expect(text).toContain('bridge_capath /etc/ssl/certs\n');
    expect(text).toContain('bridge_max_packet_size 262144\n');
    expect(text).toContain('try_private false\n');
    expect(text).toContain('topic messages/events/# out 1 az/ devices/dev1/\n');
    expect(text).toContain('topic twin/res/# in 1 az/ $iothub/\n');
  });

  for (const [what, keys, message] of [
    ['WebSockets', 'url: ws://far/mqtt', /bridges no WebSockets/],
    ['two authorities', 'url: mqtts://far\n      tls: { ca: [ca.pem, ca.pem] }', /one file/],
    ['a name with a line end', 'url: mqtt://far\n      user: "a\\nlistener 1"', /control char/],
  ] as const) {
    it(`is not made of ${what}`, () => {
      expect(() => textOf(one(`      ${keys}\n      ${rules}`))).toThrow(message);
    });
  }

  it('that does not exist is said, with those that do', () => {
    const config = loadConfig(fileOf(one(`      url: mqtt://far\n      ${rules}`)), {});
    expect(() => bridgeText(config, 'near', { withSecrets: false })).toThrow('there are: far');
  });

  describe.skipIf(!hasMosquitto || !hasMosquittoClients)('that mosquitto runs', () => {
    /** A mosquitto with a bridge to this broker, connected. */
    async function bridging(remote: Broker, keys = ''): Promise<Broker> {
      const url = keys.includes('tls') ? `mqtts://localhost:${remote.port}` : remote.url;
      const text = textOf(one(`      url: ${url}\n      ${keys}${rules}`));
      const local = await mosquitto(scope, `allow_anonymous true\n${text}`);
      const health = 'te/device/main/service/mosquitto-far-bridge/status/health';
      const sub = await mosquittoSub(scope, local, [health]);
      await until(() => sub.on(health).at(-1) === '1');
      return local;
    }

    async function expectCarried(local: Broker, remote: Broker): Promise<void> {
      const [inside, outside] = [
        await mosquittoSub(scope, local, ['te/a/#', 'only/#'], ['-q', '1']),
        await mosquittoSub(scope, remote, ['site/te/a/#', 'only/#'], ['-q', '1']),
      ];
      await mosquittoPub(local, 'te/a/m', 'up', ['-q', '1', '-r']);
      await mosquittoPub(local, 'only/x', 'out', ['-q', '1']);
      await mosquittoPub(remote, 'site/te/a/cmd', 'down', ['-q', '1']);
      await until(() => inside.seen.length === 3 && outside.seen.length === 3);
      expect(outside.on('site/te/a/m')).toEqual(['up']);
      expect(outside.on('only/x')).toEqual(['out']);
      expect(inside.on('te/a/cmd')).toEqual(['down']);
      const late = await mosquittoSub(scope, remote, ['site/te/a/m']);
      await until(() => late.seen.length === 1);
      expect(late.seen[0]).toMatchObject({ payload: 'up', retain: true });
    }

    it('carries to another mosquitto', async () => {
      const remote = await mosquitto(scope, 'allow_anonymous true');
      await expectCarried(await bridging(remote), remote);
    });

    it('carries to the embedded broker', async () => {
      const remote = await embeddedBroker(scope);
      await expectCarried(await bridging(remote), remote);
    });

    it('carries over TLS with certificates on both sides', async () => {
      const files = { 'ca.pem': ca, 'b.pem': brokerCert, 'b.key': brokerKey };
      const secure = [
        'allow_anonymous true',
        'cafile $DIR/ca.pem',
        'certfile $DIR/b.pem',
        'keyfile $DIR/b.key',
        'require_certificate true',
      ].join('\n');
      const remote = await mosquitto(scope, secure, files);
      const keys = 'tls: { ca: ca.pem, cert: ioc.pem, key: ioc.key }\n      ';
      await expectCarried(await bridging(remote, keys), remote.plain);
    });

    it('sends nothing that is too long for the other side', async () => {
      const remote = await mosquitto(scope, 'allow_anonymous true');
      const local = await bridging(remote, 'maxPacket: 1000\n      ');
      const outside = await mosquittoSub(scope, remote, ['site/te/a/#'], ['-q', '1']);
      await mosquittoPub(local, 'te/a/m', 'x'.repeat(1000), ['-q', '1']);
      await mosquittoPub(local, 'te/a/m', 'short', ['-q', '1']);
      await until(() => outside.seen.length > 0);
      expect(outside.on('site/te/a/m')).toEqual(['short']);
    });
  });
});
