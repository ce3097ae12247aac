import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  amsNetId,
  amsPort,
  connectAds,
  deviceById,
  EtherCatState,
  IoServer,
  loadChain,
  loadTerminalDefinitions,
  Scope,
  setMasterState,
  setSlaveState,
  shippedConfig,
  silentLog,
  simulate,
  slaveByAddress,
  slaveState,
  systemTree,
} from '../../src/index.ts';
import { report } from './example.ts';

const chain = loadChain(join(shippedConfig, 'chains/cx7000-22.yaml'));
const definitions = loadTerminalDefinitions();
const here = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

async function open(scope: Scope) {
  const plant = scope.use(await simulate(chain, definitions, { port: 0, log: silentLog }));
  const transport = { kind: 'tcp', host: '127.0.0.1', port: plant.port } as const;
  const source = { port: amsPort(8001) };
  const client = scope.use(await connectAds({ transport, source, log: silentLog }, scope.signal));
  const io = new IoServer(client, amsNetId(chain.systemNetId));
  return { plant, io, tree: await systemTree(io, {}, scope.signal) };
}

describe('the example of docs/library.md', () => {
  it('is the one that is compiled here', () => {
    const example = here('example.ts').replace("'../../src/index.ts'", "'twincat-ioc'");
    expect(here('../../docs/library.md')).toContain(`\`\`\`ts\n${example}\`\`\``);
  });

  it('runs', async () => {
    await using scope = new Scope();
    const plant = scope.use(await simulate(chain, definitions, { port: 0, log: silentLog }));
    const lines = await report('127.0.0.1', chain.systemNetId, plant.port);
    expect(lines[0]).toMatch(/^22 slaves, 0 of \d+ frames lost$/);
    expect(lines.at(-1)).toMatch(/^revision \d+$/);
  });
});

describe('the tree of a system', () => {
  it('has the devices and their slaves in bus order, with node and position', async () => {
    await using scope = new Scope();
    const { tree } = await open(scope);
    expect(tree.server).toMatchObject({ name: 'I/O Server', build: 2103 });
    const device = deviceById(tree, 1);
    expect(device.slaves.map(({ node, position }) => `${node}.${position}`)).toEqual(
      chain.devices[0]?.slaves.map(({ node, position }) => `${node}.${position}`),
    );
    expect(slaveByAddress(device, device.slaves[3]?.address ?? 0)).toBe(device.slaves[3]);
  });

  it('says which devices there are when one is asked for that is not there', async () => {
    await using scope = new Scope();
    const { tree } = await open(scope);
    expect(() => deviceById(tree, 7)).toThrow('No EtherCAT device has id 7; there are: 1');
    expect(() => slaveByAddress(deviceById(tree, 1), 9)).toThrow('has station address 9');
  });
});

describe('a requested state', () => {
  it('of a slave is reached, and left again', async () => {
    await using scope = new Scope();
    const { io, tree } = await open(scope);
    const device = deviceById(tree, 1);
    const address = device.slaves.at(-1)?.address ?? 0;
    await setSlaveState(io, device, address, EtherCatState.preOp);
    expect((await slaveState(io, device, address)).state & 0x0f).toBe(EtherCatState.preOp);
    await setSlaveState(io, device, address, EtherCatState.op);
  });

  it('of a master is that of its slaves in the end', async () => {
    await using scope = new Scope();
    const { io, tree } = await open(scope);
    const device = deviceById(tree, 1);
    await setMasterState(io, device, EtherCatState.safeOp);
    await vi.waitFor(async () => {
      const { state } = await slaveState(io, device, device.slaves[5]?.address ?? 0);
      expect(state & 0x0f).toBe(EtherCatState.safeOp);
    });
  });

  it('that is not reached in time says where the slave is', async () => {
    await using scope = new Scope();
    const { plant, io, tree } = await open(scope);
    const device = deviceById(tree, 1);
    const slave = device.slaves[2];
    plant.faults.unplug(slave?.name ?? '');
    const wait = { timeoutMs: 100 };
    const asked = setSlaveState(io, device, slave?.address ?? 0, EtherCatState.safeOp, wait);
    await expect(asked).rejects.toMatchObject({
      code: 'twincat/state-not-reached',
      message: expect.stringMatching(/ was asked for SAFEOP and is in INIT/),
    });
  });
});
