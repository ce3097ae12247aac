import { describe, expect, it } from 'vitest';
import { type EntityRules, entitiesOf } from '../../../../src/bus/index.ts';
import { registrationSteps } from '../../../../src/bus/profiles/thin-edge/registration.ts';
import { HandMadeNodes, plantOf, smallPlant } from '../../../support/thin-edge/hand-made-nodes.ts';

const nodes = new HandMadeNodes(plantOf('BL07', smallPlant()));

function steps(role: EntityRules['role']) {
  const rules: EntityRules = { root: 'te', role, topology: 'nested', ioc: 'BL07' };
  return registrationSteps(entitiesOf(nodes, rules)).map((step) =>
    step.map(({ topic, payload }) => [topic, JSON.parse(payload)]),
  );
}

describe('registrations', () => {
  it('begin with the server and its services, whose health stands for it then', () => {
    const [first, second = []] = steps('child');
    expect(first).toEqual([
      [
        'te/device/BL07//',
        { '@type': 'child-device', '@parent': 'device/main//', name: 'BL07', type: 'TwinCAT' },
      ],
      [
        'te/device/main/service/BL07',
        { '@type': 'service', '@parent': 'device/main//', name: 'BL07', type: 'epics-ioc' },
      ],
      [
        'te/device/BL07/service/ads',
        { '@type': 'service', '@parent': 'device/BL07//', name: 'ads', type: 'ads-link' },
      ],
    ]);
    expect(second[0]?.[1]).toMatchObject({ '@health': 'device/BL07/service/ads' });
  });

  it('go on with what is behind it, parents first', () => {
    const [, second = []] = steps('child');
    expect(second.slice(1)).toEqual([
      [
        'te/device/BL07_ETH1//',
        {
          ...{ '@type': 'child-device', '@parent': 'device/BL07//' },
          ...{ '@health': 'device/BL07/service/ads', name: 'BL07:ETH1', type: 'device' },
        },
      ],
      [
        'te/device/BL07_ETH1_RIO1//',
        {
          ...{ '@type': 'child-device', '@parent': 'device/BL07_ETH1//' },
          ...{ '@health': 'device/BL07/service/ads', name: 'BL07:ETH1:RIO1', type: 'EK1100' },
        },
      ],
      [
        'te/device/BL07_ETH1_RIO1_MOD1//',
        {
          ...{ '@type': 'child-device', '@parent': 'device/BL07_ETH1_RIO1//' },
          ...{ '@health': 'device/BL07/service/ads', name: 'Term 2 (EL3102)', type: 'EL3102' },
        },
      ],
    ]);
  });

  it('never touch the main device where it is an agent’s', () => {
    expect(
      steps('child')
        .flat()
        .map(([topic]) => topic),
    ).not.toContain('te/device/main//');
  });

  it('make the server the main device where nobody else is', () => {
    const [first = []] = steps('main');
    expect(first[0]).toEqual([
      'te/device/main//',
      { '@type': 'device', name: 'BL07', type: 'TwinCAT' },
    ]);
  });
});
