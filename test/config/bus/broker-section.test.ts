import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/index.ts';
import { Scope } from '../../../src/kernel/index.ts';
import { brokerCert, brokerKey, ca } from '../../ads/certificates.ts';
import { filesTogether, mistakesOf } from '../files.ts';

const head = 'prefix: BL01:X\nplant: { host: cx, netId: 5.1.2.3.1.1 }\n';
const pems = { 'ca.pem': ca, 'b.pem': brokerCert, 'b.key': brokerKey };
const everything = { publish: ['#'], subscribe: ['#'] };

describe('bus.broker', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const fileOf = (text: string) => filesTogether(scope, { 'ioc.yaml': head + text, ...pems });
  const broker = (text: string, env = {}) => loadConfig(fileOf(text), env).bus?.broker;

  it('needs nothing: it listens on the loopback, where everybody may everything', () => {
    const config = loadConfig(fileOf('bus: { broker: {} }'));
    expect(config.bus?.link.url).toBe('');
    expect(config.bus?.broker).toMatchObject({
      listeners: [{ kind: 'mqtt', host: '127.0.0.1', port: 1883, nextPorts: 0, tls: undefined }],
      users: [],
      anonymous: everything,
      limits: { clients: 100, rate: 1000, drain: 5 },
      retained: undefined,
    });
  });

  it('takes every key', () => {
    const text = `bus:
  broker:
    listeners:
      - { host: 0.0.0.0, port: 8883, tls: { cert: b.pem, key: b.key, ca: ca.pem, namesUsers: true } }
      - { kind: ws, port: 9001, path: /bus, origins: [https://panel], nextPorts: 3 }
    users:
      - { name: gui, passwordEnv: GUI, publish: [te/+/+/+/+/cmd/#], subscribe: [te/#, 'users/%u'] }
      - { name: mapper }
    anonymous: { publish: [], subscribe: [te/#] }
    limits: { clients: 5, packet: 100000 }
    retained: { file: kept.jsonl, period: 60 }
`;
    const file = fileOf(text);
    expect(loadConfig(file, { GUI: '$7$101$c2FsdA==$aGFzaA==' }).bus?.broker).toMatchObject({
      listeners: [
        {
          ...{ kind: 'mqtt', host: '0.0.0.0', port: 8883 },
          tls: { cert: brokerCert, key: brokerKey, ca: [ca], namesUsers: true },
        },
        { kind: 'ws', port: 9001, path: '/bus', origins: ['https://panel'], nextPorts: 3 },
      ],
      users: [
        {
          ...{ name: 'gui', password: '$7$101$c2FsdA==$aGFzaA==' },
          ...{ publish: ['te/+/+/+/+/cmd/#'], subscribe: ['te/#', 'users/%u'] },
        },
        { name: 'mapper', password: undefined, ...everything },
      ],
      anonymous: { publish: [], subscribe: ['te/#'] },
      limits: { clients: 5, packet: 100_000, topicLevels: 20 },
      retained: { file: join(file, '../kept.jsonl'), period: 60 },
    });
  });

  it('lets nobody in without a name once names are given', () => {
    const users = 'users: [{ name: gui, password: x }]';
    expect(broker(`bus: { broker: { ${users} } }`)?.anonymous).toBeUndefined();
    expect(broker(`bus: { broker: { ${users}, anonymous: true } }`)?.anonymous).toEqual(everything);
  });

  it.each([
    ['url: mqtt://b, broker: {}', /bus\.url: is of another broker/],
    ['user: x, broker: {}', /bus\.user: is of another broker/],
    ['version: 5, broker: {}', /bus\.version: must be 3\.1\.1/],
    ['broker: { listeners: [{ host: 0.0.0.0 }] }', /listeners\[0\]: lets everybody on the network/],
    ['broker: { listeners: [{ port: 70000 }] }', /port: must be at most 65535/],
    ['broker: { users: [{ name: gui }] }', /users\[0\]: has no password/],
    [
      'broker: { users: [{ name: a, password: x }, { name: a, password: y }] }',
      /users\[1\]\.name: "a" is there twice/,
    ],
    ['broker: { users: [{ name: a, password: x, publish: [te#] }] }', /must be a topic filter/],
    [
      'broker: { listeners: [{ tls: { cert: b.pem, key: none.key } }] }',
      /listeners\[0\]\.tls\.key: none\.key cannot be read/,
    ],
    [
      'broker: { listeners: [{ tls: { cert: b.pem, key: b.key, namesUsers: true } }] }',
      /namesUsers: needs certificates of clients/,
    ],
    ['broker: { limits: { rate: 0 } }', /rate: must be at least 1/],
    ['broker: { limit: {} }', /unknown key "limit"; known here: listeners/],
  ])('complains of %s', (text, complaint) => {
    expect(mistakesOf(fileOf(`bus: { ${text} }`), {}).join('\n')).toMatch(complaint);
  });
});
