import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/index.ts';
import { startIoc } from '../../src/ioc.ts';
import { createLog } from '../../src/kernel/index.ts';
import type { SessionSummary } from '../../src/pipeline/index.ts';
import { offer } from '../support/offer.ts';

// The IOC as its command starts it, in a process that has done nothing before.

type Target = {
  readonly port: number;
  readonly netId: string;
  readonly symbolPort: number;
};

const operations = {
  /** Resolves once tree, records and Channel Access server are there. */
  async serve({ port, netId, symbolPort }: Target) {
    const config = configOf(`
prefix: BENCH
plant: { host: 127.0.0.1, port: ${port}, netId: ${netId}, symbolPort: ${symbolPort} }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
log: { level: silent }
`);
    const { signal } = new AbortController();
    let onSession: (summary: SessionSummary) => void = () => {};
    const session = new Promise<SessionSummary>((resolve) => {
      onSession = resolve;
    });
    await startIoc(config, { log: createLog('error'), env: {}, onSession }, signal);
    const { milliseconds, slaves, records } = await session;
    return { milliseconds, slaves, records, sinceStart: performance.now() };
  },
};

export type IocProcess = typeof operations;
offer(operations);

function configOf(text: string): ReturnType<typeof loadConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-bench-'));
  try {
    const file = join(folder, 'ioc.yaml');
    writeFileSync(file, text);
    return loadConfig(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
