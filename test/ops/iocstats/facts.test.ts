import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type IocFacts, iocFacts, upTime } from '../../../src/ops/iocstats/facts.ts';
import { Loads } from '../../../src/ops/iocstats/load.ts';
import { type Machine, thisMachine } from '../../../src/ops/iocstats/machine.ts';
import { Paces } from '../../../src/ops/iocstats/paces.ts';
import { ManualClock } from '../../ads/manual-clock.ts';

const ioc: IocFacts = {
  ...{ version: '1.2.3', script: '/epics/ioc/config/a-long-enough-folder/my-ioc.yaml' },
  ...{ engineer: 'Ada', location: '', clients: () => 3, connections: () => 40, records: () => 500 },
};

/** A machine of four processors, whose times a test moves. */
function machine(): Machine & { used: number; total: number; idle: number } {
  return {
    ...{ used: 0, total: 0, idle: 0, processors: 4 },
    descriptors: () => ({ open: 21, most: 1024 }),
    memory: () => ({ used: 50, free: 150, total: 200 }),
    processTime() {
      return this.used;
    },
    systemTime() {
      return { total: this.total, idle: this.idle };
    },
  };
}

describe('the facts of an IOC', () => {
  const clock = new ManualClock();
  const facts = iocFacts(ioc, clock, machine());
  it.each([
    ['ca_clients', 3],
    ['ca_connections', 40],
    ['records', 500],
    ['maxfd', 1024],
    ['fd', 21],
    ['no_of_cpus', 4],
    ['suspended_tasks', 0],
    ['allocated_bytes', 50],
    ['free_bytes', 150],
    ['total_bytes', 200],
    ['proc_id', process.pid],
    ['parent_proc_id', process.ppid],
    ['hostname', hostname()],
    ['epics_ver', 'twincat-ioc 1.2.3'],
    ['engineer', 'Ada'],
    ['location', '<not available>'],
    ['startup_script', ioc.script],
    ['startup_script_1', ioc.script.slice(0, 39)],
    ['startup_script_2', ioc.script.slice(39)],
    ['pwd', process.cwd()],
  ])('%s is %j', (name, value) => {
    expect(facts.get(name)?.read()).toBe(value);
  });

  it('up_time counts from the start', () => {
    clock.advance(90_061_000);
    expect(facts.get('up_time')?.read()).toBe('1 day, 01:01:01');
  });
});

describe('a time since the start', () => {
  it.each([
    [0, '00:00:00'],
    [59.9, '00:00:59'],
    [86_399, '23:59:59'],
    [86_400, '1 day, 00:00:00'],
    [200_000, '2 days, 07:33:20'],
  ])('of %d s is %s', (seconds, text) => {
    expect(upTime(seconds)).toBe(text);
  });
});

describe('loads', () => {
  it('are those since the last look', () => {
    const clock = new ManualClock();
    const times = machine();
    const loads = new Loads(times, clock);
    clock.advance(10_000);
    Object.assign(times, { used: 2.5, total: 40, idle: 30 });
    expect(loads.take()).toEqual({ ioc: 25, system: 25 });
    clock.advance(10_000);
    Object.assign(times, { used: 12.5, total: 80, idle: 30 });
    expect(loads.take()).toEqual({ ioc: 100, system: 100 });
  });

  it('are 0 without time between two looks', () => {
    expect(new Loads(machine(), new ManualClock()).take()).toEqual({ ioc: 0, system: 0 });
  });
});

describe('this machine', () => {
  it('tells of descriptors and memory what can be', () => {
    const { open, most } = thisMachine.descriptors();
    const { used, free, total } = thisMachine.memory();
    if (process.platform === 'linux') expect(most).toBeGreaterThan(open);
    expect(total).toBeGreaterThan(used);
    expect(total).toBeGreaterThan(free);
    expect(used).toBeGreaterThan(1e6);
    expect(thisMachine.processTime()).toBeGreaterThan(0);
    const system = thisMachine.systemTime();
    expect(system.total).toBeGreaterThan(system.idle);
  });
});

describe('paces', () => {
  it('are those of the stock records, and can be changed while somebody waits', () => {
    const clock = new ManualClock();
    const paces = new Paces(clock);
    const looks: number[] = [];
    const watch = paces.every('ca', () => looks.push(clock.now()));
    clock.advance(30_000);
    expect(looks).toEqual([15_000, 30_000]);
    paces.set('ca', 2);
    clock.advance(4000);
    expect(looks.slice(2)).toEqual([32_000, 34_000]);
    paces.set('ca', 0);
    expect(paces.seconds('ca')).toBe(1);
    watch[Symbol.dispose]();
    expect(clock.timers).toBe(0);
  });
});
