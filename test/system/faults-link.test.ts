import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { startIoc } from '../../src/ioc.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { put, temporaryFile } from '../support/demo-ioc.ts';
import { figure, millisecondsUntil, seconds } from '../support/figures.ts';
import { silentHost } from '../support/silent-host.ts';
import {
  ANALOGUE,
  defaultsConfig,
  SWITCH,
  type WatchedIoc,
  watchedIoc,
} from '../support/watched-ioc.ts';

// Rows of the fault table: faults between the IOC and a plant that itself is well. Settings are the
// defaults; deadlines are generous, figures are what counts.

describe('a link that fails', () => {
  let scope: Scope;
  let ioc: WatchedIoc;

  beforeEach(async () => {
    scope = new Scope();
    ioc = await watchedIoc(scope);
    await millisecondsUntil(() => ioc.isGood(ANALOGUE) && ioc.isGood(`${SWITCH}_RBV`));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('row 1: turns INVALID at a power cycle, and has data soon after the plant is back', async () => {
    await put(ioc, SWITCH, 1);
    const back = ioc.simulator.faults.restart(4000);
    const loss = await millisecondsUntil(() => ioc.isAway(ANALOGUE) && ioc.isAway(SWITCH));
    figure(1, 'power cycle: all PVs INVALID after', seconds(loss), '≤ 3 s');
    expect(ioc.read('T:IOC:Sessions')).toBeDefined();
    await millisecondsUntil(() => ioc.state() === 'Disconnected');
    expect(ioc.text()).toMatch(/network|connection ended/);
    await back;
    const data = await millisecondsUntil(() => ioc.isGood(ANALOGUE) && ioc.isGood(SWITCH));
    figure(1, 'power cycle: data after the plant listens again', seconds(data), '≤ 5 s');
    expect(data).toBeLessThan(10_000);
    expect(String(ioc.read('T:IOC:LastLoss'))).toMatch(/^\d{4}-\d\d-\d\dT/);
    await ioc[Symbol.asyncDispose]();
    // What a request in flight was given goes with the connection.
    await vi.waitFor(() => expect(ioc.simulator.counters.notificationHandles).toBe(0));
    figure(1, 'power cycle: notification handles left behind', 0, '0');
  });

  it('row 1: survives a host that is silent, and has data soon after it is back', async () => {
    const { faults, port } = ioc.simulator;
    // Without power: what is connected hears nothing more, what connects neither.
    const began = performance.now();
    faults.halfOpen();
    faults.stopListening();
    const host = await silentHost(scope, port);
    await millisecondsUntil(() => ioc.isAway(ANALOGUE) && ioc.isAway(SWITCH));
    const loss = performance.now() - began;
    figure(1, 'silent host: all PVs INVALID after', seconds(loss), '≤ 3 s');
    await millisecondsUntil(() => /^network: .*no answer within/.test(ioc.text()), 30_000);
    expect(ioc.state()).toBe('Disconnected');
    const { attempts } = ioc.counters;
    await millisecondsUntil(() => ioc.counters.attempts > attempts + 1, 30_000);
    await host[Symbol.asyncDispose]();
    await faults.restart();
    const data = await millisecondsUntil(() => ioc.isGood(ANALOGUE) && ioc.isGood(SWITCH));
    figure(1, 'silent host: data after it listens again', seconds(data), '≤ 5 s');
    await ioc[Symbol.asyncDispose]();
    // What a request in flight was given goes with the connection.
    await vi.waitFor(() => expect(ioc.simulator.counters.notificationHandles).toBe(0));
  }, 90_000);

  it('row 1: survives a plant that hangs: it accepts, but says nothing', async () => {
    const { faults } = ioc.simulator;
    faults.stopAnswering();
    faults.stopNotifying();
    const loss = await millisecondsUntil(() => ioc.isAway(ANALOGUE));
    figure(1, 'hung plant: all PVs INVALID after', seconds(loss), '≤ 3 s');
    await millisecondsUntil(
      () => /accepts the connection but does not answer/.test(ioc.text()),
      30_000,
    );
    faults.answerAgain();
    faults.notifyAgain();
    const data = await millisecondsUntil(() => ioc.isGood(ANALOGUE));
    figure(1, 'hung plant: data after it answers again', seconds(data), '≤ 5 s');
  }, 60_000);

  it('row 4: says route, not network, and names the NetId that needs one', async () => {
    ioc.simulator.faults.forgetRoutes();
    ioc.simulator.faults.requireRoutes(true);
    ioc.simulator.faults.disconnectAll();
    const told = await millisecondsUntil(() => ioc.state() === 'No route', 30_000);
    figure(4, 'route lost: the status says so after', seconds(told), '≤ 10 s');
    expect(ioc.text()).toMatch(/^route: .* add a route for our NetId 127\.0\.0\.1\.1\.1/);
    ioc.simulator.faults.requireRoutes(false);
    await millisecondsUntil(() => ioc.isGood(ANALOGUE), 60_000);
  });

  it('row 4: says route when the router knows no such NetId', async () => {
    ioc.simulator.faults.routerError(7);
    ioc.simulator.faults.disconnectAll();
    await millisecondsUntil(() => ioc.state() === 'No route', 30_000);
    expect(ioc.text()).toMatch(/^route: .* knows no 5\.108\.227\.22\.1\.1/);
  });

  it('says network when nobody listens', async () => {
    ioc.simulator.faults.stopListening();
    ioc.simulator.faults.disconnectAll();
    await millisecondsUntil(() => /^network: .*refused/.test(ioc.text()), 30_000);
    expect(ioc.state()).toBe('Disconnected');
  });

  it('row 5: notices a cable that was cut by its own heartbeat', async () => {
    ioc.simulator.faults.halfOpen();
    const loss = await millisecondsUntil(() => ioc.isAway(ANALOGUE));
    figure(5, 'half-open TCP: all PVs INVALID after', seconds(loss), '≤ 3 s');
    expect(loss).toBeLessThan(6000);
    const data = await millisecondsUntil(() => ioc.isGood(ANALOGUE));
    figure(5, 'half-open TCP: data again after', seconds(data), '≤ 5 s');
  });
});

describe('an IOC whose plant was never reached', () => {
  it('tells of itself at once, and why the plant is away', async () => {
    await using scope = new Scope();
    const text = defaultsConfig.replace(
      /simulate:.*/,
      'plant: { host: 127.0.0.1, port: 1, netId: 5.108.227.22.1.1 }',
    );
    const config = loadConfig(temporaryFile(scope, 'ioc.yaml', text));
    const means = { log: silentLog, env: {} };
    const { directory } = scope.use(await startIoc(config, means, scope.signal));
    const state = directory.find('T:IOC:PlantState');
    const status = directory.find('T:IOC:PlantStatus');
    expect(state?.recordType).toBe('mbbi');
    expect(directory.columns.severity[status?.slot ?? -1]).toBe(0);
    await millisecondsUntil(() => /^network: .*refused/.test(String(status?.read())));
    expect(directory.columns.severity[state?.slot ?? -1]).toBe(2);
    expect(directory.find('T:IOC:CaSquashed')?.read()).toBe(0);
  });
});

describe('two IOCs on one address', () => {
  it('row 6: tell that another client evicts them, and do not storm', async () => {
    await using scope = new Scope();
    const first = await watchedIoc(scope);
    const { port } = first.simulator;
    const host = `plant: { host: 127.0.0.1, port: ${port}, netId: 5.108.227.22.1.1 }`;
    await millisecondsUntil(() => first.isGood(ANALOGUE));
    first.simulator.faults.oneConnectionPerPeer(true);
    const text = defaultsConfig.replace(/simulate:.*/, host);
    const config = loadConfig(temporaryFile(scope, 'second.yaml', text));
    const began = performance.now();
    const before = first.simulator.counters.connections;
    scope.use(await startIoc(config, { log: silentLog, env: {} }, scope.signal));
    const told = await millisecondsUntil(() => first.text().startsWith('evicted'), 60_000);
    figure(6, 'evicted: the status says so after', seconds(told), 'told');
    expect(first.text()).toContain('TwinCAT keeps one connection per address');
    const connects = first.simulator.counters.connections - before;
    // Both of them connect.
    const rate = connects / 2 / ((performance.now() - began) / 1000);
    figure(6, 'evicted: connects per second and client', rate.toFixed(2), '≤ 1');
    expect(rate).toBeLessThan(1);
  }, 90_000);
});
