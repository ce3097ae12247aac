import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { type Ioc, startIoc } from '../../src/ioc.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { start } from '../support/command-line.ts';
import { temporaryFile } from '../support/demo-ioc.ts';
import { figure, millisecondsUntil } from '../support/figures.ts';

/** How long the flood lasts, and how much of it must be seen. */
const FLOOD_MS = 3000;
const FLOOD_TIMES = 20;

describe('a plant that floods', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('row 9: keeps the event loop free and the memory flat, and the newest value wins', async () => {
    const plant = await floodingPlant(scope);
    const ioc = await iocOn(scope, plant);
    await millisecondsUntil(() => ioc.samples() > 0);
    await plant.tell({ command: 'flood', times: FLOOD_TIMES });
    const before = { samples: ioc.samples(), rss: process.memoryUsage().rss };
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    await pause(FLOOD_MS);
    delay.disable();
    const rate = Math.round((ioc.samples() - before.samples) / (FLOOD_MS / 1000));
    const growth = Math.round((process.memoryUsage().rss - before.rss) / 1e6);
    const p99 = Math.round(delay.percentile(99) / 1e6);
    figure(
      9,
      'flood: block samples taken per second (each some hundred values)',
      rate,
      '100,000 values',
    );
    figure(9, 'flood: event loop delay, 99th percentile', `${p99} ms`, '< 100 ms');
    figure(9, 'flood: growth of RSS in 3 s', `${growth} MB`, 'flat');
    expect(rate).toBeGreaterThan(1000);
    expect(p99).toBeLessThan(500);
    expect(growth).toBeLessThan(200);
    await plant.tell({ command: 'flood', times: 1 });
  });
});

/** A simulated plant in a process of its own, so that the loop measured is the IOC's alone. */
async function floodingPlant(scope: Scope) {
  const args = ['simulate', '--slaves', '300', '--port', '0', '--control', '0'];
  const running = start(scope, args);
  await vi.waitFor(() => expect(running.stdout).toContain('Ctrl-C'), { timeout: 10_000 });
  const found = (pattern: RegExp) => running.stdout.match(pattern)?.[1] ?? '';
  const control = Number(found(/JSON lines on 127\.0\.0\.1:(\d+)/));
  const tell = (order: object): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(control, '127.0.0.1', () =>
        socket.write(`${JSON.stringify(order)}\n`),
      );
      socket.once('error', reject);
      socket.once('data', (answer) => {
        socket.destroy();
        if (String(answer).includes('"ok":true')) resolve();
        else reject(new Error(String(answer)));
      });
    });
  return { tell, port: found(/127\.0\.0\.1:(\d+) \(AMS/), netId: found(/NetId ([\d.]+),/) };
}

async function iocOn(
  scope: Scope,
  { port, netId }: { readonly port: string; readonly netId: string },
): Promise<Ioc & { samples(): number }> {
  const text = `
prefix: T
plant: { host: 127.0.0.1, port: ${port}, netId: ${netId} }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
log: { level: silent }
`;
  const config = loadConfig(temporaryFile(scope, 'ioc.yaml', text));
  const ioc = scope.use(await startIoc(config, { log: silentLog, env: {} }, scope.signal));
  return { ...ioc, samples: () => Number(ioc.directory.find('T:IOC:Samples')?.read() ?? 0) };
}
