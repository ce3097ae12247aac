import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Scope } from '../../src/kernel/index.ts';

/** A connection that is not there after so long will not come: the loopback needs microseconds. */
const SILENT_MS = 500;

const listener = `require('node:net').createServer().listen(
  { port: Number(process.argv[1]), host: '127.0.0.1', backlog: 1 },
  () => process.stdout.write('listening'))`;

/**
 * Makes a port of the loopback as silent as that of a host without power: neither refused nor
 * accepted, until disposed of. A stopped process listens there, and as many wait to be accepted as
 * may; the kernel drops what comes then.
 */
export async function silentHost(scope: Scope, port: number): Promise<AsyncDisposable> {
  const child = spawn(process.execPath, ['-e', listener, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const waiting: Socket[] = [];
  const host = {
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy();
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  scope.use(host);
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  while (await isAnswered(port, waiting)) {
    if (waiting.length > 16) throw new Error(`port ${port} does not fall silent`);
  }
  return host;
}

async function isAnswered(port: number, waiting: Socket[]): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  waiting.push(socket);
  socket.on('error', () => {});
  const connected = once(socket, 'connect').then(() => true);
  return Promise.race([connected, pause(SILENT_MS, false)]);
}
