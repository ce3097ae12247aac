import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { Severity } from '../../src/model/index.ts';
import { put, shippedChain } from '../support/demo-ioc.ts';
import { figure, millisecondsUntil, seconds } from '../support/figures.ts';
import {
  ANALOGUE,
  defaultsConfig,
  SWITCH,
  SWITCH_SYMBOL,
  type WatchedIoc,
  watchedIoc,
} from '../support/watched-ioc.ts';

// Row 8 of the fault table: slaves come, go and are exchanged. Settings are the defaults.

const TERM_5 = 'Term 5 (EL3104)';
const MOD2 = 'T:ETH1:RIO1:MOD2';
const GAIN = `${MOD2}:UserScaleGainIdx8000`;
const OTHERS = [`${SWITCH}_RBV`, 'T:ETH1:RIO2:MOD4:Channel1', 'T:ETH1:RIO1:MOD3:StateMachine'];

describe('slaves that come and go', () => {
  let scope: Scope;
  let ioc: WatchedIoc;
  let blinks: readonly string[];

  beforeEach(async () => {
    scope = new Scope();
    ioc = await watchedIoc(scope);
    const all = [ANALOGUE, `${GAIN}_RBV`, ...OTHERS];
    await millisecondsUntil(() => all.every((name) => ioc.isGood(name)));
    // The slaves are known to be well.
    await pause(1000);
    blinks = ioc.blinks(OTHERS);
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('row 8: turns the values of an unplugged slave INVALID, and of no other', async () => {
    ioc.simulator.faults.unplug(TERM_5);
    const loss = await millisecondsUntil(() => ioc.isInvalid(ANALOGUE) && ioc.isInvalid(GAIN));
    figure(8, 'slave unplugged: its values INVALID after', seconds(loss), '≤ 2 s');
    expect(ioc.state()).toBe('Degraded');
    expect(ioc.text()).toContain(`${TERM_5} is not there: INIT, not present`);
    expect(await put(ioc, GAIN, 1)).toMatchObject({ kind: 'refused', reason: 'away' });
    ioc.simulator.faults.replug(TERM_5);
    const names = [ANALOGUE, GAIN, `${GAIN}_RBV`];
    const back = await millisecondsUntil(() => names.every((name) => ioc.isGood(name)));
    figure(8, 'slave replugged: its values good again after', seconds(back), '≤ 2 s');
    expect(ioc.state()).toBe('Connected');
    expect(blinks).toEqual([]);
  });

  it('row 8: never serves the values of another terminal that was plugged in', async () => {
    const before = ioc.read(ANALOGUE);
    ioc.simulator.faults.exchangeSlave(TERM_5, { type: 'EL3602' });
    await millisecondsUntil(() => ioc.severity(`${MOD2}:Identity`) === Severity.major);
    expect(ioc.isInvalid(ANALOGUE)).toBe(true);
    expect(ioc.isInvalid(GAIN)).toBe(true);
    expect(ioc.text()).toMatch(/Term 5 \(EL3104\): expected EL3104 .*, found vendor/);
    const held = ioc.read(ANALOGUE);
    await pause(500);
    expect(ioc.read(ANALOGUE)).toBe(held);
    expect(before).toBeDefined();
    expect(ioc.lines.some((text) => text.startsWith(`${TERM_5} exchanged: product`))).toBe(true);
    ioc.simulator.faults.exchangeSlave(TERM_5, { type: 'EL3104' });
    await millisecondsUntil(() => ioc.isGood(ANALOGUE) && ioc.isGood(`${MOD2}:Identity`));
    expect(blinks).toEqual([]);
  });

  it('row 8: tells a spare of the same type by its serial number, and serves it', async () => {
    ioc.simulator.faults.exchangeSlave(TERM_5, { serial: 4711 });
    ioc.simulator.faults.setSlaveState(TERM_5, 1);
    await pause(1500);
    ioc.simulator.faults.setSlaveState(TERM_5, 8);
    const told = () => ioc.lines.some((text) => text.includes('serial number 0 -> 4711'));
    await millisecondsUntil(told);
    await millisecondsUntil(() => ioc.isGood(ANALOGUE));
    expect(ioc.isGood(`${MOD2}:Identity`)).toBe(true);
    expect(blinks).toEqual([]);
  });

  it('row 8: serves a slave that was added, while nobody else blinks', async () => {
    const name = ioc.simulator.faults.addSlave(1, 'EL1014');
    const served = await millisecondsUntil(() => ioc.isGood('T:ETH1:RIO2:MOD15:Channel1'));
    figure(8, 'slave added: its PVs there and good after', seconds(served), '≤ 2 s');
    expect(ioc.lines).toContain(`${name} added`);
    expect(ioc.lines).toContain(`${name} is served as T:ETH1:RIO2:MOD15…`);
    expect(ioc.counters.sessions).toBe(1);
    await millisecondsUntil(() => ioc.read('T:IOC:SlavesAdded') === 1);
    expect(String(ioc.read('T:IOC:LastChange'))).toContain(`${name} added; ${name} is served as`);
    expect(blinks).toEqual([]);
  });

  it('row 8: serves a slave put between others under a name of its own', async () => {
    const name = ioc.simulator.faults.addSlave(1, 'EL3104', TERM_5);
    const path = `${MOD2}a`;
    const brought = ['AiStandardChannel1Value', 'UserScaleGainIdx8000', 'StateMachine'];
    await millisecondsUntil(() => brought.every((each) => ioc.isGood(`${path}:${each}`)));
    expect(String(ioc.read(`${path}:Name`))).toBe(name);
    expect(ioc.lines).toContain(
      `${name} is served as ${path}… until the IOC is restarted: ${MOD2}… belong to ${TERM_5}`,
    );
    // Who was there keeps its names, and its values.
    await millisecondsUntil(() => ioc.isGood(ANALOGUE));
    expect(String(ioc.read(`${MOD2}:Name`))).toBe(TERM_5);
    await put(ioc, `${path}:UserScaleGainIdx8000`, 70_000);
    await millisecondsUntil(() => ioc.read(`${path}:UserScaleGainIdx8000_RBV`) === 70_000);
    expect(ioc.read(`${GAIN}_RBV`)).not.toBe(70_000);
    expect(blinks).toEqual([]);
  });

  it('row 8: turns a removed slave INVALID; those behind it keep their names', async () => {
    ioc.simulator.faults.removeSlave(TERM_5);
    await millisecondsUntil(
      () => ioc.isInvalid(ANALOGUE) && ioc.lines.includes(`${TERM_5} removed`),
    );
    // Term 12 would be somewhere else only if positions were names.
    await millisecondsUntil(async () => (await put(ioc, SWITCH, 1)).kind === 'done');
    expect(ioc.simulator.read(SWITCH_SYMBOL)).toBe(1);
    expect(String(ioc.read('T:ETH1:RIO1:MOD3:Name'))).toBe('Term 6 (EL3602)');
    expect(ioc.isInvalid(`${MOD2}:StateMachine`)).toBe(true);
    expect(blinks).toEqual([]);
  });

  it('row 8: does not give the names of a terminal to another type in its place', async () => {
    ioc.simulator.faults.replaceSlave(TERM_5, 'EL3602');
    await millisecondsUntil(() => ioc.lines.includes('Term 5 replaced: EL3104 -> EL3602'));
    await millisecondsUntil(() => ioc.isInvalid(ANALOGUE) && ioc.isInvalid(`${MOD2}:StateMachine`));
    expect(ioc.read(`${MOD2}:Type`)).toBe('EL3104');
    await millisecondsUntil(() => ioc.isGood(`${MOD2}a:StateMachine`));
    expect(ioc.read(`${MOD2}a:Type`)).toBe('EL3602');
    expect(ioc.lines.some((text) => text.includes(`belong to ${TERM_5}`))).toBe(true);
    await millisecondsUntil(() => ioc.read('T:IOC:SlavesGone') === 1);
    expect(blinks).toEqual([]);
  });

  it('row 8: gives the names of a terminal that is gone to a spare of it in its place', async () => {
    const { faults } = ioc.simulator;
    await put(ioc, GAIN, 70_000);
    faults.unplug(TERM_5);
    await millisecondsUntil(() => ioc.state() === 'Degraded');
    faults.removeSlave(TERM_5);
    await millisecondsUntil(() => ioc.lines.includes(`${TERM_5} removed`));
    // Who is not configured any more is not missed any more.
    await millisecondsUntil(() => ioc.state() === 'Connected');
    const spare = faults.addSlave(1, 'EL3104', 'Term 6 (EL3602)');
    await millisecondsUntil(() => ioc.isGood(ANALOGUE) && ioc.isGood(GAIN));
    expect(String(ioc.read(`${MOD2}:Name`))).toBe(spare);
    expect(ioc.lines).toContain(`${spare} takes over the names ${MOD2}… of ${TERM_5}`);
    // A setpoint is taken from the spare: nobody knows what it was made for.
    await millisecondsUntil(() => ioc.read(`${GAIN}_RBV`) !== 70_000);
    await millisecondsUntil(() => ioc.read(GAIN) === ioc.read(`${GAIN}_RBV`));
    expect(await put(ioc, GAIN, 80_000)).toEqual({ kind: 'done' });
    await millisecondsUntil(() => ioc.read(`${GAIN}_RBV`) === 80_000);
    expect(blinks).toEqual([]);
  });

  it('tells clients to search again when there are new PVs', async () => {
    await using own = new Scope();
    const beacons = 'beacons: { auto: false, addresses: ["127.0.0.1:9"], period: 60 }';
    const config = defaultsConfig.replace(/beacons: {.*?}/, beacons);
    const { ca, simulator, directory } = await watchedIoc(own, config);
    await millisecondsUntil(() => directory.has(ANALOGUE));
    await pause(700);
    const beaconsSent = () => ca?.counters.beacons ?? 0;
    const before = beaconsSent();
    simulator.faults.addSlave(1, 'EL1014');
    // Without it there would be two in three seconds, their pauses being twice as long each time.
    await millisecondsUntil(() => beaconsSent() >= before + 5, 3000);
  });

  it('looks again when asked to, and nobody blinks', async () => {
    const every = ioc.blinks([...ioc.directory.names()]);
    expect(await put(ioc, 'T:Rescan', 1)).toEqual({ kind: 'done' });
    await pause(500);
    expect(every).toEqual([]);
    expect(ioc.counters.sessions).toBe(1);
  });

  it('reads the objects of a slave again when it was restarted, and when asked to', async () => {
    await put(ioc, GAIN, 70_000);
    const { faults } = ioc.simulator;
    faults.exchangeSlave(TERM_5, { type: 'EL3104' });
    faults.setSlaveState(TERM_5, 2);
    await pause(1500);
    faults.setSlaveState(TERM_5, 8);
    await millisecondsUntil(() => ioc.read(`${GAIN}_RBV`) !== 70_000);
    await put(ioc, GAIN, 80_000);
    // Its objects are as after power-up, and nothing tells.
    faults.exchangeSlave(TERM_5, { type: 'EL3104' });
    await pause(300);
    expect(ioc.read(`${GAIN}_RBV`)).toBe(80_000);
    expect(await put(ioc, `${MOD2}:RefreshCoe`, 1)).toEqual({ kind: 'done' });
    await millisecondsUntil(() => ioc.read(`${GAIN}_RBV`) !== 80_000);
  });
});

describe('setpoints when the plant returns', () => {
  it('read, write or ignore, as the rules say', async () => {
    await using scope = new Scope();
    const ioc = await watchedIoc(
      scope,
      `
prefix: T
simulate: { chain: ${shippedChain} }
plant: { retry: { first: 0.1, longest: 1 } }
setpoints:
  - { pv: 'T:*:RIO2:MOD3:Channel1', policy: write }
  - { pv: 'T:*:RIO2:MOD3:Channel2', policy: ignore }
ca: { port: 0, interfaces: [127.0.0.1], beacons: { auto: false, addresses: [] } }
log: { level: silent }
`,
    );
    const channel = (n: number) => `T:ETH1:RIO2:MOD3:Channel${n}`;
    const symbol = (n: number) => `Term 12 (EL2024-0010).Channel ${n}`;
    for (const n of [1, 2, 3]) {
      await millisecondsUntil(() => ioc.isGood(channel(n)));
      await put(ioc, channel(n), 1);
    }
    const { faults } = ioc.simulator;
    const back = faults.restart(300);
    for (const n of [1, 2, 3]) ioc.simulator.write(symbol(n), 0);
    await back;
    await millisecondsUntil(() => ioc.counters.sessions === 2);
    await millisecondsUntil(() => [1, 2, 3].every((n) => ioc.isGood(channel(n))));
    await millisecondsUntil(() => ioc.simulator.read(symbol(1)) === 1);
    expect(ioc.read(channel(1))).toBe(1);
    expect([ioc.read(channel(2)), ioc.simulator.read(symbol(2))]).toEqual([1, 0]);
    expect([ioc.read(channel(3)), ioc.simulator.read(symbol(3))]).toEqual([0, 0]);
  });
});
