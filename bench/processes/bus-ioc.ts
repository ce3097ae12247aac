import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/index.ts';
import { type Ioc, startIoc } from '../../src/ioc.ts';
import { createLog } from '../../src/kernel/index.ts';
import { offer } from '../support/offer.ts';

// A whole IOC on a plant of another process, with a bus or without.

type Target = {
  readonly port: number;
  readonly netId: string;
  readonly symbolPort: number;
  /** Broker; none: no bus. */
  readonly url?: string;
};

let ioc: Ioc | undefined;

const operations = {
  /** Resolves once the plant's PVs are served; the ports of Channel Access, and names of inputs. */
  async serve({ port, netId, symbolPort, url }: Target) {
    const config = configOf(`
prefix: BENCH
plant: { host: 127.0.0.1, port: ${port}, netId: ${netId}, symbolPort: ${symbolPort} }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
log: { level: silent }
${url === undefined ? '' : `bus: { url: '${url}', keepAlive: 1, pv: { period: 0.1 } }`}
`);
    const { signal } = new AbortController();
    let onSession = () => {};
    const session = new Promise<void>((resolve) => {
      onSession = resolve;
    });
    const means = { log: createLog('error'), env: {}, onSession: () => onSession() };
    ioc = await startIoc(config, means, signal);
    await session;
    const { ca, directory } = ioc;
    const inputs = [...directory.names()].filter((name) => /Channel\dValue$/.test(name));
    return { port: ca?.port ?? 0, udpPort: ca?.udpPort ?? 0, inputs };
  },

  isConnected: () => ioc?.bus?.link.isConnected ?? false,
};

export type BusIocProcess = typeof operations;
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
