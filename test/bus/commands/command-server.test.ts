import { Subject } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serveCommands } from '../../../src/bus/commands/command-server.ts';
import { permits } from '../../../src/bus/commands/permits.ts';
import {
  CommandFailure,
  type Entities,
  type Entity,
  type JsonObject,
  leftToNext,
  type Operation,
} from '../../../src/bus/index.ts';
import { Scope, silentLog } from '../../../src/kernel/index.ts';
import { ManualClock } from '../../ads/manual-clock.ts';
import { FakeBusLink } from '../../support/fake-bus-link.ts';
import { iocEntity } from './life-world.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');
const STARTED = '2026-11-27T11:00:00.000Z';
const base = 'te/device/main/service/ioc/cmd';

/** Calls of operations that wait for the test to end them. */
type Running = {
  readonly input: JsonObject;
  readonly signal: AbortSignal;
  readonly resolve: (result: JsonObject | typeof leftToNext) => void;
  readonly reject: (error: unknown) => void;
};

class World {
  readonly link: FakeBusLink;
  readonly clock = new ManualClock(NOW);
  readonly scope = new Scope();
  readonly running: Running[] = [];
  readonly counters;
  readonly all: Entity[] = [iocEntity];
  readonly changed$ = new Subject<Entities>();
  /** Operations do not heed their signal. */
  isDeaf = false;

  constructor({
    version = '3.1.1' as '3.1.1' | '5',
    share = undefined as string | undefined,
  } = {}) {
    this.link = new FakeBusLink(version);
    const run = (input: JsonObject, _: unknown, signal: AbortSignal) =>
      new Promise<JsonObject | typeof leftToNext>((resolve, reject) => {
        this.running.push({ input, signal, resolve, reject });
        signal.addEventListener('abort', () => !this.isDeaf && reject(signal.reason));
      });
    const capability = () => ({ types: ['x'] });
    const operations: Operation[] = [
      { name: 'look', guard: 'read', capability, run },
      { name: 'change', guard: 'write', capability, run, timeLimit: 5 },
      { name: 'off', guard: 'write', capability, run },
      {
        name: 'again',
        guard: 'control',
        capability,
        run,
        settle: async () => ({ status: 'successful' }),
      },
    ];
    const { all } = this;
    const entities = {
      ...{ all, ioc: iocEntity, byPath: () => undefined, linkOf: () => undefined },
      byTopicId: (id: string) => all.find(({ topicId }) => topicId === id),
    };
    const rules = {
      ...{ ttl: 10, skew: 5, requiresTime: false, queue: 16, pending: 100, answerBytes: 500 },
      payload: { bytes: 300, depth: 8 },
      ...(share !== undefined && { share }),
    };
    this.counters = serveCommands(
      {
        ...{
          link: this.link,
          root: 'te',
          operations,
          rules,
          started: STARTED,
          reserved: ['epics'],
        },
        ...{ book: { entities, changed$: this.changed$ }, clock: this.clock, log: silentLog },
        permits: permits({ allow: [{ operation: 'change' }, { operation: 'again' }], deny: [] }),
      },
      this.scope,
    );
  }

  /** Connected, and nothing is left of a former process. */
  static ready(how = {}): World {
    const world = new World(how);
    world.link.connect();
    world.clock.advance(500);
    return world;
  }

  ask(id: string, fields: JsonObject = {}, operation = 'change', how = {}): void {
    this.link.bring(`${base}/${operation}/${id}`, JSON.stringify(fields), how);
  }

  /** The states of a command that we published, oldest first. */
  states(id: string, operation = 'change'): JsonObject[] {
    return this.link.on(`${base}/${operation}/${id}`).map((text) => JSON.parse(text));
  }

  async state(id: string, wanted: JsonObject, operation = 'change'): Promise<JsonObject> {
    return vi.waitFor(() => {
      const last = this.states(id, operation).at(-1);
      expect(last).toMatchObject(wanted);
      return last ?? {};
    });
  }

  async begun(count = 1): Promise<Running> {
    return vi.waitFor(() => {
      const last = this.running[count - 1];
      if (!last) throw new Error(`${this.running.length} of ${count} were begun`);
      return last;
    });
  }
}

let world: World;
afterEach(() => world.scope[Symbol.asyncDispose]());

describe('a command on the bus', () => {
  it('is executing before anything is done, and successful then; its fields stay', async () => {
    world = World.ready();
    world.ask('1', { value: 5, custom: { a: 1 } });
    const { input, resolve } = await world.begun();
    expect(input).toEqual({ value: 5, custom: { a: 1 } });
    expect(world.states('1')).toEqual([
      {
        ...{ value: 5, custom: { a: 1 }, status: 'executing' },
        executor: { client: 'fake', started: STARTED },
      },
    ]);
    resolve({ value: 4.9 });
    expect(await world.state('1', { status: 'successful' })).toEqual({
      ...{ value: 4.9, custom: { a: 1 }, status: 'successful' },
    });
    expect(world.counters).toMatchObject({ successful: 1, failed: 0, pending: 0 });
  });

  it('is retained in all its states', async () => {
    world = World.ready();
    world.ask('1');
    (await world.begun()).resolve({});
    await world.state('1', { status: 'successful' });
    expect(world.link.retained.get(`${base}/change/1`)).toMatch(/successful/);
  });

  it('fails with the reason, and with what is known nevertheless', async () => {
    world = World.ready();
    world.ask('1', { value: 5 });
    (await world.begun()).reject(new CommandFailure('the plant said no', { readback: 3 }));
    expect(await world.state('1', { status: 'failed' })).toEqual({
      ...{ value: 5, readback: 3, status: 'failed', reason: 'the plant said no' },
    });
  });

  it('is told on its topic by nobody once it was cleared', async () => {
    world = World.ready();
    world.ask('1');
    const { resolve } = await world.begun();
    world.link.bring(`${base}/change/1`, '');
    resolve({});
    await vi.waitFor(() => expect(world.counters.successful).toBe(1));
    expect(world.states('1').map(({ status }) => status)).toEqual(['executing']);
  });

  it('fails when its time is over, and its signal fires', async () => {
    world = World.ready();
    world.ask('1');
    await world.begun();
    world.clock.advance(5000);
    await world.state('1', {
      status: 'failed',
      reason: 'change was not over after 5 s, state unknown',
    });
  });

  it('fails when its time is over, though it does not heed its signal', async () => {
    world = World.ready();
    world.isDeaf = true;
    world.ask('1');
    await world.begun();
    world.clock.advance(5000);
    await vi.waitFor(() => {
      world.clock.advance(2000);
      expect(world.states('1').at(-1)).toMatchObject({ status: 'failed' });
    });
  });

  it('fails when the IOC stops while it runs', async () => {
    world = World.ready();
    world.ask('1');
    await world.begun();
    await world.scope[Symbol.asyncDispose]();
    expect(world.states('1').at(-1)).toMatchObject({
      status: 'failed',
      reason: 'interrupted: the IOC was stopped, state unknown',
    });
  });

  it('does not begin when the broker does not take that it is executing', async () => {
    world = World.ready();
    world.link.flushed = (signal?: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    world.ask('1');
    world.clock.advance(5000);
    await world.state('1', { status: 'failed' });
    expect(world.running).toEqual([]);
    world.ask('2', {}, 'look');
    await world.begun();
  });

  it('fails when it is off', async () => {
    world = World.ready();
    world.ask('1', {}, 'off');
    await world.state(
      '1',
      { status: 'failed', reason: 'off is off: bus.commands.allow does not name it' },
      'off',
    );
  });

  it('fails when its answer is too long', async () => {
    world = World.ready();
    world.ask('1', { mine: 'kept' }, 'look');
    (await world.begun()).resolve({ values: 'x'.repeat(1000) });
    const { reason } = await world.state('1', { status: 'failed', mine: 'kept' }, 'look');
    expect(reason).toMatch(/^the answer has \d+ bytes where 500 are the most/);
  });

  it.each(['{', '[]', '{"status":1}', '"x"', 'x'.repeat(301)])(
    'fails when it is none: %s',
    async (payload) => {
      world = World.ready();
      world.link.bring(`${base}/change/1`, payload);
      await world.state('1', { status: 'failed' });
      expect(world.running).toEqual([]);
    },
  );

  it('is nothing of ours on topics of others', () => {
    world = World.ready();
    const before = world.link.published.length;
    for (const topic of [
      'te/device/main/service/other/cmd/change/1',
      `${base}/health/check`,
      `${base}/software_update/1`,
      `${base}/change/`,
    ]) {
      world.link.bring(topic, '{}');
    }
    expect(world.link.published).toHaveLength(before);
  });

  it('is told of once when nobody clears it for a day', async () => {
    world = World.ready();
    world.ask('1');
    (await world.begun()).resolve({});
    await world.state('1', { status: 'successful' });
    world.clock.advance(86_400_000 + 120_000);
    const [event, ...more] = world.link.on('te/device/main/service/ioc/e/command_not_cleared');
    expect(JSON.parse(event ?? '')).toMatchObject({ command: `${base}/change/1` });
    expect(more).toEqual([]);
  });
});

describe('commands around a connection', () => {
  it('are not executed when the broker had kept them', async () => {
    world = World.ready();
    world.ask('1', { time: NOW / 1000 }, 'change', { retain: true });
    await world.state('1', { status: 'failed' });
    expect(world.running).toEqual([]);
  });

  it('are not executed when they may have waited in the broker, unless they tell their time', async () => {
    world = World.ready();
    world.ask('1', {}, 'change', { sinceConnected: 20 });
    await world.state('1', { status: 'failed' });
    world.ask('2', { time: NOW / 1000 }, 'change', { sinceConnected: 30 });
    await world.begun();
  });

  it('wait until all is known that a former process left', async () => {
    world = new World();
    world.ask('1', { time: NOW / 1000 });
    world.link.connect(true);
    world.ask('2', { status: 'executing' }, 'change', { retain: true });
    world.clock.advance(499);
    expect(world.running).toEqual([]);
    world.clock.advance(1);
    await world.begun();
    expect(world.running).toHaveLength(1);
  });

  it('of a former process fail: nobody knows how far they came', async () => {
    world = new World();
    world.link.connect();
    const executor = { client: 'fake', started: 'before' };
    world.ask('1', { status: 'executing', value: 5, executor }, 'change', { retain: true });
    expect(await world.state('1', { status: 'failed' })).toEqual({
      ...{ value: 5, status: 'failed', reason: 'interrupted, state unknown' },
    });
  });

  it('of a former process end as their operation finds out', async () => {
    world = new World();
    world.link.connect();
    const executor = { client: 'fake', started: 'before' };
    world.ask('1', { status: 'executing', executor }, 'again', { retain: true });
    await world.state('1', { status: 'successful' }, 'again');
  });

  it('that end with this process stay executing', async () => {
    world = World.ready();
    world.ask('1', {}, 'again');
    (await world.begun()).resolve(leftToNext);
    await world.scope[Symbol.asyncDispose]();
    expect(world.states('1', 'again').map(({ status }) => status)).toEqual(['executing']);
  });

  it('that another IOC executes are its own', () => {
    world = new World();
    world.link.connect();
    const executor = { client: 'other', started: 'before' };
    world.ask('1', { status: 'executing', executor }, 'change', { retain: true });
    expect(world.states('1')).toEqual([]);
  });
});

describe('commands for what is not found yet', () => {
  const device: Entity = { ...iocEntity, topicId: 'device/BL07_ETH1//', kind: 'master' };
  const server: Entity = { ...iocEntity, topicId: 'device/BL07//', kind: 'server' };
  const topic = (id: string) => `te/device/BL07_ETH1///cmd/change/${id}`;
  const ask = (id: string, fields = {}, how = {}) =>
    world.link.bring(topic(id), JSON.stringify(fields), how);
  const find = () => {
    world.all.push(device);
    world.changed$.next({} as Entities);
  };

  it('wait for it, and are judged by when they came', async () => {
    world = World.ready();
    world.all.push(server);
    ask('1', { ttl: 60 });
    ask('2');
    world.clock.advance(11_000);
    find();
    await world.begun();
    await vi.waitFor(() => expect(world.link.on(topic('2')).at(-1)).toMatch(/"failed".*expired/));
    expect(world.running).toHaveLength(1);
  });

  it('are not begun again when a former process began them', async () => {
    world = World.ready();
    world.all.push(server);
    const executor = { client: 'fake', started: 'before' };
    ask('1', { time: NOW / 1000 }, { sinceConnected: 10 });
    ask('1', { status: 'executing', executor }, { retain: true });
    find();
    await vi.waitFor(() => expect(world.link.on(topic('1')).at(-1)).toMatch(/interrupted/));
    expect(world.running).toEqual([]);
  });

  it('are forgotten when they are cleared before', () => {
    world = World.ready();
    world.all.push(server);
    ask('1', { ttl: 60 });
    world.link.bring(topic('1'), '');
    find();
    expect(world.link.on(topic('1'))).toEqual([]);
  });

  it('are of others once all plants were found', () => {
    world = World.ready();
    ask('1');
    find();
    expect(world.running).toEqual([]);
    expect(world.link.on(topic('1'))).toEqual([]);
  });
});

describe('MQTT 5', () => {
  it('brings the end of a command to where its asker wants it, too', async () => {
    world = World.ready({ version: '5' });
    const correlation = Uint8Array.of(1, 2, 3);
    const how = { responseTopic: 'app/answers', correlation };
    world.ask('1', { value: 1 }, 'change', how);
    (await world.begun()).resolve({});
    await world.state('1', { status: 'successful' });
    expect(world.link.on('app/answers')).toEqual(['{"value":1,"status":"successful"}']);
    expect(world.link.published.at(-1)).toMatchObject({ delivery: 'event', correlation });
  });

  it.each(['te/device/main/service/ioc/a/x', 'epics/x/set', 'app/+', 'app/#', '$SYS/x', ''])(
    'brings no answer to %j',
    async (responseTopic) => {
      world = World.ready({ version: '5' });
      world.ask('1', {}, 'change', { responseTopic });
      (await world.begun()).resolve({});
      await world.state('1', { status: 'successful' });
      expect(world.link.on(responseTopic)).toEqual([]);
    },
  );

  it('shares commands among a group, once what the broker keeps is known', async () => {
    world = new World({ version: '5', share: 'iocs' });
    world.link.connect();
    world.ask('1', {}, 'change', { retain: true });
    const executor = { client: 'fake', started: 'before' };
    world.ask('2', { status: 'executing', executor }, 'change', { retain: true });
    world.ask('3');
    await world.state('2', { status: 'failed' });
    world.clock.advance(500);
    expect(world.link.filters.filter((filter) => /cmd\/.*\/\+$/.test(filter))).toEqual([]);
    world.clock.advance(1000);
    expect(world.link.filters).toContain('$share/iocs/te/+/+/+/+/cmd/change/+');
    world.ask('4');
    await world.begun();
    expect(world.running).toHaveLength(1);
    // Another member may have it in its line, or takes what came while we looked.
    expect([...world.states('1'), ...world.states('3')]).toEqual([]);
  });
});

describe('capabilities', () => {
  const capability = (operation: string) => `${base}/${operation}`;

  it('are told, retained, of what is allowed alone', () => {
    world = World.ready();
    expect(world.link.retained.get(capability('look'))).toBe('{"types":["x"]}');
    expect(world.link.retained.get(capability('change'))).toBe('{"types":["x"]}');
    expect(world.link.retained.has(capability('off'))).toBe(false);
  });

  it('are told again when the broker forgot us', () => {
    world = World.ready();
    world.link.connect(true);
    expect(world.link.on(capability('look'))).toHaveLength(1);
    world.link.connect(false);
    expect(world.link.on(capability('look'))).toHaveLength(2);
  });

  it('of many entities come one entity a turn, and what was due stays due', async () => {
    world = new World();
    const more = [1, 2, 3].map((at) => ({ ...iocEntity, topicId: `device/main/service/${at}` }));
    world.all.push(...more);
    const told = (at: number) => world.link.on(`te/device/main/service/${at}/cmd/look`).length;
    world.link.connect(false);
    expect([told(1), told(3)]).toEqual([0, 0]);
    await vi.waitFor(() => expect(told(3)).toBe(1));
    // Another connection comes before what is due after the one before was said.
    world.link.connect(false);
    world.link.connect(true);
    await vi.waitFor(() => expect(told(3)).toBe(2));
  });

  it('of a former process are withdrawn when they are off now, and stay when they are not', () => {
    world = new World();
    world.link.bring(capability('off'), '{}', { retain: true });
    world.link.bring(capability('look'), '{"types":["x"]}', { retain: true });
    world.link.bring('te/device/x///cmd/off', '{}', { retain: true });
    expect(world.link.published).toEqual([]);
    world.link.connect();
    expect(world.link.on(capability('off'))).toEqual(['']);
    expect(world.link.on(capability('look'))).toEqual(['{"types":["x"]}']);
    expect(world.link.on('te/device/x///cmd/off')).toEqual([]);
  });
});
