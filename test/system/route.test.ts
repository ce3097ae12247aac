import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { amsNetId } from '../../src/ads/index.ts';
import { loadChain, loadConfig, loadTerminalDefinitions } from '../../src/config/index.ts';
import { type Ioc, startIoc } from '../../src/ioc.ts';
import { type Clock, type Log, Scope, silentLog, systemClock } from '../../src/kernel/index.ts';
import { routeToUs } from '../../src/route-to-us.ts';
import { type Simulator, simulate } from '../../src/simulator/index.ts';
import { onlyPlant, reads, shippedChain, temporaryFile } from '../support/demo-ioc.ts';
import { overheard } from '../support/overheard.ts';

const SECRET = 'sesame-opens';
const OURS = amsNetId('127.0.0.1.7.1');

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

/** A plant that answers nobody without a route, and gives one for the password. */
async function closedPlant(): Promise<Simulator & { readonly routerPort: number }> {
  const credentials = { user: 'Administrator', password: SECRET };
  const simulator = await simulate(loadChain(shippedChain), loadTerminalDefinitions(), {
    ...{ port: 0, routerPort: 0, routesRequired: true, credentials, log: silentLog },
  });
  scope.use(simulator);
  const { routerPort } = simulator;
  if (routerPort === undefined) throw new Error('the plant has no router');
  return Object.assign(simulator, { routerPort });
}

async function iocOf({ port }: Simulator, route: string, log: Log): Promise<Ioc> {
  const text = `
prefix: T
plant:
  host: 127.0.0.1
  port: ${port}
  netId: 5.108.227.22.1.1
  source: { netId: ${OURS} }
  timeout: 0.5
  retry: { first: 0.05, longest: 0.2 }
${route}
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
`;
  const config = loadConfig(temporaryFile(scope, 'ioc.yaml', text), { PLANT_PASSWORD: SECRET });
  return scope.use(await startIoc(config, { log, env: {} }, scope.signal));
}

describe('an IOC at a controller that has no route to it', () => {
  it('asks for one and is served, and never tells the password', async () => {
    const plant = await closedPlant();
    const { log, text } = overheard();
    const route = `  route: { name: ioc, passwordEnv: PLANT_PASSWORD, port: ${plant.routerPort} }`;
    const ioc = await iocOf(plant, route, log);
    await reads(ioc, 'T:ETH1:RIO1:MOD2:StateMachine', 8);
    expect(text()).toContain('127.0.0.1 has a route to us');
    expect(text()).not.toContain(SECRET);
  });

  it('says that user or password is wrong, not which they are, and tries only once', async () => {
    const plant = await closedPlant();
    const { log, text } = overheard();
    const wrong = 'open-sesame';
    const route = `  route: { name: ioc, password: ${wrong}, port: ${plant.routerPort} }`;
    const ioc = await iocOf(plant, route, log);
    await vi.waitFor(() => expect(text().match(/next try in/g)?.length).toBeGreaterThan(2), 10_000);
    const refusals = text().match(/no route was added: [^\n]*/g);
    expect(refusals).toHaveLength(1);
    expect(refusals?.[0]).toMatch(/user or password is wrong.*asked again in 300 s/);
    expect(text()).toMatch(/plant not reached: route: .*7\.1 on the target; Add route .*ioc/);
    expect(text()).not.toContain(wrong);
    expect(onlyPlant(ioc).counters.sessions).toBe(0);
  });
});

describe('asking for a route', () => {
  /** A clock whose intervals pass as told. */
  function jumping(): Clock & { jump(ms: number): void } {
    let ahead = 0;
    return {
      ...systemClock,
      monotonic: () => systemClock.monotonic() + ahead,
      jump: (ms) => {
        ahead += ms;
      },
    };
  }

  it('is done again after five minutes when it was refused, after one when it was not', async () => {
    const plant = await closedPlant();
    const clock = jumping();
    const route = { user: 'Administrator', password: 'wrong', netId: OURS, port: plant.routerPort };
    const ask = routeToUs({ host: '127.0.0.1', route, log: silentLog, clock });
    const { signal } = scope;
    expect(await ask(signal)).toMatch(/user or password is wrong/);
    route.password = SECRET;
    clock.jump(299_000);
    expect(await ask(signal)).toMatch(/user or password is wrong/);
    clock.jump(2000);
    expect(await ask(signal)).toBeUndefined();
    route.password = 'wrong again';
    clock.jump(59_000);
    expect(await ask(signal)).toBeUndefined();
    clock.jump(2000);
    expect(await ask(signal)).toMatch(/user or password is wrong/);
  });

  it('goes on without an answer, and ends with the signal', async () => {
    const route = { user: 'u', password: SECRET, port: 9 };
    const ask = routeToUs({ host: '127.0.0.1', route, log: silentLog, clock: systemClock });
    expect(await ask(scope.signal)).toMatch(
      /^Add route .* on 127\.0\.0\.1:9: nobody listens there/,
    );
    const stopped = AbortSignal.abort(new Error('stopped'));
    const other = routeToUs({ host: '127.0.0.1', route, log: silentLog, clock: systemClock });
    await expect(other(stopped)).rejects.toThrow('stopped');
  });
});
