import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadChain, loadTerminalDefinitions } from '../../src/config/index.ts';
import { Scope, silentLog } from '../../src/kernel/index.ts';
import { type Simulator, simulate } from '../../src/simulator/index.ts';
import { aedesBroker } from '../support/broker.ts';
import { start } from '../support/command-line.ts';
import { shippedChain, temporaryFile } from '../support/demo-ioc.ts';

const SECRET = 'sesame-opens';
const NETWORK = 'VirtualAmsNetwork1';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

/** Reachable over TCP and UDP by those who have a route; over MQTT by everybody. */
async function plant(url?: string): Promise<Simulator> {
  const credentials = { user: 'plc', password: SECRET };
  const options = { port: 0, routerPort: 0, credentials, log: silentLog };
  const way = url === undefined ? { routesRequired: true } : { mqtt: { url, topic: NETWORK } };
  const chain = loadChain(shippedChain);
  return scope.use(await simulate(chain, loadTerminalDefinitions(), { ...options, ...way }));
}

function probed(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return start(scope, ['probe', '--timeout', '1', ...args], env).finished;
}

function placeOf({ port, routerPort }: Simulator): string[] {
  return ['127.0.0.1', '--port', String(port), '--router-port', String(routerPort)];
}

describe('twincat-ioc probe', () => {
  it('adds a route with the credentials of the environment, and reports', async () => {
    const env = { TWINCAT_USER: 'plc', TWINCAT_PASSWORD: SECRET };
    const { code, stdout, stderr } = await probed([...placeOf(await plant()), '--add-route'], env);
    expect(stdout).toMatch(/Route to us: added[\s\S]*master OP, 22 slaves/);
    expect(stdout + stderr).not.toContain(SECRET);
    expect(code).toBe(0);
  });

  it('ends with 1 for a wrong password, which it does not tell', async () => {
    const env = { TWINCAT_USER: 'plc', TWINCAT_PASSWORD: 'open-sesame' };
    const { code, stdout, stderr } = await probed([...placeOf(await plant()), '--add-route'], env);
    expect(stdout).toMatch(/not added: .*user or password is wrong/);
    expect(stdout + stderr).not.toContain('open-sesame');
    expect(code).toBe(1);
  });

  it('looks at a virtual network, as a guest of its own name', async () => {
    const { url } = await aedesBroker(scope, (aedes) => {
      aedes.authenticate = (client, user, password, done) =>
        done(null, client.id.includes('5.108') || `${user}:${password}` === `guest:${SECRET}`);
    });
    await plant(url);
    const env = { BROKER_USER: 'guest', BROKER_PASSWORD: SECRET };
    const config = temporaryFile(scope, 'ioc.yaml', configuration(url));
    for (const args of [
      ['--mqtt', url, '--topic', NETWORK],
      ['--config', config],
    ]) {
      const { code, stdout, stderr } = await probed(args, env);
      expect(stdout).toMatch(/joined as [\d.]+\.99\.1\n {2}5\.108\.227\.22\.1\.1 +online/);
      expect(stdout).toMatch(/master OP, 22 slaves/);
      expect(stdout + stderr).not.toContain(SECRET);
      expect(code).toBe(0);
    }
  });

  it('wants to know of one plant', async () => {
    const { code, stderr } = await probed(['--mqtt', 'mqtt://127.0.0.1', '127.0.0.1']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Give one of HOST, --mqtt')]);
  });
});

function configuration(url: string): string {
  return `
prefix: T
plant:
  netId: 5.108.227.22.1.1
  source: { netId: 127.0.0.1.9.1 }
  mqtt: { url: "${url}", topic: ${NETWORK}, user: guest, passwordEnv: BROKER_PASSWORD }
`;
}
