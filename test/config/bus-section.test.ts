import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { ca, iocCert, iocKey } from '../ads/certificates.ts';
import { filesTogether, mistakesOf } from './files.ts';

const SECRET = 'sesame-opens';
const head = 'prefix: BL01:X\nplant: { host: cx, netId: 5.1.2.3.1.1 }\n';
const pems = { 'ca.pem': ca, 'ioc.pem': iocCert, 'ioc.key': iocKey };

describe('bus', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const fileOf = (text: string, files = {}) =>
    filesTogether(scope, { 'ioc.yaml': head + text, ...files });
  const link = (text: string, files = {}, env = {}) =>
    loadConfig(fileOf(text, files), env).bus?.link;
  const mistakes = (text: string, files = {}, env = {}) => mistakesOf(fileOf(text, files), env);

  it('is off unless a broker is named', () => {
    expect(loadConfig(fileOf('')).bus).toBeUndefined();
  });

  it('needs a broker only; our name there is made of the prefix', () => {
    expect(link('bus: { url: mqtt://broker }')).toEqual({
      url: 'mqtt://broker',
      user: undefined,
      password: undefined,
      tls: undefined,
      clientId: 'twincat-ioc-BL01_X',
      version: '3.1.1',
      keepAlive: 15,
      sessionExpiry: 86_400,
      connectTimeout: 5,
      outbox: { maxMessages: 100_000, maxBytes: 33_554_432, maxAge: 86_400, folder: undefined },
    });
  });

  it('takes every key of the link', () => {
    const text = `bus:
  url: wss://broker/mqtt
  user: ioc
  passwordEnv: BUS
  tls: { ca: ca.pem, cert: ioc.pem, key: ioc.key, ignoreHostName: true, alpn: mqtt }
  clientId: me
  version: 5
  keepAlive: 30
  sessionExpiry: 0
  connectTimeout: 0.5
  outbox: { maxMessages: 1000, maxBytes: 1000000, maxAge: 60 }
`;
    expect(link(text, pems, { BUS: SECRET })).toMatchObject({
      user: 'ioc',
      password: SECRET,
      tls: { ca: [ca], cert: iocCert, key: iocKey, ignoreHostName: true, alpn: ['mqtt'] },
      clientId: 'me',
      version: '5',
      keepAlive: 30,
      sessionExpiry: 0,
      connectTimeout: 0.5,
      outbox: { maxMessages: 1000, maxBytes: 1_000_000, maxAge: 60 },
    });
  });

  it.each([
    ['bus: {}', /bus\.url: is missing/],
    ['bus: { url: http://broker }', /bus\.url: must be mqtt:\/\/host:1883/],
    ['bus: { url: mqtt://b, version: 4 }', /bus\.version: must be 3\.1\.1 or 5/],
    ['bus: { url: mqtt://b, topic: x }', /unknown key "topic"; known here: url, user/],
    ['bus: { url: mqtt://b, outbox: { maxMessages: 1 } }', /maxMessages: must be at least 100/],
    ['bus: { url: mqtt://b, password: x }', /bus\.user: is missing; a password needs one/],
    ['bus: { url: mqtt://b, passwordEnv: NONE }', /bus\.passwordEnv: the environment has no NONE/],
    ['bus: { url: mqtts://b, tls: { ca: none.pem } }', /bus\.tls\.ca: none\.pem cannot be read/],
  ])('complains of %s', (text, complaint) => {
    expect(mistakes(text).join('\n')).toMatch(complaint);
  });
});
