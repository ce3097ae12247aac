import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EntityRules, keepEntities, serveThinEdge } from '../../../../src/bus/index.ts';
import { Scope, silentLog, systemClock } from '../../../../src/kernel/index.ts';
import { FakeDirectory, type FakeRecord } from '../../../support/fake-directory.ts';
import { ModelAgent } from '../../../support/thin-edge/agent.ts';
import {
  HandMadeNodes,
  nodeAt,
  plantOf,
  slaveHealth,
  smallPlant,
} from '../../../support/thin-edge/hand-made-nodes.ts';
import { LoopbackBusLink } from '../../../support/thin-edge/loopback-bus-link.ts';
import { usualAlarms, usualMeasurements } from '../../../support/thin-edge/usual.ts';

const NEW = 'BL07:ETH1:RIO1:MOD2';
const eventually = (look: () => void) => vi.waitFor(look, { timeout: 5000, interval: 5 });

describe('the thin-edge profile', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  function serve(link: LoopbackBusLink, role: EntityRules['role'] = 'child') {
    const plants = [...smallPlant(), nodeAt(NEW, 'terminal', slaveHealth, { type: 'EL1004' })];
    const records = plants.flatMap(({ attributes }) =>
      attributes.flatMap(({ value, attribute: { name, datatype } }) => {
        const number: FakeRecord = { type: 'DOUBLE', value: /state/.test(name) ? 8 : 0 };
        const record: FakeRecord =
          datatype.kind === 'string' ? { type: 'STRING', value: 'x' } : number;
        return value === undefined ? [] : [[value, record] as const];
      }),
    );
    const directory = new FakeDirectory({
      ...Object.fromEntries(records),
      'BL07:IOC:Samples': { type: 'INT64', value: 7, recordType: 'int64in' },
    });
    const nodes = new HandMadeNodes(plantOf('BL07', smallPlant()));
    const rules: EntityRules = { root: 'te', role, topology: 'nested', ioc: 'BL07' };
    const entities = keepEntities(nodes, rules, scope);
    let introductions = 0;
    const profile = serveThinEdge(
      {
        entities: rules,
        measurements: { ...usualMeasurements, burst: 100_000, rate: 100_000 },
        alarms: usualAlarms,
        ...{ acceptTimeout: 0.5, acceptDelay: 0.01, c8yHardware: true, runtime: ['BL07:IOC:*'] },
      },
      {
        ...{ directory, nodes, entities, link, clock: systemClock, log: silentLog },
        lastChangePv: (prefix) => `${prefix}:IOC:LastChange`,
        twin: {
          directory,
          prefix: 'BL07',
          ioc: { version: '1', endpoints: {} },
          c8yHardware: true,
        },
      },
      scope,
    );
    profile.introduced$.subscribe(() => {
      introductions++;
    });
    const introduced = (times: number) => eventually(() => expect(introductions).toBe(times));
    return { directory, nodes, profile, introduced, plants };
  }

  /** What is wrong with what was published, for a strict agent. */
  function judged(link: LoopbackBusLink, role: EntityRules['role'] = 'child') {
    const agent = new ModelAgent(role);
    for (const { topic, payload, delivery, ...more } of link.published) {
      const { retain = delivery === 'state', qos = delivery === 'telemetry' ? 0 : 1 } = more;
      agent.hear({ topic, payload: String(payload), retain, qos });
    }
    return agent;
  }

  /** Kinds of messages in their order, repetitions left out. */
  function kinds(link: LoopbackBusLink): readonly string[] {
    const all = link.published.map(({ topic }) => {
      const [kind = 'registration', , meta] = topic.split('/').slice(5);
      return meta ?? kind;
    });
    return all.filter((kind, at) => kind !== all[at - 1]);
  }

  it('registers, describes, and measures, in this order', async () => {
    const link = new LoopbackBusLink();
    const { introduced, profile } = serve(link);
    link.connect();
    await introduced(1);
    await eventually(() => expect(profile.counters.messages).toBeGreaterThanOrEqual(5));
    expect(kinds(link)).toEqual(['registration', 'twin', 'meta', 'm']);
    expect(judged(link).errors).toEqual([]);
    expect(profile.entities).toBe(6);
  });

  it('publishes only what the broker does not keep already', async () => {
    const first = new LoopbackBusLink();
    const one = serve(first);
    first.connect();
    await one.introduced(1);
    const second = new LoopbackBusLink(first.kept);
    second.kept.set('te/device/BL07_ETH1_RIO1_MOD1///twin/module', '{"description":"old"}');
    const two = serve(second);
    second.connect();
    await two.introduced(1);
    const states = second.published.filter(({ delivery }) => delivery === 'state');
    expect(states.map(({ topic }) => topic)).toEqual([
      'te/device/BL07_ETH1_RIO1_MOD1///twin/module',
    ]);
  });

  it('publishes only what is not kept of entities that are found later, too', async () => {
    const first = new LoopbackBusLink();
    const one = serve(first);
    first.connect();
    await one.introduced(1);
    const second = new LoopbackBusLink(first.kept);
    const two = serve(second);
    two.nodes.tell(plantOf('BL07', []));
    second.connect();
    await two.introduced(1);
    const before = second.published.length;
    two.nodes.tell(plantOf('BL07', smallPlant()));
    await two.introduced(2);
    const states = second.published.slice(before).filter(({ delivery }) => delivery === 'state');
    expect(states).toEqual([]);
  });

  it('says everything again to a broker that forgot it, and nothing to one that did not', async () => {
    const link = new LoopbackBusLink();
    const { introduced } = serve(link);
    link.connect();
    await introduced(1);
    const whole = new Map(link.kept);
    const before = link.published.length;
    link.disconnect();
    link.connect(true);
    await introduced(2);
    const states = link.published.slice(before).filter(({ delivery }) => delivery === 'state');
    expect(states).toEqual([]);
    link.disconnect();
    link.kept.clear();
    link.connect();
    await introduced(3);
    expect(new Map([...link.kept].sort())).toEqual(new Map([...whole].sort()));
  });

  it('goes on a moment after something went wrong', async () => {
    const link = new LoopbackBusLink();
    const { introduced } = serve(link);
    const publish = link.publish.bind(link);
    let failures = 0;
    link.publish = (message) => {
      if (message.topic.endsWith('/m/io') && failures++ === 0) throw new Error('out of order');
      publish(message);
    };
    link.connect();
    await introduced(2);
    await eventually(() =>
      expect(link.on('te/device/BL07_ETH1_RIO1_MOD1///m/io').length).toBeGreaterThan(0),
    );
  });

  it('does not wait for ever for registrations that do not come back', async () => {
    const link = new LoopbackBusLink();
    const { introduced } = serve(link);
    link.bring = () => {};
    link.connect();
    await introduced(1);
  });

  it('introduces a terminal that is new, and nobody else again', async () => {
    const link = new LoopbackBusLink();
    const { introduced, nodes, plants } = serve(link);
    link.connect();
    await introduced(1);
    const before = link.published.length;
    nodes.tell(plantOf('BL07', [...(nodes.plants[0]?.nodes ?? []), ...plants.slice(-1)]));
    await introduced(2);
    const states = link.published.slice(before).filter(({ delivery }) => delivery === 'state');
    const ofOthers = states.filter(
      ({ topic }) => !topic.startsWith('te/device/BL07_ETH1_RIO1_MOD2//'),
    );
    expect(states.length).toBeGreaterThan(3);
    expect(ofOthers).toEqual([]);
    expect(judged(link).errors).toEqual([]);
  });

  it('never deregisters a terminal that is gone', async () => {
    const link = new LoopbackBusLink();
    const { introduced, nodes } = serve(link);
    link.connect();
    await introduced(1);
    nodes.tell(plantOf('BL07', smallPlant().slice(0, 2)));
    await introduced(2);
    expect(link.kept.has('te/device/BL07_ETH1_RIO1_MOD1//')).toBe(true);
  });

  it('registers the main device where nobody else does', async () => {
    const link = new LoopbackBusLink();
    const { introduced } = serve(link, 'main');
    link.connect();
    await introduced(1);
    expect(JSON.parse(link.kept.get('te/device/main//') ?? '')).toMatchObject({
      '@type': 'device',
    });
    expect(judged(link, 'main').errors).toEqual([]);
  });

  it('describes a terminal by what it is, what is in it, and its PVs', async () => {
    const link = new LoopbackBusLink();
    const { introduced } = serve(link);
    link.connect();
    await introduced(1);
    const twin = (key: string) =>
      JSON.parse(link.kept.get(`te/device/BL07_ETH1_RIO1_MOD1///twin/${key}`) ?? 'null');
    expect(twin('identity')).toEqual({
      ...{ vendorId: 2, productCode: 0x0c1e3052, revision: 0x00100000, serial: 0 },
    });
    expect(twin('ethercat')).toMatchObject({ address: 1002, node: 1, position: 1 });
    expect(twin('module')).toMatchObject({ channels: 2 });
    expect(twin('epics')).toMatchObject({
      ...{ ioc: 'BL07', prefix: 'BL07:ETH1:RIO1:MOD1', symbol: 'Term 2 (EL3102)' },
      attributes: { ch1_value: ':AiStandardChannel1Value' },
    });
    expect(twin('c8y_Hardware')).toEqual({
      model: 'EL3102',
      revision: '1048576',
      serialNumber: '0',
    });
  });

  it('tells units and PVs of what is measured, and its own numbers', async () => {
    const link = new LoopbackBusLink();
    const { introduced, profile } = serve(link);
    link.connect();
    await introduced(1);
    const meta = JSON.parse(link.kept.get('te/device/BL07_ETH1_RIO1_MOD1///m/io/meta') ?? 'null');
    expect(meta['ch1.value']).toEqual({ pv: 'BL07:ETH1:RIO1:MOD1:AiStandardChannel1Value' });
    expect(meta.properties).toEqual({ period: 1, heartbeat: 60, mode: 'onchange' });
    await eventually(() => expect(profile.counters.messages).toBeGreaterThanOrEqual(5));
    expect(link.on('te/device/main/service/BL07/m/runtime')[0]).toContain('"Samples":7');
  });
});
