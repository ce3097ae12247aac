import { createSocket } from 'node:dgram';
import { expect } from 'vitest';
import type { Scope } from '../../src/kernel/index.ts';
import { type Running, start } from './command-line.ts';
import { eventually } from './soft-ioc.ts';

/** `twincat-ioc soft -S -d file` as a process of its own, on loopback, once it serves. */
export async function softProcess(
  scope: Scope,
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly port: number; readonly running: Running }> {
  const port = await freeUdpPort();
  const running = start(scope, ['soft', '-S', '-d', file], {
    EPICS_CAS_INTF_ADDR_LIST: '127.0.0.1',
    EPICS_CAS_BEACON_ADDR_LIST: '127.0.0.1',
    EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO',
    EPICS_CAS_BEACON_PORT: String(await freeUdpPort()),
    EPICS_CAS_SERVER_PORT: String(port),
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
