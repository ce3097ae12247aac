import { describe, expect, it } from 'vitest';
import type { Attribute, Controller, ControllerKind } from '../../src/model/index.ts';
import {
  catioNaming,
  controllerPath,
  type NamingRule,
  namedPvs,
  pascalCase,
  pvNames,
} from '../../src/pv/index.ts';

const rule = { ...catioNaming, prefix: 'P' };

describe('pascalCase', () => {
  it.each([
    ['ai_standard_channel_1_value', 'AiStandardChannel1Value'],
    ['nextsync1time', 'Nextsync1time'],
    ['gain_idx800f', 'GainIdx800f'],
    ['calibration_gain_1_25_v_idx800f', 'CalibrationGain125VIdx800f'],
  ])('makes %s %s', (name, expected) => expect(pascalCase(name)).toBe(expected));
});

describe('pvNames', () => {
  const server = controller('server', 0);
  const device = controller('device', 1);
  const coupler = controller('coupler', 1001, { node: 2 });
  const terminal = controller('terminal', 1002, { node: 2, position: 3, type: 'EL2024' });

  it('joins prefix, device, node and module with the attribute', () => {
    expect(named([server], 'dev_count')).toEqual({ pv: 'P:DevCount' });
    expect(named([server, device], 'slave_count')).toEqual({ pv: 'P:ETH1:SlaveCount' });
    expect(named([server, device, coupler], 'link_status')).toEqual({
      pv: 'P:ETH1:RIO2:LinkStatus',
    });
    expect(named([server, device, coupler, terminal], 'channel_1', 'rw')).toEqual({
      pv: 'P:ETH1:RIO2:MOD3:Channel1',
      readback: 'P:ETH1:RIO2:MOD3:Channel1_RBV',
    });
  });

  it('gives a command the name of its setpoint, which has no read-back', () => {
    expect(named([server], 'rescan', 'w')).toEqual({ pv: 'P:Rescan' });
  });

  it('puts terminals ahead of the first coupler directly below the device', () => {
    const first = controller('terminal', 1001, { node: 0, position: 0 });
    expect(named([server, device, first], 'address').pv).toBe('P:ETH1:MOD0:Address');
  });

  it('names a box by its node', () => {
    const box = controller('box', 1009, { node: 4 });
    expect(named([server, device, box], 'channel_1').pv).toBe('P:ETH1:RIO4:Channel1');
  });

  it('follows templates', () => {
    const site = {
      ...rule,
      device: 'E{id:02}',
      node: 'N{node:02}',
      module: '{type}-{position}',
      separator: '-',
      readback: ':RB',
    };
    const path = pathOf(site, [server, device, coupler, terminal]);
    expect(pvNames(site, path, attribute('channel_1', 'rw'))).toEqual({
      pv: 'P-E01-N02-EL2024-3-Channel1',
      readback: 'P-E01-N02-EL2024-3-Channel1:RB',
    });
  });

  it('refuses a template with something it does not know', () => {
    const odd = { ...rule, device: 'E{number}' };
    expect(() => controllerPath(odd, device, 'P')).toThrow(
      '{number} in the name template "E{number}" is not known; use {id}, {node}, {position} or {type}',
    );
  });
});

describe('namedPvs', () => {
  it('refuses two PVs of one name and says whose they are', () => {
    const flat = controller('device', 1, {
      attributes: [attribute('gain', 'rw'), attribute('gain__RBV')],
    });
    const tree = controller('server', 0, { children: [flat] });
    const odd = { ...rule, readback: 'RBV' };
    expect(() => namedPvs(odd, tree)).toThrow(
      'PV P:ETH1:GainRBV would be both the readback of gain of a device (about gain) and the value of gain__RBV of a device (about gain__RBV): change the naming templates or the terminal definition',
    );
  });

  it('knows every PV and its role, in tree order', () => {
    const tree = controller('server', 0, {
      attributes: [attribute('a', 'rw'), attribute('b'), attribute('c', 'w')],
    });
    expect([...namedPvs(rule, tree)].map(([name, { role }]) => `${name} ${role}`)).toEqual([
      'P:A setpoint',
      'P:A_RBV readback',
      'P:B value',
      'P:C setpoint',
    ]);
  });
});

function named(path: readonly Controller[], name: string, access: Attribute['access'] = 'r') {
  return pvNames(rule, pathOf(rule, path), attribute(name, access));
}

function pathOf(naming: NamingRule, controllers: readonly Controller[]): string {
  const path = controllers.reduce<string | undefined>(
    (above, each) => controllerPath(naming, each, above),
    undefined,
  );
  return path ?? '';
}

function controller(kind: ControllerKind, id: number, given: Partial<Controller> = {}): Controller {
  return {
    kind,
    id,
    type: kind,
    name: `a ${kind}`,
    node: 0,
    position: 0,
    attributes: [],
    children: [],
    ...given,
  };
}

function attribute(name: string, access: Attribute['access'] = 'r'): Attribute {
  return {
    name,
    description: `about ${name}`,
    datatype: { kind: 'bool' },
    access,
    source: undefined,
  };
}
