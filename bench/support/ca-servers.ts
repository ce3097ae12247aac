import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { BareCaProcess } from '../processes/bare-ca.ts';
import type { CaServerProcess } from '../processes/ca-server.ts';
import { Child } from './child.ts';
import { arrayPv, pvName } from './pv-name.ts';

/** What a server is to have. */
export interface CaLoad {
  readonly count: number;
  /** `ao`: clients write them. `ai`: all change at 10 Hz once `tick` is called. */
  readonly type: 'ai' | 'ao';
  readonly elements: number;
}

/** A Channel Access server in a process of its own, to be measured from outside. */
export interface CaServerUnderTest extends AsyncDisposable {
  readonly pid: number;
  readonly udpPort: number;
  /** Values of `ai` records change at 10 Hz for so long; resolves when that is over. */
  tick(seconds: number): Promise<unknown>;
  /** They change so often, as after days of service: what is compiled when it is used much, is. */
  warmUp(batches: number): Promise<unknown>;
}

export type StartServer = (load: CaLoad) => Promise<CaServerUnderTest>;

const PERIOD_MS = 100;
const WARM_UP_PERIOD_MS = 5;

/** This IOC's Channel Access server with its records. */
export async function startOurs(load: CaLoad): Promise<CaServerUnderTest> {
  return nodeServer('ca-server', load);
}

/** The least that libca takes for a server, on Node. */
export async function startBare(load: CaLoad): Promise<CaServerUnderTest> {
  return nodeServer('bare-ca', load);
}

/** What both processes offer alike. */
type NodeServer = Pick<CaServerProcess & BareCaProcess, 'start' | 'tick'>;

async function nodeServer(file: string, load: CaLoad): Promise<CaServerUnderTest> {
  const child = new Child<NodeServer>(file);
  const { pid, udpPort } = await child.call('start', load);
  return {
    ...{ pid, udpPort },
    tick: (seconds) =>
      child.call('tick', { period: PERIOD_MS, batches: Math.round((seconds * 1000) / PERIOD_MS) }),
    warmUp: (batches) => child.call('tick', { period: WARM_UP_PERIOD_MS, batches }),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** EPICS base's softIoc: what `SOFTIOC` names, or what is in the path. */
export function findSoftIoc(): string | undefined {
  const named = process.env['SOFTIOC'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'softIoc')).find(existsSync);
}

export function startSoftIoc(program: string): StartServer {
  return async (load) => {
    const folder = mkdtempSync(join(tmpdir(), 'twincat-ioc-bench-'));
    const database = join(folder, 'bench.db');
    writeFileSync(database, databaseOf(load));
    const udpPort = await freePort();
    const child = spawn(program, ['-S', '-d', database], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        EPICS_CAS_SERVER_PORT: String(udpPort),
        EPICS_CAS_INTF_ADDR_LIST: '127.0.0.1',
        EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO',
      },
    });
    await running(child);
    return {
      ...{ pid: child.pid ?? 0, udpPort },
      // Its records scan by themselves.
      tick: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
      // And it was compiled before it was started.
      warmUp: async () => {},
      async [Symbol.asyncDispose]() {
        const exited = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await exited;
        rmSync(folder, { recursive: true });
      },
    };
  };
}

function databaseOf({ count, type, elements }: CaLoad): string {
  const fields =
    type === 'ao'
      ? 'field(EGU,"V") field(PREC,"3") field(VAL,"0") field(PINI,"YES")'
      : 'field(EGU,"V") field(PREC,"3") field(SCAN,".1 second") field(CALC,"VAL+1")';
  const record = type === 'ao' ? 'ao' : 'calc';
  const lines = Array.from(
    { length: count },
    (_, i) => `record(${record},"${pvName(i)}") { ${fields} }`,
  );
  if (elements > 0) {
    const array = `field(FTVL,"DOUBLE") field(NELM,"${elements}")`;
    lines.push(`record(waveform,"${arrayPv}") { ${array} }`);
  }
  return `${lines.join('\n')}\n`;
}

function running(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`softIoc ended with ${code}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text) => {
        if (String(text).includes('initialization complete')) resolve();
      });
    }
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
