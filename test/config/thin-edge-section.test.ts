import { describe, expect, it } from 'vitest';
import { thinEdgeOf, thinEdgeSection } from '../../src/config/bus/thin-edge-section.ts';

function config(given: object) {
  return thinEdgeOf(thinEdgeSection.parse(given), 'BL07');
}

function mistakes(given: object): readonly string[] {
  const { error } = thinEdgeSection.safeParse(given);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('bus.thinEdge', () => {
  it('is on, a child of an agent, with the prefix for its name, unless told', () => {
    expect(config({})?.entities).toEqual({
      ...{ root: 'te', role: 'child', topology: 'nested', ioc: 'BL07' },
    });
    expect(config({ enabled: false })).toBeUndefined();
  });

  it('measures process values each second, diagnosis each ten, and no CoE objects', () => {
    const { io, diag, coe } = config({})?.measurements.defaults ?? {};
    expect([io?.period, diag?.period, coe?.enabled]).toEqual([1, 10, false]);
    expect(io).toMatchObject({ mode: 'onchange', heartbeat: 60, deadband: 'mdel', qos: 0 });
  });

  it.each([
    [0.5, { kind: 'absolute', value: 0.5 }],
    ['2%', { kind: 'percent', value: 2 }],
    ['0.5%', { kind: 'percent', value: 0.5 }],
    ['adel', 'adel'],
  ])('knows the dead-band %s', (given, deadband) => {
    const rules = config({ attributes: [{ match: '*', deadband: given }] })?.measurements;
    expect(rules?.attributes).toEqual([{ match: '*', deadband }]);
  });

  it('leaves what a rule does not say to the type', () => {
    const groups = config({ groups: [{ match: '*:RIO1*', period: 0.2 }] })?.measurements.groups;
    expect(groups).toEqual([{ match: '*:RIO1*', period: 0.2 }]);
  });

  it.each([
    [{ topicRoot: 'te/x' }, 'topicRoot: must be one level of a topic: without /, + and #'],
    [{ ioc: 'a+b' }, 'ioc: must be one level of a topic: without /, + and #'],
    [{ attributes: [{ match: '/(/' }] }, 'attributes.0.match: "/(/" is no regular expression'],
    [{ measurements: { io: { period: 0 } } }, 'measurements.io.period: '],
    [{ groups: [{ match: '*', maxBytes: 10 }] }, 'groups.0.maxBytes: '],
    [{ attributes: [{ match: '*', deadband: '2 %' }] }, 'attributes.0.deadband: '],
  ])('says what is wrong in %j', (given, mistake) => {
    expect(mistakes(given)[0]).toContain(mistake);
  });
});
