import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { amsNetId, amsPort, type MqttConfig } from '../src/ads/index.ts';
import { loadChain, loadTerminalDefinitions } from '../src/config/index.ts';
import { Scope, silentLog } from '../src/kernel/index.ts';
import { type ProbeOptions, probe } from '../src/probe.ts';
import { type Simulator, simulate } from '../src/simulator/index.ts';
import { aedesBroker } from './support/broker.ts';
import { shippedChain } from './support/demo-ioc.ts';

const OURS = amsNetId('127.0.0.1.9.1');
const PLANT = '5.108.227.22.1.1';
const SECRET = 'sesame-opens';
const NETWORK = 'VirtualAmsNetwork1';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

async function plant(mqtt?: MqttConfig, systemNetId = PLANT): Promise<Simulator> {
  const chain = { ...loadChain(shippedChain), systemNetId: amsNetId(systemNetId) };
  const credentials = { user: 'Administrator', password: SECRET };
  const options = { port: 0, routerPort: 0, credentials, log: silentLog, ...(mqtt && { mqtt }) };
  return scope.use(await simulate(chain, loadTerminalDefinitions(), options));
}

/** Whether all was reached, and what was printed. */
async function report(options: Partial<ProbeOptions> & Pick<ProbeOptions, 'target'>) {
  const lines: string[] = [];
  const reached = await probe(
    {
      ...{ netId: undefined, source: { netId: OURS, port: amsPort(8000) } },
      ...{ timeoutMs: 500, log: silentLog, ...options },
    },
    (line) => lines.push(line),
  );
  const text = lines.join('\n');
  expect(text).not.toContain(SECRET);
  return { reached, text };
}

function at({ port, routerPort = 0 }: Simulator, password?: string) {
  const route =
    password === undefined ? undefined : { netId: OURS, user: 'Administrator', password };
  return { kind: 'host', host: '127.0.0.1', port, routerPort, route } as const;
}

describe('probe of a host', () => {
  it('tells who it is, that it answers, and every slave', async () => {
    const { reached, text } = await report({ target: at(await plant()) });
    expect(reached).toBe(true);
    expect(text).toMatch(/NetId {5}5\.108\.227\.22\.1\.1\n[\s\S]*The route to us exists/);
    expect(text).toMatch(/master OP, 22 slaves\n/);
    expect(text).toMatch(/ 1001 .*OP, link/);
  });

  it('says which route is missing, and how to get it', async () => {
    const simulator = await plant();
    simulator.faults.requireRoutes(true);
    const { reached, text } = await report({ target: at(simulator) });
    expect(reached).toBe(false);
    expect(text).toMatch(/no route to 127\.0\.0\.1\.9\.1: add one[\s\S]*--add-route/);
  });

  it('adds the route and goes on', async () => {
    const simulator = await plant();
    simulator.faults.requireRoutes(true);
    const { reached, text } = await report({ target: at(simulator, SECRET) });
    expect([reached, text]).toEqual([true, expect.stringContaining('Route to us: added')]);
  });

  it('tells a wrong password from no answer', async () => {
    const simulator = await plant();
    const wrong = await report({ target: at(simulator, 'wrong') });
    expect(wrong.reached).toBe(false);
    expect(wrong.text).toMatch(/not added: .*user or password is wrong/);
    const silent = await report({ target: { ...at(simulator, SECRET), routerPort: 9 } });
    expect(silent.text).toMatch(/give --net-id/);
  });

  it('does not speak of routes where nobody listens', async () => {
    const netId = amsNetId(PLANT);
    const { reached, text } = await report({ netId, target: { ...at(await plant()), port: 9 } });
    expect([reached, text]).toEqual([false, expect.stringContaining('refused: is TwinCAT')]);
    expect(text).not.toContain('no route');
  });
});

describe('probe of a virtual AMS network', () => {
  it('tells who is there, and looks at the only one that can be asked', async () => {
    const { url } = await aedesBroker(scope);
    const network = { url, topic: NETWORK };
    await plant(network);
    const { reached, text } = await report({ target: { kind: 'mqtt', network } });
    expect(text).toMatch(
      /joined as 127\.0\.0\.1\.9\.1\n {2}5\.108\.227\.22\.1\.1 +online +TwinCAT sim/,
    );
    expect(text).toMatch(/master OP, 22 slaves\n/);
    expect(reached).toBe(true);
  });

  it('asks which one it is when there are several, and takes the answer', async () => {
    const { url } = await aedesBroker(scope);
    const network = { url, topic: NETWORK };
    const target = { kind: 'mqtt', network } as const;
    await plant(network);
    const gone = await plant(network, '7.7.7.7.1.1');
    await plant({ ...network, noRetain: true }, '6.6.6.6.1.1');
    await gone[Symbol.asyncDispose]();
    const { reached, text } = await report({ target });
    expect(reached).toBe(false);
    expect(text).toMatch(
      /5\.108.*online[\s\S]*6\.6.*online[\s\S]*7\.7.*offline[\s\S]*Give --net-id/,
    );
    const netId = amsNetId('6.6.6.6.1.1');
    expect(await report({ target, netId })).toMatchObject({ reached: true });
  });

  it('leaves no trace on the broker', async () => {
    const { url, aedes } = await aedesBroker(scope);
    const retained: string[] = [];
    aedes.on('publish', ({ topic, retain }) => {
      if (retain) retained.push(topic);
    });
    const { text } = await report({ target: { kind: 'mqtt', network: { url, topic: NETWORK } } });
    expect(text).toContain('Nobody there can be asked');
    expect(retained).toEqual([]);
  });

  it('says when there is no broker, without the password of its address', async () => {
    const network = { url: `mqtt://ioc:${SECRET}@127.0.0.1:1`, topic: NETWORK };
    const { reached, text } = await report({ target: { kind: 'mqtt', network } });
    expect([reached, text]).toEqual([false, expect.stringContaining('Virtual AMS network')]);
  });
});
