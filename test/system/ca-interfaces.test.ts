import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';

const child = fileURLToPath(new URL('../support/ca-server-child.mjs', import.meta.url));
const isBuilt = existsSync(fileURLToPath(new URL('../../dist/ca/index.js', import.meta.url)));
const space = `twincat-ioc-${process.pid}`;
const ADDRESS = '10.9.9.1';

function ip(...args: readonly string[]): boolean {
  return spawnSync('ip', args, { stdio: 'ignore' }).status === 0;
}

/** Whether a network of our own can be made here: root, on Linux, with iproute2. */
function hasNamespaces(): boolean {
  const made = ip('netns', 'add', space);
  if (made) ip('netns', 'del', space);
  return made;
}

// Row 18 of the fault table: without a build, or where no network of its own can be made, it is skipped.
describe.skipIf(!isBuilt || !hasNamespaces())('a server on an interface that is not there', () => {
  let scope: Scope;
  let server: ChildProcess;

  beforeEach(async () => {
    scope = new Scope();
    ip('netns', 'add', space);
    scope.defer(() => {
      ip('netns', 'del', space);
    });
    ip('-n', space, 'link', 'set', 'lo', 'up');
    ip('-n', space, 'link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1');
    for (const link of ['veth0', 'veth1']) ip('-n', space, 'link', 'set', link, 'up');
    server = spawn('ip', ['netns', 'exec', space, process.execPath, child], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, CA_INTERFACES: `${ADDRESS} 127.0.0.1` },
    });
    scope.defer(() => {
      if (server.connected) server.disconnect();
    });
    await answer('ready');
  }, 30_000);

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

  it('serves the others, and that one as soon as it comes', async () => {
    expect(await answer('reach 127.0.0.1')).toBe(true);
    expect(await answer(`reach ${ADDRESS}`)).toBe(false);
    ip('-n', space, 'addr', 'add', `${ADDRESS}/24`, 'dev', 'veth0');
    await vi.waitFor(async () => expect(await answer(`reach ${ADDRESS}`)).toBe(true), {
      timeout: 15_000,
      interval: 250,
    });
  }, 30_000);
});
