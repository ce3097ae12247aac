import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { loadChain, shippedConfig } from '../../src/config/index.ts';

const json = fileURLToPath(new URL('../data/chain-cx7000-22.json', import.meta.url));
const shipped = join(shippedConfig, 'chains/cx7000-22.yaml');

describe('loadChain', () => {
  it('reads a chain in JSON as it was recorded', () => {
    const chain = loadChain(json);
    expect(chain.systemNetId).toBe('5.108.227.22.1.1');
    expect(chain.symbolPort).toBe(27905);
    expect(chain.devices[0]?.identity).toEqual({
      vendor: 2,
      product: 65539,
      revision: 1844,
      serial: 0,
    });
    expect(chain.devices[0]?.slaves).toHaveLength(22);
    expect(chain.devices[0]?.slaves[10]).toEqual({
      type: 'EL2024-0010',
      name: 'Term 12 (EL2024-0010)',
      node: 2,
      position: 3,
      address: 1011,
    });
  });

  it('ships the same plant as YAML, with signals and wires', () => {
    const { signals, loops, ...plant } = loadChain(shipped);
    const { signals: _, loops: __, ...recorded } = loadChain(json);
    expect(plant).toEqual(recorded);
    expect(loops.map(({ from }) => from)).toContain('Term 12 (EL2024-0010).Channel 1');
    expect(signals['Term 13 (EL1014).Channel 4']).toEqual({ kind: 'toggle', period: 2 });
  });
});

describe('a mistake in a chain', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chain-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const head =
    'server: { name: S, version: "3.1", build: 1 }\nsystemNetId: 1.2.3.4.1.1\ndevices: []\n';

  const plant = (...slaves: string[]) => {
    const file = join(folder, 'wired.yaml');
    const identity =
      'identity: { vendor_id: 2, product_code: 1, revision_number: 1, serial_number: 0 }';
    const device = `{ id: 1, name: D, type: 94, netId: 1.2.3.4.2.1, ${identity}, slaves: [\n  ${slaves.join(',\n  ')}] }`;
    writeFileSync(file, head.replace('devices: []', `devices: [${device}]`));
    return file;
  };
  const one = '{ type: EK1122, name: A, node: 0, position: 0, address: 1 }';
  const two = (more: string, address = 2) =>
    `{ type: EK1100, name: B${address}, node: 1, position: 0, address: ${address}, ${more} }`;

  it('is none where a slave says what it is plugged into', () => {
    const [device] = loadChain(
      plant(one, two('parent: 1, port: D'), two('parent: 1, port: C', 3)),
    ).devices;
    expect(device?.slaves.map(({ parent, port }) => [parent, port])).toEqual([
      [undefined, undefined],
      [1, 3],
      [1, 2],
    ]);
  });

  it.each([
    ['parent: 1', /must have parent \(an address\) and port \(B, C or D\) together/],
    ['port: B', /must have parent/],
    ['parent: 0, port: B', /must have parent/],
    ['parent: 7, port: B', /parent: no slave before this one has address 7/],
    ['parent: 2, port: B', /parent: no slave before this one has address 2/],
  ])('says what is wrong with %s', (more, text) => {
    expect(() => loadChain(plant(one, two(more)))).toThrow(text);
  });

  it('says that a port is taken', () => {
    const file = plant(one, two('parent: 1, port: D'), two('parent: 1, port: D', 3));
    expect(() => loadChain(file)).toThrow(/wired\.yaml:6:3: .*port: is taken by a slave before/);
  });

  it('is none where a script gives a command what it takes', () => {
    const file = join(folder, 'script.yaml');
    const entries = [
      '{ at: 1.5, command: unplug, slave: Term 5 (EL3104) }',
      '{ at: 2, repeat: 10, command: silence, on: false }',
    ];
    writeFileSync(file, `${head}script: [${entries.join(', ')}]`);
    expect(loadChain(file).script).toEqual([
      { at: 1.5, command: 'unplug', given: { slave: 'Term 5 (EL3104)' } },
      { at: 2, repeat: 10, command: 'silence', given: { on: false } },
    ]);
    expect(loadChain(shipped).script).toEqual([]);
  });

  it.each([
    [
      `${head}signals:\n  A.B: { count: { rate: 1 }, toggle: { period: 1 } }`,
      '5:8: signals.A.B: must have one of sine, toggle, count, constant',
    ],
    [
      `${head}signals:\n  A: { sine: { amplitude: 1 } }`,
      '5:14: signals.A.sine.period: is missing; give a number',
    ],
    [`${head}signals: { A: { ramp: 1 } }`, '4:17: signals.A: unknown key "ramp"; known here: sine'],
    [`${head}loops: [{ from: A }]`, '4:9: loops[0].to: is missing; give a text'],
    [`${head}script:\n  - { command: close }`, '5:5: script[0].at: is missing; give a number'],
    [
      `${head}script:\n  - { at: -1, command: close }`,
      '5:11: script[0].at: must be at least 0, not -1',
    ],
    [`${head}script:\n  - { at: 1 }`, '5:5: script[0].command: is missing; give a text'],
    [
      `${head}script:\n  - { at: 1, repeat: 0, command: close }`,
      '5:22: script[0].repeat: must be at least 0.1, not 0',
    ],
    [
      `${head}script:\n  - { at: 1, command: unplug, slave: [A] }`,
      '5:38: script[0].slave: must be a text, a number, true or false',
    ],
    [head.replace('"3.1"', '3.1'), '1:29: server.version: must be a text, not 3.1'],
    [head.replace('1.2.3.4.1.1', '1.2.3.4'), '2:14: systemNetId: "1.2.3.4" is not an AMS NetId'],
    [head.replace('[]', '[{ id: 0 }]'), '3:17: devices[0].id: must be at least 1, not 0'],
  ])('%j is told with its place', (text, expected) => {
    const file = join(folder, 'chain.yaml');
    writeFileSync(file, text);
    expect(() => loadChain(file)).toThrow(`${file}:${expected}`);
  });
});
