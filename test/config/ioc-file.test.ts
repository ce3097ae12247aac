import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ConfigError,
  type IocConfig,
  loadConfig,
  shippedConfig,
  shippedDatabases,
  shippedTerminals,
} from '../../src/config/index.ts';
import { plantOf } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'ioc-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const minimal = 'prefix: P\nplant: { host: cx, netId: 5.1.2.3.1.1 }\n';

describe('loadConfig', () => {
  it('fills in every default', () => {
    expect(loaded(minimal)).toEqual({
      prefix: 'P',
      plants: [
        {
          name: 'plant',
          prefix: 'P',
          target: {
            kind: 'address',
            host: 'cx',
            port: 48898,
            netId: '5.1.2.3.1.1',
            symbolPort: 27905,
          },
          source: { port: 8000 },
          timeout: 5,
          retry: { first: 1, longest: 30 },
          tree: { symbols: 'defined', otherSymbols: false, coeWritable: [] },
        },
      ],
      notifications: {
        ...{ mode: 'on-change', cycle: 0.01, maxDelay: 0.05 },
        ...{ group: true, maxGap: 16, maxBytes: 1024 },
      },
      values: [],
      poll: { period: 1 },
      update: { flush: 0.1, tolerance: 10 },
      supervision: { period: 0.8, misses: 2, audit: 0.5, toggle: 5 },
      setpoints: [],
      naming: {
        device: 'ETH{id}',
        node: 'RIO{node}',
        module: 'MOD{position}',
        separator: ':',
        readback: '_RBV',
      },
      ca: {},
      iocStats: { enabled: true, reset: false },
      console: { stdin: 'auto' },
      log: { level: 'info' },
      databases: [],
      templates: [shippedDatabases],
      terminals: [shippedTerminals],
    });
  });

  it('fills in what access security and the put log leave out', () => {
    const config = loaded(`${minimal}
access: { file: site.acf }
putLog: { servers: [logs, 'other:99'], file: { path: puts.log } }
`);
    expect(config.access).toEqual({ file: join(folder, 'site.acf'), hosts: 'address' });
    expect(config.putLog).toEqual({
      ...{ mode: 'changes', format: 'text', burst: 5, prefix: '', site: {} },
      servers: [
        { host: 'logs', port: 7011 },
        { host: 'other', port: 99 },
      ],
      file: { path: join(folder, 'puts.log'), maxBytes: 10_000_000, keep: 5 },
    });
    expect(loaded(`${minimal}putLog: { mode: off }\n`).putLog).toBeUndefined();
  });

  it('refuses a put log that goes nowhere, and a server that is none', () => {
    const said = (section: string) => problemsOf(`${minimal}putLog: ${section}\n`).join();
    expect(said('{}')).toContain(':3:9: putLog: goes nowhere: give servers, file or pv');
    expect(said("{ servers: ['a b'] }")).toContain(
      ':3:21: putLog.servers[0]: "a b" is not host or host:port',
    );
  });

  it('takes paths as relative to the file', () => {
    const config = loaded('prefix: P\nsimulate: { chain: my.yaml }\nterminals: [mine]\n');
    expect(plantOf(config).target).toMatchObject({
      kind: 'simulated',
      chain: join(folder, 'my.yaml'),
    });
    expect(config.terminals).toEqual([shippedTerminals, join(folder, 'mine')]);
  });

  it('ships a demo on a simulated plant and an example of every setting at its default', () => {
    const demo = loadConfig(join(shippedConfig, 'demo.yaml'));
    expect(demo.prefix).toBe('DEMO');
    expect(plantOf(demo).target).toMatchObject({
      kind: 'simulated',
      chain: join(shippedConfig, 'chains/cx7000-22.yaml'),
    });
    const { prefix: _, plants: __, ...example } = loadConfig(join(shippedConfig, 'example.yaml'));
    const { prefix: ___, plants: ____, ...defaults } = loaded(minimal);
    expect(example).toEqual(defaults);
  });
});

describe('a mistake', () => {
  it.each([
    [
      'prefix: [P]\nplant: { host: cx, netId: 5.1.2.3.1.1 }',
      '1:9: prefix: must be a text, not ["P"]',
    ],
    ['plant: { host: cx, netId: 5.1.2.3.1.1 }', '1:1: prefix: is missing; give a text'],
    [
      `${minimal}pol: { period: 1 }`,
      '3:1: unknown key "pol"; known here: prefix, plant, simulate, plants, notifications, values, poll, update, supervision, setpoints, naming, ca, bus, access, putLog, iocStats, autosave, console, log, databases, templates, terminals',
    ],
    [`${minimal}poll:\n  period: fast`, '4:11: poll.period: must be a number, not "fast"'],
    [`${minimal}values:\n  - match: /(/`, '4:12: values[0].match: "/(/" is no regular expression'],
    [
      `${minimal}values:\n  - { match: A, policy: median }`,
      '4:25: values[0].policy: must be last or mean or min or max or every, not "median"',
    ],
    [`${minimal}poll: { period: 0 }`, '3:17: poll.period: must be at least 0.01, not 0'],
    [
      `${minimal}notifications: { mode: cyclical }`,
      '3:24: notifications.mode: must be on-change or cyclic, not "cyclical"',
    ],
    [
      'prefix: P\nplant:\n  host: cx\n  netId: 5.1.2.3',
      '4:10: plant.netId: "5.1.2.3" is not an AMS NetId: six numbers 0-255 with dots',
    ],
    [
      'prefix: P',
      '1:1: plant.host: is missing; give (or simulate a plant) the name or address of the controller',
    ],
    [
      `${minimal}simulate: { chain: a.yaml }`,
      '3:11: simulate: is given beside host of the plant; keep one',
    ],
    [`${minimal}naming: { node: 'RIO{nod}' }`, '3:17: naming.node: must be a piece of a PV name'],
    [`${minimal}log:\n  level: info\n  level: warn`, '5:3: not YAML: Map keys must be unique'],
    ['prefix: "P', '1:11: not YAML: Missing closing "quote'],
    [
      `${minimal}ca:\n  beacons: { addresses: [1] }`,
      '4:26: ca.beacons.addresses[0]: must be a text, not 1',
    ],
  ])('in %j is told with its place and its cure', (text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(`ioc.yaml:${expected}`);
  });

  it('does not hide the others', () => {
    const problems = problemsOf('prefix: 1\nplant: { port: x, tiemout: 3 }\nlog: { level: loud }');
    expect(problems.map((line) => line.split(': ')[1])).toEqual([
      'prefix',
      'plant.port',
      'plant',
      'log.level',
    ]);
  });

  it('in the path is told as well', () => {
    expect(() => loadConfig(join(folder, 'none.yaml'))).toThrow(
      /none\.yaml:1:1: cannot be read .*check the path/,
    );
  });
});

function loaded(text: string): IocConfig {
  const file = join(folder, 'ioc.yaml');
  writeFileSync(file, text);
  return loadConfig(file);
}

function problemsOf(text: string): string[] {
  try {
    loaded(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}
