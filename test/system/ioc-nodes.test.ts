import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlantNode, PlantNodes } from '../../src/bus/index.ts';
import { loadConfig, loadTerminalDefinitions } from '../../src/config/index.ts';
import { plantNodes } from '../../src/ioc-nodes.ts';
import { Scope, silentLog, systemClock, turnClock } from '../../src/kernel/index.ts';
import { ProcessImage } from '../../src/model/index.ts';
import { PlantLinks } from '../../src/pipeline/index.ts';
import { servePlants } from '../../src/plants.ts';
import { AccessSecurity, Directory } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';
import type { Simulator } from '../../src/simulator/index.ts';
import { demoConfig, temporaryFile } from '../support/demo-ioc.ts';

const TERM_5 = 'Term 5 (EL3104)';
const MOD2 = 'T:ETH1:RIO1:MOD2';

/** The simulated plant with its records and nodes, and nothing that serves them. */
async function rosteredPlant(scope: Scope, keepsRoster: boolean) {
  const config = loadConfig(temporaryFile(scope, 'ioc.yaml', demoConfig));
  const image = new ProcessImage();
  const records = new RecordTable(image, turnClock(systemClock));
  const directory = new Directory(records, new AccessSecurity({ trustsClaimedHosts: false }));
  const quiet = { log: silentLog, onNewPvs: () => {}, dress: () => {} };
  const plants = await servePlants(
    config,
    loadTerminalDefinitions(config.terminals),
    { image, records, directory },
    { ...quiet, keepsRoster, linksOf: () => new PlantLinks() },
    scope,
  );
  const simulator = plants[0]?.address.simulator;
  if (!simulator) throw new Error('the plant is simulated');
  return { directory, simulator, nodes: plantNodes(plants) };
}

describe('the nodes of a plant', () => {
  let scope: Scope;
  let simulator: Simulator;
  let directory: Directory;
  let nodes: PlantNodes;
  let changes = 0;

  const all = () => nodes.plants[0]?.nodes ?? [];
  const at = (path: string) => all().find((node) => node.path === path);
  const until = (condition: () => boolean) =>
    vi.waitFor(() => expect(condition()).toBe(true), { timeout: 12_000, interval: 5 });

  beforeEach(async () => {
    scope = new Scope();
    ({ simulator, directory, nodes } = await rosteredPlant(scope, true));
    changes = 0;
    const heard = nodes.changed$.subscribe(() => changes++);
    scope.defer(() => heard.unsubscribe());
    await until(() => all().length > 0);
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('are the server, its master and all slaves, each after the one above it', () => {
    expect(all().map(({ path }) => path)).toHaveLength(24);
    expect(all()[0]).toMatchObject({ path: 'T', parent: undefined, kind: 'server', id: 0 });
    expect(all()[1]).toMatchObject({ path: 'T:ETH1', parent: 'T', kind: 'device', id: 1 });
    const seen = new Set<string | undefined>([undefined]);
    for (const { path, parent } of all()) {
      expect(seen).toContain(parent);
      seen.add(path);
    }
  });

  it('tell what a slave is, where it sits, and what it says it is', () => {
    expect(at(MOD2)).toMatchObject({
      ...{ parent: 'T:ETH1:RIO1', kind: 'terminal', type: 'EL3104', name: TERM_5 },
      ...{ id: 1004, node: 1, position: 2 },
      description: '4-channel Analog Input +/-10V 16-bit',
      identity: { vendor: 2, product: 0x0c20_3052 },
    });
    expect(at(MOD2)?.netId).toBeUndefined();
    expect(at('T')?.netId).toMatch(/^\d+(\.\d+){5}$/);
    expect(at('T:ETH1')?.netId).toMatch(/^\d+(\.\d+){5}$/);
    expect(at('T:ETH1')?.netId).not.toBe(at('T')?.netId);
  });

  it('name the PVs of each attribute as the directory has them', () => {
    const named = (node: PlantNode | undefined, attribute: string) => {
      const found = node?.attributes.find((each) => each.attribute.name === attribute);
      return found && [found.value, found.setpoint];
    };
    const value = `${MOD2}:AiStandardChannel1Value`;
    expect(named(at(MOD2), 'ai_standard_channel_1_value')).toEqual([value, undefined]);
    const output = 'T:ETH1:RIO2:MOD3';
    expect(named(at(output), 'channel_1')).toEqual([
      `${output}:Channel1_RBV`,
      `${output}:Channel1`,
    ]);
    for (const { attributes } of all()) {
      for (const { attribute, value, setpoint } of attributes) {
        expect(value === undefined).toBe(attribute.access === 'w');
        expect(setpoint === undefined).toBe(attribute.access === 'r');
        for (const name of [value, setpoint]) {
          if (name !== undefined) expect(directory.has(name), name).toBe(true);
        }
      }
    }
  });

  it('stay when a slave is gone, as its PVs do, and say that something changed', async () => {
    const before = changes;
    simulator.faults.removeSlave(TERM_5);
    await until(() => changes > before && all().at(-1)?.path === MOD2);
    expect(all()).toHaveLength(24);
    expect(at(MOD2)?.attributes.length).toBeGreaterThan(10);
  });

  it('are those of a newcomer beside those of who was there', async () => {
    simulator.faults.replaceSlave(TERM_5, 'EL3602');
    await until(() => at(`${MOD2}a`) !== undefined);
    expect(at(`${MOD2}a`)).toMatchObject({ type: 'EL3602', parent: 'T:ETH1:RIO1' });
    expect(at(MOD2)).toMatchObject({ type: 'EL3104', name: TERM_5 });
  });

  it('tell that the link is down and up again, and nothing more of it', async () => {
    const link = () => nodes.plants[0]?.link;
    await until(() => link()?.isUp === true);
    let before = changes;
    simulator.faults.unplug(TERM_5);
    await until(() => link()?.text.includes(TERM_5) === true);
    expect(changes).toBe(before);
    simulator.faults.stopListening();
    simulator.faults.disconnectAll();
    await until(() => link()?.isUp === false && changes > before);
    before = changes;
    await simulator.faults.restart();
    await until(() => link()?.isUp === true && changes > before);
  });

  it('are none where nobody asked for them', async () => {
    const other = await rosteredPlant(scope, false);
    await until(() => other.directory.has(`${MOD2}:Name`));
    expect(other.nodes.plants[0]?.nodes).toEqual([]);
  });
});
