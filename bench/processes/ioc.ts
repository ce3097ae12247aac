import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amsNetId, amsPort, connectAds } from '../../src/ads/index.ts';
import { loadConfig, loadTerminalDefinitions } from '../../src/config/index.ts';
import { startIoc } from '../../src/ioc.ts';
import { createLog, silentLog } from '../../src/kernel/index.ts';
import { walk } from '../../src/model/index.ts';
import type { SessionSummary } from '../../src/pipeline/index.ts';
import { buildTree, discoverPlant, IoServer } from '../../src/twincat/index.ts';
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

  /** From the connection to the tree, without records: in milliseconds, answers and tree. */
  async tree({ port, netId, symbolPort }: Target) {
    const definitions = loadTerminalDefinitions();
    const client = await connectAds({
      transport: { kind: 'tcp', host: '127.0.0.1', port },
      source: { port: amsPort(8000) },
      log: silentLog,
    });
    const connected = performance.now();
    const io = new IoServer(client, amsNetId(netId));
    const options = { symbolPort: amsPort(symbolPort), log: silentLog };
    const facts = await discoverPlant(io, options);
    const answered = performance.now();
    const { tree } = buildTree(facts, definitions);
    const built = performance.now();
    let attributes = 0;
    for (const { controller } of walk(tree)) attributes += controller.attributes.length;
    return { answers: answered - connected, whole: built - connected, attributes };
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
