import type { AdsFloodProcess } from '../processes/ads-flood.ts';
import type { AdsIocProcess, Taken } from '../processes/ads-ioc.ts';
import { Child } from '../support/child.ts';
import { type Effort, repeated, scaled } from '../support/effort.ts';
import type { Figure } from '../support/figure.ts';
import { compileLibcaClient, LibcaClient } from '../support/libca-client.ts';
import { pvNameFormat } from '../support/pv-name.ts';

const VALUES = 10_000;
/** 100 Hz. */
const PERIOD_MS = 10;
/** What the client is given to get the last updates. */
const REST_SECONDS = 0.5;

/**
 * The headline: ADS notifications of 10,000 values at 100 Hz, each processed by its record with alarm
 * limits and dead-band, and sent to one client on libca.
 */
export async function plantToLibca(effort: Effort): Promise<(Figure | string)[]> {
  const compiled = compileLibcaClient();
  if ('missing' in compiled) return [`not measured: ${compiled.missing}`];
  await using flood = new Child<AdsFloodProcess>('ads-flood');
  await using ioc = new Child<AdsIocProcess>('ads-ioc');
  const port = await flood.call('listen');
  const sink = { port, values: VALUES, size: 4, flush: 0, serve: true, alarms: true };
  const { udpPort } = await ioc.call('start', sink);
  await using client = new LibcaClient(compiled.program, udpPort, pvNameFormat);
  await client.call('connect', VALUES);
  await client.call('monitor', VALUES);
  const passes = scaled(effort, 500, 10);
  const runs = await repeated(effort, () => run({ flood, ioc, client }, passes));
  return figuresOf(runs);
}

type Parties = {
  readonly flood: Child<AdsFloodProcess>;
  readonly ioc: Child<AdsIocProcess>;
  readonly client: LibcaClient;
};

type Run = Taken & { readonly arrived: number };

async function run({ flood, ioc, client }: Parties, passes: number): Promise<Run> {
  const samples = passes * VALUES;
  await ioc.call('expect', { samples });
  const seconds = (passes * PERIOD_MS) / 1000 + REST_SECONDS;
  const counted = client.call('updates', seconds);
  const shape = { values: VALUES, size: 4, perFrame: 50, passes, changing: true };
  await flood.call('flood', { ...shape, period: PERIOD_MS });
  const taken = await ioc.call('taken');
  if (taken === undefined) throw new Error('the IOC took no samples');
  const [, arrived = 0] = await counted;
  return { ...taken, arrived };
}

function figuresOf(runs: readonly Run[]): Figure[] {
  const name = `${VALUES} PVs at 100 Hz → one libca client`;
  const share = (part: number, of: number) => (part / of) * 100;
  return [
    {
      ...{ name, unit: 'CPU-s/M', target: 0.8 },
      samples: runs.map(({ cpu, updates }) => (cpu / updates) * 1e6),
      note: 'CPU of the whole IOC per update sent',
    },
    {
      ...{ name: `${name}: of one core`, unit: '% core', target: 100 },
      samples: runs.map(({ cpu, wall }) => share(cpu, wall)),
    },
    {
      ...{ name: `${name}: updates arrived`, unit: 'M/s' },
      samples: runs.map(({ arrived, wall }) => arrived / wall / 1e6),
    },
    {
      ...{ name: `${name}: of samples arrived`, unit: '%' },
      samples: runs.map(({ arrived, operations }) => share(arrived, operations)),
      note: 'the rest gave way to newer values',
    },
  ];
}
