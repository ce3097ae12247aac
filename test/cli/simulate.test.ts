import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it, vi } from 'vitest';
import { discoverRouter } from '../../src/ads/index.ts';
import { Scope } from '../../src/kernel/index.ts';
import { start } from '../support/command-line.ts';

describe('twincat-ioc simulate', () => {
  it('serves a plant of any size, its router and its faults, until SIGTERM', async () => {
    await using scope = new Scope();
    const size = ['--slaves', '40', '--masters', '2'];
    const ports = ['--port', '0', '--router-port', '0', '--control', '0'];
    const running = start(scope, ['simulate', ...size, ...ports]);
    await vi.waitFor(() => expect(running.stdout).toContain('Ctrl-C stops'), { timeout: 10_000 });
    expect(running.stdout).toContain('system of 40 slaves');

    const router = await discoverRouter('127.0.0.1', { port: portIn(running.stdout, /UDP .*:/) });
    expect(router.netId).toBe('5.1.2.3.1.1');

    const socket = connect(portIn(running.stdout, /JSON lines on .*?:/), '127.0.0.1');
    scope.defer(() => void socket.destroy());
    socket.write('{"command":"unplug","slave":"Term 2 (EL1014)"}\n');
    const answer = await createInterface({ input: socket })[Symbol.asyncIterator]().next();
    expect(answer.value).toBe('{"ok":true}');

    running.signal('SIGTERM');
    expect((await running.finished).code).toBe(0);
  });
});

/** The port number that follows these words. */
function portIn(text: string, before: RegExp): number {
  return Number(new RegExp(`${before.source}(\\d+)`).exec(text)?.[1]);
}
