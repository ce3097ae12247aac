import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { start } from '../support/command-line.ts';
import { demoConfig, shippedChain, temporaryFile } from '../support/demo-ioc.ts';

describe('the command line', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('tells in its help what each command is for', async () => {
    const { code, stdout } = await start(scope, ['--help']).finished;
    expect(code).toBe(0);
    for (const word of ['run', 'simulate', 'check', 'names', 'Examples:']) {
      expect(stdout).toContain(word);
    }
  });

  it('ends with 2 for words that it does not know, and says where help is', async () => {
    const { code, stderr } = await start(scope, ['serv']).finished;
    expect(code).toBe(2);
    expect(stderr).toMatch(/unknown command 'serv'[\s\S]*--help/);
  });

  it('checks a good configuration', async () => {
    const file = temporaryFile(scope, 'ioc.yaml', demoConfig);
    const { code, stdout } = await start(scope, ['check', file]).finished;
    expect([code, stdout]).toEqual([0, `${file}: good; prefix T, 36 terminal types\n`]);
  });

  it('names file, line and column of every mistake, and ends with 1', async () => {
    const text = 'prefix: T\nplant:\n  hots: plc\n  netId: 1.2.3\npoll: { period: -1 }\n';
    const file = temporaryFile(scope, 'ioc.yaml', text);
    const { code, stderr } = await start(scope, ['check', file]).finished;
    expect(code).toBe(1);
    const places = stderr
      .trim()
      .split('\n')
      .map((line) => line.slice(file.length).match(/^:(\d+):\d+: /)?.[1]);
    expect(new Set(places)).toEqual(new Set(['3', '4', '5']));
  });

  it('refuses to run on a bad configuration with the same words', async () => {
    const file = temporaryFile(scope, 'ioc.yaml', 'prefix: T\n');
    const { code, stderr } = await start(scope, ['run', file]).finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/ioc\.yaml:1:\d+: plant/);
  });

  it('says which file it cannot read', async () => {
    const { code, stderr } = await start(scope, ['run', '/no/such.yaml']).finished;
    expect(code).toBe(1);
    expect(stderr).toContain('/no/such.yaml');
  });

  it('prints the names of a chain, one line each with five columns', async () => {
    const args = ['names', '--chain', shippedChain, '--prefix', 'BL01'];
    const { code, stdout } = await start(scope, args).finished;
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toContain(
      'BL01:ETH1:RIO1:MOD2:AiStandardChannel1Value\tai\tread\tV\tAI Standard Channel 1.Value',
    );
    expect(lines.every((line) => line.split('\t').length === 5)).toBe(true);
    const json = await start(scope, [...args, '--json']).finished;
    expect(JSON.parse(json.stdout)).toHaveLength(lines.length);
  });

  it('checks the rules of access security, too', async () => {
    const acf = temporaryFile(scope, 'site.acf', 'ASG(DEFAULT) {\n RULE(1,WRITE) { UAG(none) }\n}');
    const file = temporaryFile(scope, 'ioc.yaml', `${demoConfig}access: { file: ${acf} }\n`);
    const { code, stderr } = await start(scope, ['check', file]).finished;
    expect([code, stderr]).toEqual([1, `${acf}:2:18: there is no UAG("none")\n`]);
  });

  it('reads the rules of access security again at SIGHUP, and keeps those of before', async () => {
    const acf = temporaryFile(scope, 'site.acf', 'ASG(DEFAULT) { RULE(1,READ) }');
    const secured = demoConfig.replace('silent', 'info');
    const file = temporaryFile(scope, 'ioc.yaml', `${secured}access: { file: ${acf} }\n`);
    const running = start(scope, ['run', file]);
    const inForce = () => running.stderr.split('access security is in force').length - 1;
    await vi.waitFor(() => expect(running.stdout).toContain('Channel Access'), { timeout: 10_000 });
    expect(inForce()).toBe(1);
    running.signal('SIGHUP');
    await vi.waitFor(() => expect(inForce()).toBe(2), { timeout: 5000 });
    writeFileSync(acf, 'ASG(');
    running.signal('SIGHUP');
    await vi.waitFor(() => expect(running.stderr).toContain(`as it was:\\n${acf}:1:`), {
      timeout: 5000,
    });
    running.signal('SIGTERM');
    expect((await running.finished).code).toBe(0);
  });

  it('runs, says what it serves, and stops within three seconds of SIGTERM', async () => {
    const file = temporaryFile(scope, 'ioc.yaml', demoConfig);
    const running = start(scope, ['run', file]);
    await vi.waitFor(() => expect(running.stdout).toContain('caget T:'), { timeout: 10_000 });
    expect(running.stdout).toMatch(/\d+ PVs of 22 slaves · simulated plant at 127\.0\.0\.1:\d+/);
    const before = performance.now();
    running.signal('SIGTERM');
    expect((await running.finished).code).toBe(0);
    expect(performance.now() - before).toBeLessThan(3000);
  });

  it('waits for a plant that is away, says so, and still stops cleanly', async () => {
    const port = await closedPort();
    const text = demoConfig
      .replace(/simulate:.*/, '')
      .replace('plant: {', `plant: { host: 127.0.0.1, port: ${port}, netId: 1.2.3.4.1.1,`);
    const file = temporaryFile(scope, 'ioc.yaml', text.replace('silent', 'info'));
    const running = start(scope, ['run', file]);
    await vi.waitFor(() => expect(running.stderr.match(/next try in/g)?.length).toBe(2), {
      timeout: 10_000,
    });
    expect(running.stderr).toContain(`127.0.0.1:${port}`);
    running.signal('SIGINT');
    expect((await running.finished).code).toBe(0);
  });

  it('says which port is in use when the simulated plant cannot have its own', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    scope.defer(() => void taken.close());
    await vi.waitFor(() => expect(taken.address()).not.toBeNull());
    const { port } = taken.address() as { readonly port: number };
    const { code, stderr } = await start(scope, ['simulate', '--port', String(port)]).finished;
    expect(code).toBe(1);
    expect(stderr).toContain(String(port));
  });
});

/** A loopback port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await vi.waitFor(() => expect(server.address()).not.toBeNull());
  const { port } = server.address() as { readonly port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
