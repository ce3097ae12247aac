import type { CaCrowdProcess } from '../processes/ca-crowd.ts';
import type { CaServerProcess } from '../processes/ca-server.ts';
import { Child } from '../support/child.ts';
import { type Effort, scaled } from '../support/effort.ts';
import type { Figure } from '../support/figure.ts';
import { compileLibcaClient, LibcaClient } from '../support/libca-client.ts';
import { cpuSecondsOf, residentBytesOf } from '../support/proc.ts';
import { pvNameFormat } from '../support/pv-name.ts';

const RECORDS = 10_000;
const IDLE_CLIENTS = 500;
const PERIOD_MS = 100;

/**
 * What the others feel, and what it costs, while 500 clients idle, one monitors all 10,000 PVs at
 * 10 Hz and never reads, and one floods searches for names that nobody has.
 */
export async function crowd(effort: Effort): Promise<(Figure | string)[]> {
  const compiled = compileLibcaClient();
  if ('missing' in compiled) return [`not measured: ${compiled.missing}`];
  await using server = new Child<CaServerProcess>('ca-server');
  await using quiet = new Child<CaCrowdProcess>('ca-crowd');
  await using loud = new Child<CaCrowdProcess>('ca-crowd');
  const { port, udpPort, pid } = await server.call('start', { count: RECORDS, type: 'ai' });
  await using client = new LibcaClient(compiled.program, udpPort, pvNameFormat);
  await client.call('connect', RECORDS);
  const gets = scaled(effort, 10_000, 100);
  await client.call('gets', gets);
  const alone = await client.call('gets', gets);
  await quiet.call('idle', { port, count: IDLE_CLIENTS });
  await quiet.call('deaf', { port, count: RECORDS });
  const seconds = scaled(effort, 10, 1);
  const before = cpuSecondsOf(pid);
  const ticking = server.call('tick', {
    period: PERIOD_MS,
    batches: Math.floor((seconds * 1000) / PERIOD_MS),
  });
  const flooding = loud.call('flood', { port: udpPort, seconds });
  const crowded = await client.call('gets', gets);
  const memory = residentBytesOf(pid) / 1e6;
  const sent = await flooding;
  await ticking;
  const cpu = ((cpuSecondsOf(pid) - before) / seconds) * 100;
  const counters = await server.call('counters');
  const heard = `${(sent / seconds / 1000).toFixed(0)}k datagrams/s came, ${counters?.unheardSearches} of ${sent} not heard`;
  return [
    latency('get alone: p99', alone),
    { ...latency('get in the crowd: p99', crowded), target: 50_000 },
    { name: 'RSS in the crowd', unit: 'MB', samples: [memory], target: 256 },
    { name: 'server in the crowd', unit: '% core', samples: [cpu], note: heard },
    {
      ...{ name: 'updates squashed for the client that never reads', unit: 'count' },
      samples: [counters?.squashed ?? 0],
    },
  ];
}

/** p99 of `gets`: seconds, p50, p99 in microseconds. */
function latency(name: string, [, p50 = 0, p99 = 0]: readonly number[]): Figure {
  return { name, unit: 'µs', samples: [p99], note: `p50 ${p50} µs` };
}
