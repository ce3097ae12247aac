import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  keepEntities,
  openBusLink,
  type PlantNode,
  serveThinEdge,
} from '../../../../src/bus/index.ts';
import { Scope, silentLog, systemClock } from '../../../../src/kernel/index.ts';
import { f32 } from '../../../../src/model/index.ts';
import { hasMosquitto, mosquitto, mqttClient } from '../../../support/broker.ts';
import { FakeDirectory, type FakeRecord } from '../../../support/fake-directory.ts';
import { ModelAgent } from '../../../support/thin-edge/agent.ts';
import {
  attribute,
  HandMadeNodes,
  nodeAt,
  plantOf,
  slaveHealth,
} from '../../../support/thin-edge/hand-made-nodes.ts';
import { usualAlarms, usualMeasurements } from '../../../support/thin-edge/usual.ts';

const NODES = 50;
const PER_NODE = 20;
const TERMINALS = NODES * PER_NODE;

describe.skipIf(!hasMosquitto)('a start of 1,000 terminals', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('is accepted by a strict agent without the loss of a message', async () => {
    const broker = await mosquitto(scope, 'allow_anonymous true\nmax_queued_messages 0');
    const agent = new ModelAgent();
    const client = await mqttClient(scope, broker, { protocolVersion: 5 });
    client.on('message', (topic, payload, { retain, qos }) => {
      agent.hear({ topic, payload: payload.toString(), retain, qos });
    });
    await client.subscribeAsync('te/#', { qos: 1, rap: true });
    const nodes = plantOf('P', thousand());
    const directory = directoryOf(nodes.nodes);
    const plant = new HandMadeNodes(nodes);
    const rules = { root: 'te', role: 'child', topology: 'nested', ioc: 'P' } as const;
    const entities = keepEntities(plant, rules, scope);
    const options = { url: broker.url, clientId: 'thousand', log: silentLog };
    const link = scope.use(openBusLink(options, scope.signal));
    const twin = {
      directory,
      prefix: 'P',
      ioc: { version: '1', endpoints: {} },
      c8yHardware: true,
    };
    const profile = serveThinEdge(
      {
        ...{ entities: rules, measurements: usualMeasurements, alarms: usualAlarms, runtime: [] },
        ...{ acceptTimeout: 10, acceptDelay: 0.05, c8yHardware: true },
      },
      {
        ...{ directory, nodes: plant, entities, link, clock: systemClock, log: silentLog, twin },
        lastChangePv: () => 'none',
      },
      scope,
    );
    link.start();
    const topics = 2 * TERMINALS + NODES + 1;
    await vi.waitFor(() => expect(agent.measurements.size).toBe(topics), {
      ...{ timeout: 60_000, interval: 50 },
    });
    // Main, the server, its link, the IOC, the master.
    expect(agent.entities.size).toBe(TERMINALS + NODES + 5);
    expect(agent.errors).toEqual([]);
    expect(agent.early).toBe(0);
    expect(profile.counters.dropped).toBe(0);
    expect(link.outbox.drops).toMatchObject({ full: 0, expired: 0, tooLarge: 0, invalid: 0 });
  }, 90_000);
});

function thousand(): readonly PlantNode[] {
  const inputs = [1, 2, 3, 4].flatMap((channel) => [
    attribute(`ai_standard_channel_${channel}`),
    attribute(`ai_standard_channel_${channel}_value`, { datatype: f32, unit: 'V' }),
  ]);
  const couplers = Array.from({ length: NODES }, (_, node) => {
    const path = `P:ETH1:RIO${node + 1}`;
    const terminals = Array.from({ length: PER_NODE }, (__, at) =>
      nodeAt(`${path}:MOD${at + 1}`, 'terminal', [...slaveHealth, ...inputs], {
        ...{ type: 'EL3104', node: node + 1, position: at + 1 },
      }),
    );
    return [nodeAt(path, 'coupler', slaveHealth), ...terminals];
  });
  const master = nodeAt('P:ETH1', 'device', [attribute('master_state')]);
  return [nodeAt('P', 'server', []), master, ...couplers.flat()];
}

/** All are well. */
function directoryOf(nodes: readonly PlantNode[]): FakeDirectory {
  const records = nodes.flatMap(({ attributes }) =>
    attributes.flatMap(({ value, attribute: { name } }) => {
      const record: FakeRecord = { type: 'DOUBLE', value: /_state|state_/.test(name) ? 8 : 0 };
      return value === undefined ? [] : [[value, record] as const];
    }),
  );
  return new FakeDirectory(Object.fromEntries(records));
}
