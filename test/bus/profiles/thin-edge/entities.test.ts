import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EntityRules, entitiesOf, keepEntities } from '../../../../src/bus/index.ts';
import { topicIds } from '../../../../src/bus/profiles/thin-edge/topic-id.ts';
import { Scope } from '../../../../src/kernel/index.ts';
import {
  attribute,
  HandMadeNodes,
  nodeAt,
  plantOf,
  smallPlant,
} from '../../../support/thin-edge/hand-made-nodes.ts';

const rules: EntityRules = { root: 'te', role: 'child', topology: 'nested', ioc: 'BL07' };
const small = new HandMadeNodes(plantOf('BL07', smallPlant()));

function tree(nodes: HandMadeNodes, given: Partial<EntityRules> = {}) {
  return entitiesOf(nodes, { ...rules, ...given }).all.map(
    ({ topicId, kind, parent }) => `${kind} ${topicId} < ${parent?.topicId ?? '-'}`,
  );
}

describe('the entities of an IOC', () => {
  it('are children of a main device that an agent owns, one for each slave', () => {
    expect(tree(small)).toEqual([
      'server device/BL07// < -',
      'ioc device/main/service/BL07 < -',
      'link device/BL07/service/ads < device/BL07//',
      'master device/BL07_ETH1// < device/BL07//',
      'slave device/BL07_ETH1_RIO1// < device/BL07_ETH1//',
      'slave device/BL07_ETH1_RIO1_MOD1// < device/BL07_ETH1_RIO1//',
    ]);
  });

  it('lie side by side under their master where the topology is flat', () => {
    expect(tree(small, { topology: 'flat' }).at(-1)).toBe(
      'slave device/BL07_ETH1_RIO1_MOD1// < device/BL07_ETH1//',
    );
  });

  it('begin with the only server as main device where no agent is', () => {
    expect(tree(small, { role: 'main' }).slice(0, 4)).toEqual([
      'server device/main// < -',
      'ioc device/main/service/BL07 < device/main//',
      'link device/main/service/ads < device/main//',
      'master device/BL07_ETH1// < device/main//',
    ]);
  });

  it('begin with the host as main device where no agent is and several plants are', () => {
    const two = new HandMadeNodes(plantOf('A', smallPlant('A')), plantOf('B', smallPlant('B')));
    expect(tree(two, { role: 'main' }).slice(0, 4)).toEqual([
      'host device/main// < -',
      'server device/A// < device/main//',
      'server device/B// < device/main//',
      'ioc device/main/service/BL07 < device/main//',
    ]);
  });

  it('are there for a plant that was never found, but for what is behind its server', () => {
    expect(tree(new HandMadeNodes(plantOf('BL07', [])))).toEqual([
      'server device/BL07// < -',
      'ioc device/main/service/BL07 < -',
      'link device/BL07/service/ads < device/BL07//',
    ]);
  });

  it('tell a link called ads from an IOC called ads', () => {
    const ids = entitiesOf(small, { ...rules, role: 'main', ioc: 'ads' }).all;
    expect(ids.slice(1, 3).map(({ topicId }) => topicId)).toEqual([
      'device/main/service/ads',
      'device/main/service/ads-link',
    ]);
  });

  it('leave the names of bridges to mosquitto', () => {
    const { ioc } = entitiesOf(small, { ...rules, ioc: 'mosquitto-c8y-bridge' });
    expect(ioc.id).toBe('ioc-mosquitto-c8y-bridge');
  });

  it('are found by topic id, with and without the slashes, and by the path of their node', () => {
    const entities = entitiesOf(small, rules);
    const terminal = entities.byPath('BL07:ETH1:RIO1:MOD1');
    expect(terminal?.topic).toBe('te/device/BL07_ETH1_RIO1_MOD1//');
    expect(entities.byTopicId('device/BL07_ETH1_RIO1_MOD1//')).toBe(terminal);
    expect(entities.byTopicId('device/BL07_ETH1_RIO1_MOD1')).toBe(terminal);
    expect(entities.byTopicId('device/other//')).toBeUndefined();
    expect(entities.linkOf('plant BL07')?.topicId).toBe('device/BL07/service/ads');
  });

  it('are made anew when nodes change, not when a link does', () => {
    const scope = new Scope();
    const nodes = new HandMadeNodes(plantOf('BL07', smallPlant()));
    const book = keepEntities(nodes, rules, scope);
    const first = book.entities;
    nodes.tell(plantOf('BL07', nodes.plants[0]?.nodes ?? [], { isUp: false, text: 'away' }));
    expect(book.entities).toBe(first);
    // What was found again is as it was.
    nodes.tell(plantOf('BL07', smallPlant()));
    expect(book.entities).toBe(first);
    nodes.tell(plantOf('BL07', smallPlant().slice(0, 2)));
    expect(book.entities.all).toHaveLength(4);
  });
});

describe('ids', () => {
  it('have a hash where two names come to one', () => {
    const ids = topicIds(['A:B', 'A_B', 'A:C']);
    expect(ids.get('A:C')).toBe('A_C');
    expect(ids.get('A:B')).toMatch(/^A_B_[0-9a-f]{4}$/);
    expect(ids.get('A_B')).toMatch(/^A_B_[0-9a-f]{4}$/);
    expect(ids.get('A:B')).not.toBe(ids.get('A_B'));
  });

  it('are never main, which is the agent’s', () => {
    expect(topicIds(['main']).get('main')).toMatch(/^main_[0-9a-f]{4}$/);
  });

  it('have at most 64 characters', () => {
    expect(topicIds(['x'.repeat(80)]).get('x'.repeat(80))).toMatch(/^x{59}_[0-9a-f]{4}$/);
  });

  it('are legal segments, all different, and the same whatever the order of the names', () => {
    const name = fc.string({ minLength: 1, maxLength: 90 });
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), (names) => {
        const ids = topicIds(names);
        for (const id of ids.values()) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        expect(new Set(ids.values()).size).toBe(names.length);
        expect(new Map([...topicIds([...names].reverse())].sort())).toEqual(
          new Map([...ids].sort()),
        );
      }),
    );
  });
});

describe('the attributes of an entity', () => {
  const of = (...names: readonly (readonly [string, string?])[]) => {
    const made = names.map(([name, description]) =>
      attribute(name, description === undefined ? {} : { description }),
    );
    const nodes = new HandMadeNodes(
      plantOf('P', [nodeAt('P', 'server', []), nodeAt('P:T', 'terminal', made)]),
    );
    return entitiesOf(nodes, rules).byPath('P:T');
  };
  const idsOf = (...names: readonly (readonly [string, string?])[]) =>
    of(...names)?.attributes.map(({ group, member }) => `${group}.${member}`);

  it('are grouped by channel', () => {
    expect(
      idsOf(
        ['ai_standard_channel_1', 'AI Standard Channel 1.Status'],
        ['ai_standard_channel_1_value', 'AI Standard Channel 1.Value'],
        ['ai_standard_ch_1_sts_limit_1'],
        ['ao_out_ch_2_analog_out'],
        ['ch3_sample_ch3_value'],
        ['ch3_cyclecount'],
      ),
    ).toEqual([
      'ch1.status',
      'ch1.value',
      'ch1.limit_1',
      'ch2.analog_out',
      'ch3.sample_value',
      'ch3.cyclecount',
    ]);
  });

  it('are values where they have the name of their channel, and a status beside a value', () => {
    expect(idsOf(['channel_1', 'Channel 1'])).toEqual(['ch1.value']);
    expect(
      idsOf(['ai_inputs_channel_1', 'AI Inputs Channel 1'], ['ai_inputs_channel_1_value']),
    ).toEqual(['ch1.status', 'ch1.value']);
  });

  it('are grouped by CoE object', () => {
    expect(idsOf(['enable_filter_idx8000'])).toEqual(['idx8000.enable_filter']);
  });

  it('keep what sets them apart when they would come to one name', () => {
    expect(idsOf(['ai_standard_channel_1_value'], ['ai_compact_channel_1_value'])).toEqual([
      'ch1.ai_standard_value',
      'ch1.ai_compact_value',
    ]);
  });

  it('have no reserved names', () => {
    expect(idsOf(['time'], ['properties'], ['4th_one'])).toEqual([
      '.time_',
      '.properties_',
      '.n4th_one',
    ]);
  });

  it('are found by id and by the name of the plant', () => {
    const terminal = of(['ai_standard_channel_1_value']);
    const value = terminal?.attributes[0];
    expect(value?.id).toBe('ch1_value');
    expect(terminal?.attribute('ch1_value')).toBe(value);
    expect(terminal?.attribute('ai_standard_channel_1_value')).toBe(value);
    expect(terminal?.attribute('ch2_value')).toBeUndefined();
  });

  it('are process data, diagnosis, settings, or what never changes', () => {
    const terminal = of(['channel_1'], ['wcstate'], ['gain_idx8010'], ['address']);
    expect(terminal?.attributes.map(({ dataType }) => dataType)).toEqual([
      'io',
      'diag',
      'coe',
      'fixed',
    ]);
  });

  it('have different legal names whatever the plant calls them', () => {
    const name = fc.stringMatching(/^[a-z0-9_]{1,24}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 20 }), (names) => {
        const found = of(...names.map((each) => [each] as const))?.attributes ?? [];
        for (const { member } of found) expect(member).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
        const paths = found.map(({ group, member }) => `${group}.${member}`);
        expect(new Set(paths).size).toBe(names.length);
        const ids = found.map(({ id }) => id);
        expect(new Set(ids).size).toBe(names.length);
      }),
    );
  });
});
