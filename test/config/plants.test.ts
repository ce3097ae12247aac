import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { filesTogether, mistakesOf } from './files.ts';

const SECRET = 'sesame-opens';

const three = `
prefix: P
plants:
  - { name: EAST, host: cx1, netId: 5.1.2.3.1.1 }
  - name: WEST
    prefix: BL02I
    netId: 5.1.2.4.1.1
    source: { netId: 9.9.9.9.1.1 }
    mqtt: { url: 'mqtt://broker', topic: Hall7, user: ioc, passwordEnv: PW }
  - { name: DEMO, simulate: { chain: chain.yaml } }
`;

describe('plants', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const fileOf = (text: string) => filesTogether(scope, { 'ioc.yaml': text });

  it('have names of their own below the prefix, or a prefix of their own', () => {
    const { plants } = loadConfig(fileOf(three), { PW: SECRET });
    expect(plants.map(({ name, prefix, target }) => [name, prefix, target.kind])).toEqual([
      ['EAST', 'P:EAST', 'address'],
      ['WEST', 'BL02I', 'mqtt'],
      ['DEMO', 'P:DEMO', 'simulated'],
    ]);
  });

  it('have secrets and files of their own', () => {
    const [, west, demo] = loadConfig(fileOf(three), { PW: SECRET }).plants;
    expect(west?.target).toMatchObject({ network: { user: 'ioc', password: SECRET } });
    expect(demo?.target).toMatchObject({ chain: expect.stringMatching(/\/chain\.yaml$/) });
  });

  it('may be none: such an IOC has records of database files only', () => {
    expect(loadConfig(fileOf('prefix: P\nplants: []\n')).plants).toEqual([]);
  });

  it('are named where a mistake is', () => {
    expect(mistakesOf(fileOf(three))).toEqual([
      'ioc.yaml:9:73: plants[1].mqtt.passwordEnv: the environment has no PW, or an empty one; set it',
    ]);
  });

  it.each([
    [
      'plant: { host: cx }\nplants: [{ name: A, host: cx1, netId: 5.1.2.3.1.1 }]',
      '2:8: plant: is given beside plants; put it into that list',
    ],
    ['plants: [{ host: cx, netId: 5.1.2.3.1.1 }]', '2:10: plants[0].name: is missing; give a text'],
    [
      'plants: [{ name: A, netId: 5.1.2.3.1.1 }]',
      '2:10: plants[0].host: is missing; give the name or address of the controller (or mqtt, a broker)',
    ],
    [
      `plants:
  - { name: A, host: cx, netId: 5.1.2.3.1.1 }
  - { name: A, host: cx2, netId: 5.1.2.4.1.1, prefix: B }`,
      '4:13: plants[1].name: is that of A too: links could mean either',
    ],
    [
      `plants:
  - { name: A, host: cx, netId: 5.1.2.3.1.1 }
  - { name: B, host: cx2, netId: 5.1.2.4.1.1, prefix: 'P:A' }`,
      '4:55: plants[1].prefix: is that of A too: their PVs would have the same names',
    ],
    [
      `plants:
  - { name: A, host: cx, netId: 5.1.2.3.1.1 }
  - { name: B, host: CX, netId: 5.1.2.4.1.1 }`,
      '4:22: plants[1].host: is that of A too: a controller keeps one connection per client address',
    ],
    [
      `plants:
  - { name: A, netId: 5.1.2.3.1.1, source: { netId: 9.9.9.9.1.1 }, mqtt: { url: 'mqtt://b', topic: T } }
  - { name: B, netId: 5.1.2.4.1.1, source: { netId: 9.9.9.9.1.1 }, mqtt: { url: 'mqtt://b', topic: T } }`,
      '4:53: plants[1].source.netId: is that of A too: on a virtual network a NetId is for one',
    ],
  ])('%s is a mistake', (text, expected) => {
    expect(mistakesOf(fileOf(`prefix: P\n${text}\n`))).toEqual([`ioc.yaml:${expected}`]);
  });
});
