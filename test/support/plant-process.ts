import { connect } from 'node:net';
import { expect, vi } from 'vitest';
import type { Scope } from '../../src/kernel/index.ts';
import { type Running, start } from './command-line.ts';

/** A simulated plant in a process of its own: what is measured here is the IOC's alone. */
export interface PlantProcess {
  readonly running: Running;
  readonly port: number;
  readonly netId: string;
  /** Gives an order to its control port; the result of it. */
  tell(order: object): Promise<unknown>;
}

/** Starts one of so many slaves, of mixed types; it ends with the scope. */
export async function plantProcess(scope: Scope, slaves: number): Promise<PlantProcess> {
  const args = ['simulate', '--slaves', String(slaves), '--port', '0', '--control', '0'];
  const running = start(scope, args);
  await vi.waitFor(() => expect(running.stdout).toContain('Ctrl-C'), { timeout: 20_000 });
  const found = (pattern: RegExp) => running.stdout.match(pattern)?.[1] ?? '';
  const control = Number(found(/JSON lines on 127\.0\.0\.1:(\d+)/));
  return {
    running,
    port: Number(found(/127\.0\.0\.1:(\d+) \(AMS/)),
    netId: found(/NetId ([\d.]+),/),
    tell: (order) => told(control, order),
  };
}

function told(control: number, order: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(control, '127.0.0.1', () => socket.write(`${JSON.stringify(order)}\n`));
    socket.once('error', reject);
    socket.once('data', (line) => {
      socket.destroy();
      const answer = JSON.parse(String(line)) as { ok: boolean; result?: unknown };
      if (answer.ok) resolve(answer.result);
      else reject(new Error(String(line)));
    });
  });
}
