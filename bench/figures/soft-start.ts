import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findSoftIoc, freePort } from '../support/ca-servers.ts';
import { type Effort, repeated } from '../support/effort.ts';
import type { Figure } from '../support/figure.ts';
import { cpuSecondsOf, residentBytesOf } from '../support/proc.ts';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** Longest that a start may take. */
const DEADLINE_MS = 60_000;

/** What is aimed at. */
const targets: Readonly<Record<number, { readonly ms: number; readonly megabytes: number }>> = {
  100000: { ms: 2000, megabytes: 220 },
};

/** From the start of the process until soft records are served, and their memory a second later. */
export async function softStart(effort: Effort): Promise<Figure[]> {
  const figures: Figure[] = [];
  const softIoc = findSoftIoc();
  for (const count of [10_000, 100_000]) {
    figures.push(
      ...(await started(`soft, ${count} ai`, process.execPath, [main, 'soft'], count, effort)),
    );
    if (softIoc)
      figures.push(...(await started(`C server, ${count} ai`, softIoc, [], count, effort)));
  }
  return figures;
}

async function started(
  name: string,
  program: string,
  args: readonly string[],
  count: number,
  effort: Effort,
): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-bench-'));
  const database = join(folder, 'soft.db');
  writeFileSync(database, databaseOf(count));
  const runs = await repeated(effort, () => start(program, [...args, '-S', '-d', database]), 0);
  rmSync(folder, { recursive: true });
  const target = args.length > 0 ? targets[count] : undefined;
  const milliseconds = { unit: 'ms', ...(target && { target: target.ms }) } as const;
  const megabytes = { unit: 'MB', ...(target && { target: target.megabytes }) } as const;
  const all = <T>(of: (run: (typeof runs)[number]) => T) => runs.map(of);
  return [
    { name: `${name}: start → served`, ...milliseconds, samples: all(({ wallMs }) => wallMs) },
    { name: `${name}: the same, CPU time`, ...milliseconds, samples: all(({ cpuMs }) => cpuMs) },
    { name: `${name}: RSS`, ...megabytes, samples: all(({ rss }) => rss / 1e6) },
  ];
}

function databaseOf(count: number): string {
  const fields = `field(DESC, "bench") field(EGU, "V") field(PREC, "3") field(HIHI, "10") field(HHSV, "MAJOR")`;
  return Array.from({ length: count }, (_, i) => `record(ai, "B:ai${i}") { ${fields} }\n`).join('');
}

async function start(program: string, args: readonly string[]) {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(program, args, {
    stdio: 'ignore',
    env: {
      ...process.env,
      EPICS_CAS_SERVER_PORT: String(port),
      EPICS_CAS_INTF_ADDR_LIST: '127.0.0.1',
      EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO',
    },
  });
  try {
    await served(child, port);
    const wallMs = performance.now() - began;
    const cpuMs = cpuSecondsOf(child.pid ?? 0) * 1000;
    await sleep(1000);
    return { wallMs, cpuMs, rss: residentBytesOf(child.pid ?? 0) };
  } finally {
    await ended(child);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}

/** Waits until somebody answers on the port. */
async function served(child: ChildProcess, port: number): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    if (performance.now() > end) throw new Error('the server took too long to start');
    await sleep(5);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
