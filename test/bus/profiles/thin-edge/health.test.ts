import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entitiesOf, Health, healthWill } from '../../../../src/bus/index.ts';
import { Scope } from '../../../../src/kernel/index.ts';
import { ManualClock } from '../../../ads/manual-clock.ts';
import { FakeBusLink } from '../../../support/fake-bus-link.ts';
import { HandMadeNodes, plantOf } from '../../../support/thin-edge/hand-made-nodes.ts';

const HEALTH = 'te/device/main/service/BL07/status/health';
const DOWN = '{"status":"down"}';

describe('the health of a service', () => {
  let scope: Scope;
  let isUp: boolean;
  let isReady: boolean;
  const { ioc } = entitiesOf(new HandMadeNodes(plantOf('BL07', [])), {
    ...{ root: 'te', role: 'child', topology: 'nested', ioc: 'BL07' },
  });

  beforeEach(() => {
    scope = new Scope();
    isUp = true;
    isReady = true;
  });
  afterEach(() => scope[Symbol.asyncDispose]());

  function rig() {
    const link = new FakeBusLink();
    const clock = new ManualClock(1_795_000_000_500);
    const means = { service: ioc, link, clock, devices: ['device/main//'], root: 'te' };
    const health = new Health({ ...means, isUp: () => isUp, isReady: () => isReady }, scope);
    return { link, clock, health, said: () => link.on(HEALTH).map((text) => JSON.parse(text)) };
  }

  it('is up with process id and time at each connection, retained', () => {
    const { link, said } = rig();
    link.connect();
    link.connect(true);
    const up = { status: 'up', pid: process.pid, time: 1_795_000_000.5 };
    expect(said()).toEqual([up, up]);
    expect(link.published[0]?.delivery).toBe('state');
  });

  it('is nobody’s before the service was introduced', () => {
    isReady = false;
    const { link, health, said } = rig();
    link.connect();
    expect(said()).toEqual([]);
    isReady = true;
    health.say();
    expect(said()).toHaveLength(1);
  });

  it.each(['te/device/main/service/BL07', 'te/device/main//'])(
    'is told when %s is checked',
    (of) => {
      const { link, said } = rig();
      link.connect();
      link.bring(`${of}/cmd/health/check`, '{}');
      expect(said()).toHaveLength(2);
    },
  );

  it('repairs itself when the will of a connection before arrives late, and not for ever', () => {
    const { link, clock, said } = rig();
    link.connect();
    link.bring(HEALTH, DOWN);
    link.bring(HEALTH, DOWN);
    expect(said().map(({ status }) => status)).toEqual(['up', 'up']);
    clock.advance(1000);
    link.bring(HEALTH, 'nonsense');
    expect(said()).toHaveLength(3);
  });

  it('hears its own words without an answer', () => {
    const { link, said } = rig();
    link.connect();
    link.bring(HEALTH, link.on(HEALTH)[0] ?? '');
    expect(said()).toHaveLength(1);
  });

  it('is told when it changes', () => {
    const { link, health, said } = rig();
    link.connect();
    isUp = false;
    health.update();
    health.update();
    expect(said().map(({ status }) => status)).toEqual(['up', 'down']);
  });

  it('is down at the end, since a broker sends no will after a good-bye', async () => {
    const { link, said } = rig();
    link.connect();
    await scope[Symbol.asyncDispose]();
    expect(said().at(-1)?.status).toBe('down');
  });

  it('is down by the broker when the process dies', () => {
    expect(healthWill(ioc)()).toEqual({ topic: HEALTH, payload: DOWN, delivery: 'state' });
  });
});
