import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/index.ts';
import { Scope } from '../../../src/kernel/index.ts';
import { filesTogether, mistakesOf } from '../files.ts';

const head = 'prefix: BL01:X\nplant: { host: cx, netId: 5.1.2.3.1.1 }\nbus:\n  url: mqtt://b\n';
const out = "rules: [{ topics: ['te/#'], direction: out }]";

describe('bus.bridges', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const fileOf = (bridges: string) =>
    filesTogether(scope, { 'ioc.yaml': `${head}  bridges: [${bridges}]\n` });
  const bridges = (text: string, env = {}) => loadConfig(fileOf(text), env).bus?.bridges;

  it('are none unless told', () => {
    expect(bridges('')).toEqual([]);
  });

  it('need a name, a broker and rules', () => {
    expect(bridges(`{ name: far, url: mqtt://far, ${out} }`)).toEqual([
      {
        ...{ name: 'far', by: 'ioc', maxPacket: undefined },
        rules: [{ topics: ['te/#'], direction: 'out', qos: 1, local: '', remote: '' }],
        isPrivate: { local: true, remote: true },
        remote: {
          ...{ url: 'mqtt://far', user: undefined, password: undefined, tls: undefined },
          ...{ clientId: 'twincat-ioc-BL01_X', version: '3.1.1', keepAlive: 60 },
          files: { ca: [], cert: undefined, key: undefined },
        },
      },
    ]);
  });

  it('take rules of their own before those of a preset', () => {
    const [bridge] =
      bridges(`{ name: c8y, url: mqtts://t, preset: c8y, clientId: d, ${out} }`) ?? [];
    expect(bridge?.maxPacket).toBe(16_184);
    expect(bridge?.isPrivate).toEqual({ local: true, remote: false });
    expect(bridge?.rules[0]?.topics).toEqual(['te/#']);
    expect(bridge?.rules[1]).toMatchObject({ direction: 'out', local: 'c8y/', remote: '' });
  });

  it('fill the name of the device into the topics of a preset', () => {
    const [bridge] = bridges('{ name: aws, url: mqtts://t, preset: aws, clientId: dev-1 }') ?? [];
    expect(bridge?.maxPacket).toBe(131_072);
    expect(bridge?.rules.map(({ remote }) => remote)).toEqual([
      ...['thinedge/dev-1/', 'thinedge/dev-1/', '$aws/things/dev-1/', '$aws/things/dev-1/'],
    ]);
  });

  it('take a password from the environment', () => {
    const text = `{ name: far, url: mqtt://far, user: u, passwordEnv: FAR, ${out} }`;
    expect(bridges(text, { FAR: 'geheim' })?.[0]?.remote.password).toBe('geheim');
  });

  it.each([
    ['{ url: mqtt://far }', /bridges\[0\]\.name: is missing/],
    [`{ name: a b, url: mqtt://far, ${out} }`, /name: must be a word/],
    ['{ name: far, url: mqtt://far }', /bridges\[0\]: carries nothing/],
    ['{ name: far, url: http://far }', /url: must be mqtt/],
    [
      `{ name: far, url: mqtt://a, ${out} }, { name: far, url: mqtt://b, ${out} }`,
      /bridges\[1\]\.name: "far" is there twice/,
    ],
    [
      "{ name: far, url: mqtt://far, rules: [{ topics: ['te#'], direction: out }] }",
      /topics\[0\]: must be a topic filter/,
    ],
    [
      "{ name: far, url: mqtt://far, rules: [{ topics: ['#'], direction: up }] }",
      /direction: must be in or out or both/,
    ],
    [
      "{ name: far, url: mqtt://far, rules: [{ topics: ['#'], direction: in, local: '+/' }] }",
      /local: must be the beginning of topics/,
    ],
  ])('complain of %s', (text, complaint) => {
    expect(mistakesOf(fileOf(text), {}).join('\n')).toMatch(complaint);
  });
});
