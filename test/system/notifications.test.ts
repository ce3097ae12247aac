import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { demoConfig } from '../support/demo-ioc.ts';
import { millisecondsUntil } from '../support/figures.ts';
import { ANALOGUE, SWITCH, type WatchedIoc, watchedIoc } from '../support/watched-ioc.ts';

const ENOUGH = 550;
/** Handles of the symbol version: its changes, and the heartbeat. */
const HEARTBEAT = 2;

describe('a router', () => {
  let scope: Scope;
  let ioc: WatchedIoc;

  beforeEach(async () => {
    scope = new Scope();
    ioc = await watchedIoc(scope, demoConfig);
    await millisecondsUntil(isServed);
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  const isServed = () => [ANALOGUE, `${SWITCH}_RBV`].every(ioc.isGood);
  const count = (name: string) => Number(ioc.read(`T:IOC:${name}`));

  /** The plant is taken up anew, under limits. */
  async function limited(handles: number, bytes?: number): Promise<void> {
    const { faults } = ioc.simulator;
    const { sessions } = ioc.counters;
    faults.limitNotifications(handles, bytes);
    faults.disconnectAll();
    await millisecondsUntil(() => ioc.counters.sessions > sessions);
    await millisecondsUntil(isServed);
  }

  it('that refuses long notifications is asked region by region', async () => {
    await millisecondsUntil(() => count('Notifications') > HEARTBEAT);
    const blocks = count('Notifications');
    await limited(ENOUGH, 16);
    await millisecondsUntil(() => count('RefusedBlocks') > 0 && count('Notifications') > blocks);
    await millisecondsUntil(() => ioc.state() === 'Connected');
    const samples = count('Samples');
    await millisecondsUntil(() => count('Samples') > samples + 100);
    expect(count('PollsFailed')).toBe(0);
  }, 60_000);

  it('without handles left does not cost a value: what it refuses is read', async () => {
    await limited(HEARTBEAT);
    await millisecondsUntil(() => ioc.state() === 'Degraded');
    expect(ioc.text()).toMatch(/^\d+ regions are read once per second: .*0x716/);
    await millisecondsUntil(() => count('Notifications') === HEARTBEAT);
    const before = ioc.read(ANALOGUE);
    await millisecondsUntil(() => ioc.read(ANALOGUE) !== before && isServed());
    ioc.simulator.faults.limitNotifications(ENOUGH);
    await millisecondsUntil(() => ioc.state() === 'Connected', 40_000);
    expect(ioc.lines.filter((text) => text.includes('0x716'))).not.toHaveLength(0);
    expect(count('DeadNotifications')).toBe(0);
  }, 60_000);
});
