import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { put } from '../support/demo-ioc.ts';
import { figure, millisecondsUntil, seconds } from '../support/figures.ts';
import {
  ANALOGUE,
  SWITCH,
  SWITCH_SYMBOL,
  type WatchedIoc,
  watchedIoc,
} from '../support/watched-ioc.ts';

// Rows of the fault table: TwinCAT itself changes while TCP stands. Settings are the defaults.

const VOLTS = 'T:ETH1:RIO2:MOD2:AoOutCh1AnalogOut';

describe('TwinCAT that changes while TCP stands', () => {
  let scope: Scope;
  let ioc: WatchedIoc;

  beforeEach(async () => {
    scope = new Scope();
    ioc = await watchedIoc(scope);
    await millisecondsUntil(() => ioc.isGood(ANALOGUE) && ioc.isGood(`${SWITCH}_RBV`));
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  for (const answer of ['no-port', 'not-ready'] as const) {
    it(`row 2: survives RUN, CONFIG (${answer}), RUN`, async () => {
      ioc.simulator.faults.enterConfig(answer);
      const loss = await millisecondsUntil(() => ioc.isAway(ANALOGUE) && ioc.isAway(SWITCH));
      figure(2, `CONFIG (${answer}): all PVs INVALID after`, seconds(loss), '≤ 3 s');
      await millisecondsUntil(() => ioc.state() === 'Degraded');
      expect(ioc.text()).toContain('TwinCAT is in CONFIG');
      await pause(2000);
      ioc.simulator.faults.enterRun();
      const data = await millisecondsUntil(() => ioc.isGood(ANALOGUE) && ioc.isGood(SWITCH));
      figure(2, `RUN again (${answer}): data after`, seconds(data), '≤ 5 s');
      await millisecondsUntil(() => ioc.state() === 'Connected');
      // The plant may just be looked at again, which refuses puts for a moment.
      await millisecondsUntil(async () => (await put(ioc, SWITCH, 1)).kind === 'done');
    });
  }

  it('row 2: notices a RUN-CONFIG-RUN that was too short to be seen', async () => {
    const before = ioc.counters.sessions;
    // A few heartbeats: only what was heard can be missed.
    await pause(1000);
    ioc.simulator.faults.enterConfig();
    ioc.simulator.faults.enterRun();
    const began = performance.now();
    await millisecondsUntil(() => ioc.counters.sessions > before && ioc.isGood(ANALOGUE));
    const data = performance.now() - began;
    figure(2, 'RUN-CONFIG-RUN in no time: data again after', seconds(data), '≤ 5 s');
    const value = ioc.read(ANALOGUE);
    await millisecondsUntil(() => ioc.read(ANALOGUE) !== value);
  });

  it('row 3: writes nothing through a stale offset at an online change', async () => {
    const { faults } = ioc.simulator;
    await put(ioc, SWITCH, 1);
    const blinks = ioc.blinks([ANALOGUE, `${SWITCH}_RBV`, 'T:ETH1:RIO2:MOD4:Channel1']);
    const outcomes: string[] = [];
    for (let change = 0; change < 3; change++) {
      faults.onlineChange();
      // At once, before anybody can know: the puts of a client that is in the middle of something.
      for (let i = 0; i < 40; i++) {
        const [first, second] = await Promise.all([
          put(ioc, SWITCH, i % 2),
          put(ioc, VOLTS, (i % 5) / 10),
        ]);
        outcomes.push(first.kind, second.kind);
        expect(faults.canaryTouched).toBe(0);
        await pause(10);
      }
      await millisecondsUntil(async () => (await put(ioc, SWITCH, 1)).kind === 'done');
      expect(ioc.simulator.read(SWITCH_SYMBOL)).toBe(1);
    }
    const refused = outcomes.filter((kind) => kind === 'refused').length;
    figure(3, 'online change: bytes written through stale offsets', faults.canaryTouched, '0');
    figure(3, 'online change: puts refused of 240 meanwhile', refused, 'told');
    expect(refused).toBeGreaterThan(0);
    expect(blinks).toEqual([]);
  }, 30_000);

  it('row 3: blocks writes within a poll, and knows the new offsets soon', async () => {
    const { faults } = ioc.simulator;
    faults.onlineChange();
    const began = performance.now();
    await millisecondsUntil(() => ioc.lines.some((line) => /symbol version changed/.test(line)));
    const blocked = performance.now() - began;
    figure(3, 'online change: noticed without a put after', seconds(blocked), '≤ 1 s');
    await millisecondsUntil(async () => (await put(ioc, SWITCH, 1)).kind === 'done');
    figure(3, 'online change: served again after', seconds(performance.now() - began), '≤ 2 s');
    const value = ioc.read(ANALOGUE);
    await millisecondsUntil(() => ioc.read(ANALOGUE) !== value);
    expect(Math.abs(Number(ioc.read(ANALOGUE)))).toBeLessThanOrEqual(5.1);
    expect(faults.canaryTouched).toBe(0);
  });

  it('row 7: asks anew for a notification that died silently, and only for that one', async () => {
    const { faults } = ioc.simulator;
    const other = 'T:ETH1:RIO1:MOD2:AiStandardChannel2Value';
    const blinks = ioc.blinks([ANALOGUE, other]);
    expect(faults.dropNotifications('Term 5 (EL3104).AI Standard Channel 1')).toBeGreaterThan(0);
    const began = performance.now();
    await millisecondsUntil(() => ioc.counters.notificationsLost > 0);
    const value = ioc.read(ANALOGUE);
    await millisecondsUntil(() => ioc.read(ANALOGUE) !== value);
    const again = performance.now() - began;
    figure(7, 'lost notification: value moves again after', seconds(again), '≤ 1.02 s');
    expect(blinks).toEqual([]);
    expect(ioc.counters.sessions).toBe(1);
    // Neighbours in memory share a notification; nobody else is asked for anew.
    expect(ioc.lines.filter((line) => line.includes('died silently'))).toHaveLength(1);
  });
});
