import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadChain, loadTerminalDefinitions, shippedConfig } from '../../src/config/index.ts';
import type { Chain } from '../../src/model/index.ts';
import { catioNaming, namedPvs } from '../../src/pv/index.ts';
import { symbolTable } from '../../src/simulator/index.ts';
import { buildTree, plantFactsOf } from '../../src/twincat/index.ts';

const definitions = loadTerminalDefinitions();
const demo = loadChain(join(shippedConfig, 'chains/cx7000-22.yaml'));

/** A plant of one terminal of a type, behind a coupler. */
function plantOf(type: string): Chain {
  const slave = (type: string, position: number) => ({
    type,
    name: `Term ${position} (${type})`,
    node: 1,
    position,
    address: 1001 + position,
  });
  const [device] = demo.devices;
  if (!device) throw new Error('the demo has no device');
  const slaves = [slave('EK1100', 0), slave(type, 1)];
  return { ...demo, devices: [{ ...device, slaves }], signals: {}, loops: [] };
}

describe.each([...definitions.values()])('a plant with $type', (definition) => {
  const chain = plantOf(definition.type);
  const table = symbolTable(chain, definitions);
  const { tree, problems } = buildTree(plantFactsOf(chain, definitions, table), definitions);
  const named = namedPvs({ ...catioNaming, prefix: 'P' }, tree);
  const own = [...named.values()].filter(({ controller }) => controller.type === definition.type);

  it('is served without problems', () => expect(problems).toEqual([]));

  it('has every selected symbol, field and CoE entry', () => {
    const names = new Set(own.map(({ attribute }) => attribute.name));
    const wanted = definition.symbols
      .filter(({ selected }) => selected)
      .flatMap(({ name, fields, channels }) =>
        [name, ...fields.map((field) => field.name)].flatMap((each) =>
          channels.map((channel) => each.replaceAll('{channel}', String(channel))),
        ),
      );
    const coe = definition.coe.flatMap(({ entries }) => entries.map(({ name }) => name));
    expect([...wanted, ...coe].filter((name) => !names.has(name))).toEqual([]);
  });

  it('can be put wherever its definition says so', () => {
    const writable = new Set(
      own.filter(({ role }) => role === 'setpoint').map((pv) => pv.attribute.name),
    );
    const wanted = definition.symbols
      .filter(({ selected, access }) => selected && access === 'rw')
      .flatMap(({ name, channels }) =>
        channels.map((channel) => name.replaceAll('{channel}', String(channel))),
      );
    expect(wanted.filter((name) => !writable.has(name))).toEqual([]);
  });
});

describe('the demo', () => {
  it('has the symbols that its signals and wires name', () => {
    const listed = new Set(symbolTable(demo, definitions).map(({ name }) => name));
    const named = [
      ...Object.keys(demo.signals),
      ...demo.loops.flatMap(({ from, to }) => [from, to]),
    ];
    const isThere = (name: string) =>
      listed.has(name) || listed.has(name.slice(0, name.lastIndexOf('.')));
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });
});
