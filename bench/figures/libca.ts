import {
  type CaLoad,
  type CaServerUnderTest,
  findSoftIoc,
  type StartServer,
  startBare,
  startOurs,
  startSoftIoc,
} from '../support/ca-servers.ts';
import { type Effort, scaled } from '../support/effort.ts';
import { type Cost, costFigures, type Figure } from '../support/figure.ts';
import { compileLibcaClient, LibcaClient } from '../support/libca-client.ts';
import { cpuSecondsOf, residentBytesOf } from '../support/proc.ts';
import { arrayPvFormat, pvNameFormat } from '../support/pv-name.ts';
import { epicsBase } from '../support/reference.ts';

/** Goals of the project for this IOC, CPU-seconds per million operations. */
const goals = { connect: 4, pipelined: 0.2, put: 0.3, parallel: 4, monitor: 0.3 } as const;

const ARRAY_ELEMENTS = 1_000_000;
const TICK_SECONDS = 3;
/** Updates after which a server has compiled what sends them, whatever they come in. */
const WARM_UP_UPDATES = 1_000_000;

type Peer = { readonly name: string; readonly start: StartServer; readonly isOurs: boolean };
type Run = { readonly peer: Peer; readonly effort: Effort; readonly program: string };

/** The same load on each server, by the client library of EPICS itself. */
export async function libca(effort: Effort): Promise<(Figure | string)[]> {
  const compiled = compileLibcaClient();
  if ('missing' in compiled) return [`not measured: ${compiled.missing}`];
  const found: (Figure | string)[] = [];
  for (const peer of peers()) {
    const run = { peer, effort, program: compiled.program };
    found.push(...(await connects(run)), ...(await requests(run)));
    for (const count of [1000, 10_000, 50_000]) found.push(await monitors(run, count));
    found.push(...(await arrays(run)));
  }
  if (!findSoftIoc()) found.push('C server: no softIoc in the path, nor named by SOFTIOC');
  return found;
}

function peers(): Peer[] {
  const softIoc = findSoftIoc();
  return [
    { name: 'this IOC', start: startOurs, isOurs: true },
    { name: 'bare Node', start: startBare, isOurs: false },
    ...(softIoc ? [{ name: 'C server', start: startSoftIoc(softIoc), isOurs: false }] : []),
  ];
}

async function connects({ peer, program }: Run): Promise<Figure[]> {
  const load: CaLoad = { count: 100_000, type: 'ao', elements: 0 };
  await using server = await peer.start(load);
  const figures: Figure[] = [];
  await warmUp(program, server);
  for (const count of [10_000, 100_000]) {
    await using client = new LibcaClient(program, server.udpPort, pvNameFormat);
    const cost = await costed(server, count, () => client.call('connect', count));
    const goal = count === 100_000 ? goals.connect : undefined;
    figures.push(...figuresOf(peer, `connect ${count} channels`, cost, 'k/s', goal, 'connect'));
    if (count === 100_000) figures.push(memoryFigure(peer, server));
  }
  return figures;
}

/** A server that runs for days has compiled what it does. */
async function warmUp(program: string, { udpPort }: CaServerUnderTest): Promise<void> {
  await using client = new LibcaClient(program, udpPort, pvNameFormat);
  await client.call('connect', 10_000);
}

function memoryFigure({ name, isOurs }: Peer, { pid }: CaServerUnderTest): Figure {
  const samples = [residentBytesOf(pid) / 1e6];
  const figure: Figure = { name: `${name}: RSS of 100000 connected ao`, unit: 'MB', samples };
  return isOurs ? { ...figure, target: 220 } : figure;
}

async function requests({ peer, effort, program }: Run): Promise<Figure[]> {
  const load: CaLoad = { count: 1000, type: 'ao', elements: 0 };
  await using server = await peer.start(load);
  await using client = new LibcaClient(program, server.udpPort, pvNameFormat);
  const [few, many] = [scaled(effort, 3000, 100), scaled(effort, 300_000, 1000)];
  await client.call('connect', load.count);
  for (const command of ['pipelined', 'puts']) await client.call(command, many);
  await client.call('parallel', many / load.count);
  const of = (operations: number, ...command: (string | number)[]) =>
    costed(server, operations, () => client.call(...command));
  const figures = [
    ...latencyFigures(peer, 'get, one at a time', await of(few, 'gets', few), 'get'),
    ...figuresOf(
      peer,
      'get, pipelined',
      await of(many, 'pipelined', many),
      'M/s',
      goals.pipelined,
      'pipelinedGet',
    ),
    ...figuresOf(peer, 'put', await of(2 * many, 'puts', 2 * many), 'M/s', goals.put, 'put'),
    ...latencyFigures(
      peer,
      'put-notify, one at a time',
      await of(few, 'notifies', few),
      'putNotify',
    ),
    ...figuresOf(
      peer,
      'put-notify, 1000 channels at once',
      await of(many, 'parallel', many / load.count),
      'k/s',
      goals.parallel,
      'pipelinedPutNotify',
    ),
  ];
  await client.call('monitor', load.count);
  await client.call('burst', 30);
  const burst = await of(many, 'burst', many / load.count);
  return [
    ...figures,
    ...figuresOf(peer, 'burst: 1000 puts → 1000 updates', burst, 'k/s', undefined, 'monitorBurst'),
  ];
}

async function monitors({ peer, program }: Run, count: number): Promise<Figure> {
  await using server = await peer.start({ count, type: 'ai', elements: 0 });
  await using client = new LibcaClient(program, server.udpPort, pvNameFormat);
  await client.call('connect', count);
  await client.call('monitor', count);
  await server.warmUp(WARM_UP_UPDATES / count);
  const ticking = server.tick(TICK_SECONDS + 2);
  await client.call('updates', 1);
  const before = cpuSecondsOf(server.pid);
  const [wall = 0, updates = 0] = await client.call('updates', TICK_SECONDS);
  const cpu = cpuSecondsOf(server.pid) - before;
  await ticking;
  const note = `${((updates / wall / count / 10) * 100).toFixed(0)} % arrived, ${((cpu / wall) * 100).toFixed(1)} % core`;
  const quoted = epicsBase.monitorAt10Hz;
  return {
    ...{ name: `${peer.name}: monitor ${count} PVs at 10 Hz`, unit: 'CPU-s/M' },
    samples: [(cpu / updates) * 1e6],
    ...(peer.isOurs ? { target: goals.monitor } : {}),
    note: peer.isOurs && !findSoftIoc() ? `${note}; ${quoted}` : note,
  };
}

async function arrays({ peer, effort, program }: Run): Promise<Figure[]> {
  await using server = await peer.start({ count: 1, type: 'ao', elements: ARRAY_ELEMENTS });
  await using client = new LibcaClient(program, server.udpPort, arrayPvFormat);
  await client.call('connect', 1);
  const figures: Figure[] = [];
  for (const [command, what, most] of [
    ['arraywrite', 'put-notify', 20],
    ['array', 'get', 40],
    ['arraymonitor', 'put → update', 20],
  ] as const) {
    const rounds = scaled(effort, most, 1);
    await client.call(command, ARRAY_ELEMENTS, 2);
    const cpu = cpuSecondsOf(server.pid);
    const [wall = 0, bytes = 0] = await client.call(command, ARRAY_ELEMENTS, rounds);
    const spent = (cpuSecondsOf(server.pid) - cpu) / (bytes / 1e9);
    figures.push({
      ...{ name: `${peer.name}: 1M doubles, ${what}`, unit: 'MB/s' },
      samples: [bytes / wall / 1e6],
      note: `${spent.toFixed(2)} CPU-s/GB`,
    });
  }
  return figures;
}

type Timed = { readonly cost: Cost; readonly answer: readonly number[] };

/** What a server spends on a command of the client. */
async function costed(
  { pid }: CaServerUnderTest,
  operations: number,
  run: () => Promise<number[]>,
): Promise<Timed> {
  const before = cpuSecondsOf(pid);
  const answer = await run();
  const cpu = cpuSecondsOf(pid) - before;
  return { cost: { operations, cpu, wall: answer[0] ?? 0 }, answer };
}

function figuresOf(
  { name, isOurs }: Peer,
  what: string,
  { cost }: Timed,
  rate: 'M/s' | 'k/s',
  target: number | undefined,
  reference: keyof typeof epicsBase,
): Figure[] {
  const goal = isOurs && target !== undefined ? { target } : {};
  const note = isOurs && !findSoftIoc() ? { note: epicsBase[reference] } : {};
  return costFigures(`${name}: ${what}`, [cost], rate, { ...goal, ...note });
}

function latencyFigures(
  peer: Peer,
  what: string,
  timed: Timed,
  reference: keyof typeof epicsBase,
): Figure[] {
  const [, p50 = 0, p99 = 0] = timed.answer;
  const [cost, rate] = figuresOf(peer, what, timed, 'k/s', undefined, reference);
  const latency = `p50 ${p50} µs, p99 ${p99} µs`;
  return [cost, rate]
    .filter((figure) => figure !== undefined)
    .map((figure, i) => (i === 1 ? { ...figure, note: latency } : figure));
}
