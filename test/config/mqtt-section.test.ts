import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { ca, iocCert, iocKey, otherCa } from '../ads/certificates.ts';
import { filesTogether, mistakesOf, networkOf, plantOf } from './files.ts';

const SECRET = 'sesame-opens';

const head = `prefix: P
plant:
  netId: 5.1.2.3.1.1
  source: { netId: 9.9.9.9.1.1 }
  mqtt:
    url: mqtts://broker:8884
    topic: Hall7
`;

const pems = { 'ca.pem': ca, 'other.pem': otherCa, 'ioc.pem': iocCert, 'ioc.key': iocKey };

describe('plant.mqtt', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const fileOf = (text: string, files = {}) => filesTogether(scope, { 'ioc.yaml': text, ...files });
  const load = (text: string, files = {}, env = {}) => loadConfig(fileOf(text, files), env);
  const mistakes = (text: string, files = {}, env = {}) => mistakesOf(fileOf(text, files), env);

  it('names a virtual network, the plant on it, and who we are there', () => {
    const { target, source } = plantOf(load(head));
    expect(target).toMatchObject({
      kind: 'mqtt',
      network: { url: 'mqtts://broker:8884', topic: 'Hall7' },
      netId: '5.1.2.3.1.1',
      symbolPort: 27905,
    });
    expect(source.netId).toBe('9.9.9.9.1.1');
  });

  it.each(['ws://broker/mqtt', 'ws://broker:9001', 'wss://broker:8084/mqtt'])(
    'may be %s',
    (url) => {
      expect(networkOf(load(head.replace('mqtts://broker:8884', url))).url).toBe(url);
    },
  );

  it('is no other address', () => {
    const text = head.replace('mqtts://broker:8884', 'https://broker');
    expect(mistakes(text)[0]).toMatch(/plant\.mqtt\.url: must be mqtt:\/\/host:1883 or ws:/);
  });

  it('takes every key', () => {
    const more = `    user: ioc
    password: ${SECRET}
    clientId: ioc-1
    displayName: IOC of hall 7
    qos: 1
    noRetain: true
    unidirectional: true
    notifyTopic: ams
    keepAlive: 20
    compat: { tcpPrefix: true, anyResponseTopic: true }
`;
    expect(networkOf(load(head + more))).toEqual({
      url: 'mqtts://broker:8884',
      topic: 'Hall7',
      user: 'ioc',
      password: SECRET,
      clientId: 'ioc-1',
      displayName: 'IOC of hall 7',
      qos: 1,
      noRetain: true,
      unidirectional: true,
      notifyTopic: 'ams',
      keepAliveSeconds: 20,
      compat: { tcpPrefix: true, anyResponseTopic: true },
    });
  });

  it('reads the password from a file beside it, or from the environment', () => {
    const fromFile = load(`${head}    passwordFile: pw\n`, { pw: `${SECRET}\n` });
    expect(networkOf(fromFile).password).toBe(SECRET);
    const fromEnv = load(
      `${head}    passwordEnv: BROKER_PASSWORD\n`,
      {},
      { BROKER_PASSWORD: SECRET },
    );
    expect(networkOf(fromEnv).password).toBe(SECRET);
  });

  it('reads certificates and keys', () => {
    const config = load(
      `${head}    tls: { ca: [ca.pem, other.pem], cert: ioc.pem, key: ioc.key, ignoreHostName: true }\n`,
      pems,
    );
    expect(networkOf(config).tls).toEqual({
      ca: [ca, otherCa],
      cert: iocCert,
      key: iocKey,
      ignoreHostName: true,
    });
  });

  it('takes a pre-shared key, or the password that makes one', () => {
    const key = '00112233445566778899aabbccddeeff';
    const byKey = load(`${head}    psk: { identity: ioc, key: "${key}" }\n`);
    expect(networkOf(byKey).psk).toMatchObject({ identity: 'ioc', key });
    const byPassword = load(
      `${head}    psk: { identity: ioc, passwordEnv: PSK }\n`,
      {},
      { PSK: 'x' },
    );
    expect(networkOf(byPassword).psk).toMatchObject({ identity: 'ioc', password: 'x' });
  });

  it.each([
    ['6:10', 'plant.mqtt.url: must be mqtt://host', head.replace('mqtts:', 'http:')],
    ['7:12', 'plant.mqtt.topic: must be levels of a topic', head.replace('Hall7', "'Hall/#'")],
    ['6:5', 'plant.mqtt.url: is missing; give the broker', head.replace(/ {4}url.*\n/, '')],
    [
      '4:11',
      'plant.source.netId: is missing; give an AMS NetId of our own',
      head.replace('netId: 9.9.9.9.1.1', 'port: 8001'),
    ],
    ['3:3', 'plant.netId: is missing', head.replace(/ {2}netId.*\n/, '')],
    ['7:5', 'plant.mqtt: is given beside host', head.replace('plant:', 'plant:\n  host: cx')],
    ['8:11', 'simulate: is given beside mqtt of the plant', `${head}simulate: { chain: a.yaml }\n`],
    ['8:5', 'unknown key "passwrd"', `${head}    passwrd: ${SECRET}\n`],
    ['8:15', 'plant.mqtt.password: must be a text', `${head}    password: 81726354\n`],
    ['8:19', 'plant.mqtt.passwordFile: none cannot be read', `${head}    passwordFile: none\n`],
    [
      '8:18',
      'plant.mqtt.passwordEnv: the environment has no BROKER_PASSWORD',
      `${head}    passwordEnv: BROKER_PASSWORD\n`,
    ],
    [
      '9:15',
      'plant.mqtt.password: is given beside passwordFile',
      `${head}    passwordFile: empty\n    password: ${SECRET}\n`,
    ],
    ['8:16', 'plant.mqtt.tls.ca: none cannot be read', `${head}    tls: { ca: none }\n`],
    ['8:16', 'plant.mqtt.tls.ca: junk is no certificate', `${head}    tls: { ca: junk }\n`],
    ['8:16', 'plant.mqtt.tls.ca: broken is no certificate', `${head}    tls: { ca: broken }\n`],
    [
      '8:18',
      'plant.mqtt.tls.cert: is no use without its private key',
      `${head}    tls: { cert: ioc.pem }\n`,
    ],
    [
      '8:34',
      'plant.mqtt.tls.key: ioc.key is not the key of the certificate other.pem',
      `${head}    tls: { cert: other.pem, key: ioc.key }\n`,
    ],
    ['8:10', 'plant.mqtt.psk: has no secret', `${head}    psk: { identity: ioc }\n`],
    [
      '8:10',
      'plant.mqtt.psk: has a key that is none',
      `${head}    psk: { identity: ioc, key: ${SECRET} }\n`,
    ],
    [
      '9:10',
      'plant.mqtt.psk: is given beside tls',
      `${head}    tls: { ca: ca.pem }\n    psk: { identity: i, password: ${SECRET} }\n`,
    ],
    [
      '8:10',
      'plant.mqtt.psk: must be a map of keys, not a text',
      `${head}    psk: "ioc:${SECRET}"\n`,
    ],
    ['8:15', 'not YAML: * begins an alias', `${head}    password: *${SECRET}\n`],
    [
      '8:18',
      'plant.mqtt.passwordEnv: must be the name of a variable',
      `${head}    passwordEnv: ${SECRET}\n`,
    ],
    [
      '4:20',
      'plant.source.netId: is the NetId of the plant',
      head.replace('9.9.9.9.1.1', '5.1.2.3.1.1'),
    ],
  ])('is refused at %s: %s', (place, message, text) => {
    const broken = ca.replace('MIIBkz', 'MIIBky');
    const found = mistakes(text, { ...pems, junk: SECRET, broken, empty: '' });
    expect(found.join('\n')).toContain(message);
    expect(found.join('\n')).not.toContain(SECRET);
    expect(found.join('\n')).not.toContain('81726354');
    expect([place, found[0]?.split(' ')[0]]).toEqual([place, `ioc.yaml:${place}:`]);
  });

  it('keeps a password in an address that is wrong to itself', () => {
    const text = head.replace('mqtts://broker:8884', `mqtt:/ioc:${SECRET}@broker`);
    const wrong = mistakes(text.replace('mqtt:/', 'xmqtt://'));
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).not.toContain(SECRET);
  });
});

describe('plant.route', () => {
  const text = (route: string, plant = 'host: cx') =>
    `prefix: P\nplant:\n  ${plant}\n  netId: 5.1.2.3.1.1\n  source: { netId: 9.9.9.9.1.1 }\n  route: ${route}\n`;

  it('is what the router is asked for, with our NetId', async () => {
    await using scope = new Scope();
    const file = filesTogether(scope, { 'ioc.yaml': text('{ name: ioc, passwordEnv: PW }') });
    expect(plantOf(loadConfig(file, { PW: SECRET })).target).toMatchObject({
      route: {
        name: 'ioc',
        user: 'Administrator',
        password: SECRET,
        netId: '9.9.9.9.1.1',
        port: 48899,
      },
    });
  });

  it.each([
    ['plant.route.password: is missing', text('{ name: ioc }')],
    ['plant.route.passwordEnv: the environment has no PW', text('{ passwordEnv: PW }')],
    [
      'plant.route: is for a controller by its address',
      text('{ password: x }', 'mqtt: { url: mqtt://b, topic: t }'),
    ],
  ])('is refused: %s', async (message, yaml) => {
    await using scope = new Scope();
    const found = mistakesOf(filesTogether(scope, { 'ioc.yaml': yaml }));
    expect(found.join('\n')).toContain(message);
  });
});
