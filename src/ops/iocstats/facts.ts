import { hostname, release, type } from 'node:os';
import type { Clock } from '../../kernel/index.ts';
import { Loads } from './load.ts';
import { type Machine, thisMachine } from './machine.ts';

/** What an IOC tells of itself beside what its machine tells. */
export interface IocFacts {
  /** Version of this package. */
  readonly version: string;
  /** Configuration or start-up file. */
  readonly script: string;
  readonly engineer: string;
  readonly location: string;
  readonly clients: () => number;
  readonly connections: () => number;
  readonly records: () => number;
}

/** How often a kind of fact is looked at by records that wait for it (I/O Intr). */
export type Pace = 'ca' | 'fd' | 'cpu' | 'memory';

/** One thing that a record may ask for: `INP "@name"`. */
export interface Fact {
  readonly read: () => number | string;
  readonly pace?: Pace;
}

const notAvailable = '<not available>';
/** Texts in two records have so many characters in the first. */
const HALF = 39;

/** Everything that "IOC stats" of devIocStats knows and that there is here. */
export function iocFacts(
  ioc: IocFacts,
  clock: Clock,
  machine: Machine = thisMachine,
): ReadonlyMap<string, Fact> {
  const startedAt = clock.monotonic();
  const loads = new SharedLoads(new Loads(machine, clock), clock);
  const folder = process.cwd();
  const constant = (value: number | string): Fact => ({ read: () => value });
  return new Map<string, Fact>([
    ['ca_clients', { read: ioc.clients, pace: 'ca' }],
    ['ca_connections', { read: ioc.connections, pace: 'ca' }],
    ['records', { read: ioc.records }],
    ['maxfd', { read: () => machine.descriptors().most }],
    ['fd', { read: () => machine.descriptors().open, pace: 'fd' }],
    ['sys_cpuload', { read: () => loads.now.system, pace: 'cpu' }],
    ['ioc_cpuload', { read: () => loads.now.ioc, pace: 'cpu' }],
    ['no_of_cpus', constant(machine.processors)],
    // Nothing here can be suspended and the rest go on.
    ['suspended_tasks', { read: () => 0, pace: 'cpu' }],
    ['allocated_bytes', { read: () => machine.memory().used, pace: 'memory' }],
    ['free_bytes', { read: () => machine.memory().free, pace: 'memory' }],
    ['total_bytes', { read: () => machine.memory().total, pace: 'memory' }],
    ['proc_id', constant(process.pid)],
    ['parent_proc_id', { read: () => process.ppid }],
    ['startup_script', constant(ioc.script)],
    ['startup_script_1', constant(ioc.script.slice(0, HALF))],
    ['startup_script_2', constant(ioc.script.slice(HALF))],
    ['pwd', constant(folder)],
    ['pwd1', constant(folder.slice(0, HALF))],
    ['pwd2', constant(folder.slice(HALF))],
    ['kernel_ver', constant(`${type()} ${release()}`)],
    ['epics_ver', constant(`twincat-ioc ${ioc.version}`)],
    ['hostname', constant(hostname())],
    ['engineer', constant(ioc.engineer || notAvailable)],
    ['location', constant(ioc.location || notAvailable)],
    ['up_time', { read: () => upTime((clock.monotonic() - startedAt) / 1000) }],
  ]);
}

/** `3 days, 04:05:06`, as devIocStats has it. */
export function upTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const time = `${two((whole / 3600) % 24)}:${two((whole / 60) % 60)}:${two(whole % 60)}`;
  const days = Math.floor(whole / 86_400);
  if (days === 0) return time;
  return `${days} day${days === 1 ? '' : 's'}, ${time}`;
}

/** Both loads of one look, however many records ask for them. */
class SharedLoads {
  readonly #loads: Loads;
  readonly #clock: Clock;
  #at = Number.NEGATIVE_INFINITY;
  #last = { ioc: 0, system: 0 };

  constructor(loads: Loads, clock: Clock) {
    this.#loads = loads;
    this.#clock = clock;
  }

  get now(): { readonly ioc: number; readonly system: number } {
    const now = this.#clock.monotonic();
    if (now - this.#at >= 500) {
      this.#at = now;
      this.#last = this.#loads.take();
    }
    return this.#last;
  }
}
