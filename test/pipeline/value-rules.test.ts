import { describe, expect, it } from 'vitest';
import { amsNetId, amsPort } from '../../src/ads/index.ts';
import { type Attribute, bool, i16, text } from '../../src/model/index.ts';
import { type ValueRule, ValueRules } from '../../src/pipeline/value-rules.ts';
import type { PlantSource } from '../../src/twincat/index.ts';

const target = { netId: amsNetId('5.1.2.3.1.1'), port: amsPort(27905) };
const place = { target, group: 0xf030, offset: 0, length: 2 };
const source: PlantSource = {
  kind: 'region',
  region: { ...place, update: 'notify' },
  byte: 0,
  bit: 0,
};
const defaults = { mode: 'on-change', cycle: 0.01, maxDelay: 0.05 } as const;

function attribute(more: Partial<Attribute<PlantSource>>): Attribute<PlantSource> {
  return { name: 'value', description: '', datatype: i16, access: 'r', source, ...more };
}

const planOf = (rules: ValueRule[], more: Partial<Attribute<PlantSource>> = {}, name = 'A:B') =>
  new ValueRules(rules, defaults).planOf([name], attribute(more));

describe('ValueRules', () => {
  it('see every sample of two-state inputs, and the newest of toggle bits and numbers', () => {
    expect(planOf([]).policy).toBe('last');
    expect(planOf([], { datatype: bool }).policy).toBe('every');
    expect(planOf([], { datatype: bool, toggles: true }).policy).toBe('last');
    const region = { ...place, update: 'poll' } as const;
    expect(planOf([], { datatype: bool, source: { ...source, region } }).policy).toBe('last');
  });

  it('follow the first rule that matches, and the defaults in what it leaves out', () => {
    const rules: ValueRule[] = [
      { match: 'A:*', cycle: 0.5, age: 3 },
      { match: '/B$/', policy: 'max' },
    ];
    expect(planOf(rules)).toEqual({
      policy: 'last',
      isWhole: true,
      notification: { ...defaults, cycle: 0.5 },
      age: 3,
    });
    expect(planOf(rules, {}, 'X:B')).toEqual({ policy: 'max', isWhole: true });
  });

  it('ask for all samples where their mean is wanted', () => {
    const { policy, notification } = planOf([{ match: '*', policy: 'mean' }]);
    expect([policy, notification?.mode]).toEqual(['mean', 'cyclic']);
    const told = planOf([{ match: '*', policy: 'mean', mode: 'on-change' }]);
    expect(told.notification?.mode).toBe('on-change');
  });

  it('tell of a policy that a value cannot have, and of patterns that match nothing', () => {
    const rules = new ValueRules([{ match: 'A:?', policy: 'mean' }, { match: 'Z' }], defaults);
    const { policy, problem } = rules.planOf(['A:B'], attribute({ datatype: text(9) }));
    expect([policy, problem]).toEqual(['last', 'A:B has no mean: the newest sample counts']);
    expect(rules.unused).toEqual(['Z']);
  });
});
