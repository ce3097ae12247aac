import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { message, text } from '../support/ca-circuit.ts';
import { RawClient } from '../support/raw-client.ts';

const child = fileURLToPath(new URL('../support/ca-server-child.mjs', import.meta.url));
const isBuilt = existsSync(fileURLToPath(new URL('../../dist/ca/index.js', import.meta.url)));
const hello = message(0, '', { count: 13 }) + message(18, text('A'), { p1: 1, p2: 13 });
const HELLO_ANSWERS = 16 + 32;

// Row 19 of the fault table. Without a build, which `npm test` makes, there is nothing to start.
describe.skipIf(!process.env['CI'] && !isBuilt)('a server that may open 300 files', () => {
  let scope: Scope;
  let server: ChildProcess;
  let port: number;

  beforeEach(async () => {
    scope = new Scope();
    const limited = `ulimit -n 300; exec ${process.execPath} ${child}`;
    server = spawn('bash', ['-c', limited], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    scope.defer(() => {
      if (server.connected) server.disconnect();
    });
    port = Number(await answer('ready'));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  function answer(what: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
      const take = (message: { what: string; result: unknown }) => {
        if (message.what !== what) return;
        server.off('message', take);
        resolve(message.result);
      };
      server.on('message', take);
      if (what !== 'ready') server.send(what);
    });
  }

  /** A client that opened its channel. */
  async function served(): Promise<RawClient> {
    const client = scope.use(await RawClient.open(port));
    client.send(hello);
    await client.received(HELLO_ANSWERS);
    return client;
  }

  it('takes as many clients as leave it the files it needs, and refuses the others at once', async () => {
    const clients = await Promise.all(Array.from({ length: 260 }, () => RawClient.open(port)));
    for (const client of clients) scope.use(client);
    await vi.waitFor(async () =>
      expect(await answer('counters')).toMatchObject({ circuits: 236, refusedCircuits: 24 }),
    );
  });

  it('serves again at once after it had no files left', async () => {
    const before = await served();
    expect(await answer('exhaust')).toBeGreaterThan(10);
    const refused = await Promise.all(Array.from({ length: 5 }, () => RawClient.open(port)));
    await Promise.all(refused.map(({ ended }) => ended));
    before.send(message(23));
    expect((await before.received(HELLO_ANSWERS + 16)).readUInt16BE(HELLO_ANSWERS)).toBe(23);
    await answer('free');
    // The C server stands still for 15 s here; how long we do is in docs/reliability.md.
    await vi.waitFor(served, { timeout: 5000, interval: 50 });
  });
});
