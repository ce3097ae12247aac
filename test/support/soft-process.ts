import { createSocket } from 'node:dgram';
import { expect } from 'vitest';
import type { Scope } from '../../src/kernel/index.ts';
import { type Running, start } from './command-line.ts';
import { loopback } from './loopback.ts';
import { eventually } from './soft-ioc.ts';

/** `twincat-ioc soft -S -d file` as a process of its own, on loopback, once it serves. */
export async function softProcess(
  scope: Scope,
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly port: number; readonly running: Running }> {
  const port = await freeUdpPort();
  const running = start(scope, ['soft', '-S', '-d', file], {
    ...loopback(port),
    EPICS_CAS_BEACON_PORT: String(await freeUdpPort()),
    ...env,
  });
  await eventually(() => expect(running.stderr).toContain('All initialization complete'));
  return { port, running };
}

/** A port that nobody has now. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, () => resolve()));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
