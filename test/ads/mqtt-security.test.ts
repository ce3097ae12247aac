import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type AdsClient,
  amsNetId,
  amsPort,
  connectAds,
  type MqttConfig,
  Port,
  readBytes,
} from '../../src/ads/index.ts';
import { messageOf, Scope, silentLog } from '../../src/kernel/index.ts';
import {
  aedesBroker,
  aedesWebBroker,
  type Broker,
  hasMosquitto,
  mosquitto,
} from '../support/broker.ts';
import { passwordLine } from '../support/mosquitto-passwords.ts';
import { hex } from './bytes.ts';
import { brokerCert, brokerKey, ca, iocCert, iocKey, otherCa } from './certificates.ts';
import { MqttRouter, NETWORK, ROUTER } from './mqtt-router.ts';

const target = { netId: amsNetId(ROUTER), port: Port.ioServer };
const place = { group: 0x5000, offset: 2, length: 4 };
const SECRET = 'sesame-opens';

function connect(url: string, config: Partial<MqttConfig>, timeoutMs?: number): Promise<AdsClient> {
  return connectAds({
    transport: { kind: 'mqtt', url, topic: NETWORK, ...config },
    source: { netId: amsNetId('192.168.1.10.1.1'), port: amsPort(8000) },
    log: silentLog,
    timeoutMs,
  });
}

/** Joins with this configuration; the answer of a router proves that all is well. */
async function works(url: string, config: Partial<MqttConfig>): Promise<void> {
  await using scope = new Scope();
  const client = scope.use(await connect(url, config));
  expect(hex(await readBytes(client, target, place))).toBe('02 00 00 00');
}

/** What connecting with this configuration fails with; secrets are no part of it. */
async function failure(url: string, config: Partial<MqttConfig>): Promise<string> {
  try {
    const client = await connect(url, config);
    await client[Symbol.asyncDispose]();
  } catch (error) {
    expect(error).toMatchObject({ code: 'ads/connect' });
    const text = messageOf(error);
    expect(`${text} ${(error as Error).stack}`).not.toContain(SECRET);
    return text;
  }
  return expect.fail('connected');
}

describe('a broker with passwords', () => {
  async function broker(scope: Scope): Promise<Broker> {
    return aedesBroker(scope, (aedes) => {
      aedes.authenticate = (_, user, password, done) =>
        done(null, user === 'ioc' && password?.toString() === SECRET);
    });
  }

  it('lets us in with ours, from the configuration or the address', async () => {
    await using scope = new Scope();
    const { url, port } = await broker(scope);
    const client = scope.use(await connect(url, { user: 'ioc', password: SECRET }));
    expect(client.counters.malformed).toBe(0);
    scope.use(await connect(`mqtt://ioc:${SECRET}@127.0.0.1:${port}`, {}));
  });

  it('refuses others, and no message tells their password', async () => {
    await using scope = new Scope();
    const { url, port } = await broker(scope);
    const refused = /^Connect to mqtt:\/\/127.0.0.1:\d+\/VirtualAmsNetwork1: Connection refused/;
    expect(await failure(url, { user: 'other', password: SECRET })).toMatch(refused);
    expect(await failure(`mqtt://other:${SECRET}@127.0.0.1:${port}`, {})).toMatch(refused);
  });

  it('is not named with a password when its address is wrong', async () => {
    const wrong = connect(`mqtt:/ioc:${SECRET}@127.0.0.1`, {});
    await expect(wrong).rejects.toMatchObject({ code: expect.stringMatching(/^mqtt\//) });
    await expect(wrong).rejects.not.toThrow(SECRET);
    await expect(connect(`http://ioc:${SECRET}@127.0.0.1`, {})).rejects.not.toThrow(SECRET);
  });
});

describe('a broker behind WebSockets', () => {
  const tls = { cert: brokerCert, key: brokerKey };

  it('is reached at its path, and one that has no broker there says so', async () => {
    await using scope = new Scope();
    const found = await aedesWebBroker(scope);
    await MqttRouter.join(scope, found);
    await works(found.url, {});
    const elsewhere = await failure(`ws://127.0.0.1:${found.port}/elsewhere?token=${SECRET}`, {});
    expect(elsewhere).toMatch(
      /^Connect to ws:\/\/127.0.0.1:\d+\/elsewhere\/VirtualAmsNetwork1: .*400/,
    );
  });

  it('proves by its certificate who it is', async () => {
    await using scope = new Scope();
    const found = await aedesWebBroker(scope, tls);
    const named = `wss://localhost:${found.port}/mqtt`;
    // Its own router trusts it blindly.
    await MqttRouter.join(scope, found, { rejectUnauthorized: false });
    await works(named, { tls: { ca } });
    await works(named.replace('wss', 'ws'), { tls: { ca } });
    expect(await failure(named, { tls: { ca: otherCa } })).toMatch(/^Connect to wss:.*certificate/);
    expect(await failure(found.url, { tls: { ca } })).toMatch(/127\.0\.0\.1/);
    await works(found.url, { tls: { ca, ignoreHostName: true } });
  });

  it('wants to know by certificate who we are', async () => {
    await using scope = new Scope();
    const strict = { ...tls, ca, requestCert: true, rejectUnauthorized: true };
    const found = await aedesWebBroker(scope, strict);
    const ours = { ca, cert: iocCert, key: iocKey };
    await MqttRouter.join(scope, found, { ...ours, rejectUnauthorized: false });
    const url = `wss://localhost:${found.port}/mqtt`;
    await works(url, { tls: ours });
    expect(await failure(url, { tls: { ca } })).toMatch(/^Connect to wss:\/\/localhost/);
  });
});

describe.skipIf(!hasMosquitto)('mosquitto', () => {
  /** With a router on its plain listener. */
  async function broker(scope: Scope, config: string, files: Readonly<Record<string, string>>) {
    const found = await mosquitto(scope, config, files);
    await MqttRouter.join(scope, found.plain);
    return found;
  }

  const tlsFiles = { 'ca.pem': ca, 'broker.pem': brokerCert, 'broker.key': brokerKey };
  const tlsConfig = 'cafile $DIR/ca.pem\ncertfile $DIR/broker.pem\nkeyfile $DIR/broker.key';

  it('lets us in with user and password only', async () => {
    await using scope = new Scope();
    const files = { passwords: passwordLine('ioc', SECRET) };
    const { url } = await broker(
      scope,
      'allow_anonymous false\npassword_file $DIR/passwords',
      files,
    );
    await works(url, { user: 'ioc', password: SECRET });
    expect(await failure(url, { user: 'ioc', password: `not ${SECRET}` })).toMatch(
      /Connection refused: Not authorized/,
    );
    expect(await failure(url, {})).toMatch(/Connection refused/);
  });

  it('proves by its certificate who it is', async () => {
    await using scope = new Scope();
    const { port } = await broker(scope, `allow_anonymous true\n${tlsConfig}`, tlsFiles);
    const [named, numbered] = [`mqtts://localhost:${port}`, `mqtts://127.0.0.1:${port}`];
    await works(named, { tls: { ca } });
    expect(await failure(named, { tls: { ca: otherCa } })).toMatch(/certificate/);
    expect(await failure(named, {})).toMatch(/certificate/);
    expect(await failure(numbered, { tls: { ca } })).toMatch(/127\.0\.0\.1/);
    await works(numbered, { tls: { ca: [otherCa, ca], ignoreHostName: true } });
    expect(await failure(numbered, { tls: { ca: otherCa, ignoreHostName: true } })).toMatch(
      /certificate/,
    );
  });

  it('wants to know by certificate who we are', async () => {
    await using scope = new Scope();
    const config = `allow_anonymous true\n${tlsConfig}\nrequire_certificate true`;
    const { port } = await broker(scope, config, tlsFiles);
    const url = `mqtts://localhost:${port}`;
    await works(url, { tls: { ca, cert: iocCert, key: iocKey } });
    expect(await failure(url, { tls: { ca } })).toMatch(/^Connect to mqtts:\/\/localhost/);
  });

  it('shares a key with us', async () => {
    await using scope = new Scope();
    const key = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
    // facts/ads-over-mqtt.md section 8: SHA-256 of the identity in capitals and the password.
    const made = createHash('sha256').update(`IOC${SECRET}`).digest('hex');
    const exact = createHash('sha256').update(`Exact${SECRET}`).digest('hex');
    const config = 'allow_anonymous true\npsk_hint x\npsk_file $DIR/keys';
    const keys = `hexed:${key}\nioc:${made}\nExact:${exact}\n`;
    const { port } = await broker(scope, config, { keys });
    const url = `mqtts://127.0.0.1:${port}`;
    await works(url, { psk: { identity: 'hexed', key } });
    await works(url, { psk: { identity: 'ioc', password: SECRET } });
    await works(url, { psk: { identity: 'Exact', password: SECRET, identityCaseSensitive: true } });
    expect(await failure(url, { psk: { identity: 'Exact', password: SECRET } })).toMatch(
      /^Connect to mqtts:/,
    );
    await expect(connect(url, { psk: { identity: 'ioc', key: 'abc' } })).rejects.toMatchObject({
      code: 'ads/mqtt-psk',
    });
  });

  it('lets requests vanish that its ACL forbids; then the router is said to be there', async () => {
    await using scope = new Scope();
    const ours = `topic readwrite ${NETWORK}/192.168.1.10.1.1/#`;
    const files = { acl: `${ours}\ntopic read ${NETWORK}/+/info\n` };
    const { url } = await broker(scope, 'allow_anonymous true\nacl_file $DIR/acl', files);
    const client = scope.use(await connect(url, {}, 100));
    await expect(readBytes(client, target, place)).rejects.toThrow(
      /got no answer within 100 ms; router 5.1.2.3.1.1 \(CX-TEST\) is online on .* but never answered/,
    );
  });
});
