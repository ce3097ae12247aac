import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { generateChain } from '../../src/simulator/index.ts';
import { put } from '../support/demo-ioc.ts';
import { figure, millisecondsUntil, seconds } from '../support/figures.ts';
import { plantProcess } from '../support/plant-process.ts';
import { remoteConfig, remoteIoc } from '../support/watched-ioc.ts';

// Row 3 of the fault table as it is meant: 5,000 symbols and more are to be resolved again.

/** Of mixed types: 5,839 symbols. */
const SLAVES = 1000;
const slaves = generateChain(SLAVES).devices.flatMap((device) => device.slaves);
const ofType = (wanted: string) =>
  slaves
    .filter(({ type }) => type === wanted)
    .map(({ node, position }) => `T:ETH1:RIO${node}:MOD${position}`);
/** Outputs all over the plant, and an input near its end. */
const SWITCHES = ofType('EL2024')
  .filter((_, i) => i % 30 === 0)
  .map((module) => `${module}:Channel1`);
const ANALOGUE = `${ofType('EL3104').at(-1)}:AiStandardChannel1Value`;

describe('an online change of a large plant', () => {
  it('row 3: writes nothing through a stale offset, and knows 5,839 symbols again soon', async () => {
    await using scope = new Scope();
    const plant = await plantProcess(scope, SLAVES);
    const ioc = await remoteIoc(scope, remoteConfig(plant));
    const all = [ANALOGUE, ...SWITCHES.map((name) => `${name}_RBV`)];
    await millisecondsUntil(() => all.every((name) => ioc.isGood(name)), 60_000);
    await Promise.all(SWITCHES.map((name) => put(ioc, name, 1)));
    const blinks = ioc.blinks(all);
    const outcomes: string[] = [];
    const touched = async () => {
      return ((await plant.tell({ command: 'canary' })) as { touched: number }).touched;
    };
    await plant.tell({ command: 'onlineChange' });
    const began = performance.now();
    let noticed = 0;
    let served = 0;
    // The puts of clients that are in the middle of something, all over the plant.
    for (let round = 0; served === 0 || round < 20; round++) {
      const kinds = await Promise.all(SWITCHES.map((name) => put(ioc, name, round % 2)));
      outcomes.push(...kinds.map(({ kind }) => kind));
      const isRefused = kinds.some(({ kind }) => kind !== 'done');
      if (isRefused && noticed === 0) noticed = performance.now() - began;
      if (!isRefused && noticed > 0 && served === 0) served = performance.now() - began;
      expect(await touched()).toBe(0);
      if (performance.now() - began > 60_000) expect.fail('it is not served again');
      await pause(10);
    }
    figure(3, `online change, 5,839 symbols: writes blocked after`, seconds(noticed), '≤ 1 s');
    figure(3, 'online change, 5,839 symbols: served again after', seconds(served), '≤ 2 s');
    const refused = outcomes.filter((kind) => kind === 'refused').length;
    figure(3, 'online change, 5,839 symbols: stale bytes written', await touched(), '0');
    expect(refused).toBeGreaterThan(0);
    expect(blinks).toEqual([]);
    const value = ioc.read(ANALOGUE);
    await millisecondsUntil(() => ioc.read(ANALOGUE) !== value);
    expect(ioc.counters.sessions).toBe(1);
  }, 180_000);
});
