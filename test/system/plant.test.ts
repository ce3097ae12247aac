import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scope, unixMs } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import {
  alarm,
  demoConfig,
  demoIoc,
  field,
  put,
  reads,
  shippedChain,
  temporaryFile,
} from '../support/demo-ioc.ts';

const good = [AlarmStatus.noAlarm, Severity.noAlarm] as const;
const away = [AlarmStatus.comm, Severity.invalid] as const;

const ANALOGUE = 'T:ETH1:RIO1:MOD2:AiStandardChannel1Value';
const SWITCH = 'T:ETH1:RIO2:MOD3:Channel1';
const SWITCH_SYMBOL = 'Term 12 (EL2024-0010).Channel 1';
const USER_GAIN = 'T:ETH1:RIO1:MOD2:UserScaleGainIdx8000';

describe('an IOC on a simulated plant', () => {
  let scope: Scope;
  let ioc: Awaited<ReturnType<typeof demoIoc>>;

  beforeEach(async () => {
    scope = new Scope();
    ioc = await demoIoc(scope);
  });

  afterEach(() => scope[Symbol.asyncDispose]());

  it('serves an analogue input in volts, with the plant’s time', async () => {
    await alarm(ioc, ANALOGUE, good);
    const { slot, read, metadata } = bound(await field(ioc, ANALOGUE));
    expect(metadata()).toMatchObject({ units: 'V', precision: 4, display: { low: -10, high: 10 } });
    const first = read();
    await vi.waitFor(() => expect(read()).not.toBe(first), { timeout: 5000 });
    expect(Math.abs(Number(read()))).toBeLessThanOrEqual(10);
    const { seconds, nanoseconds } = ioc.directory.columns;
    const age = Date.now() - unixMs(seconds[slot] ?? 0, nanoseconds[slot] ?? 0);
    expect(age).toBeLessThan(5000);
  });

  it('moves a read-back through the plant when its output is put to', async () => {
    expect(await put(ioc, SWITCH, 'On')).toEqual({ kind: 'done' });
    expect(ioc.simulator.read(SWITCH_SYMBOL)).toBe(1);
    await reads(ioc, `${SWITCH}_RBV`, 1);
    expect(await put(ioc, SWITCH, 0)).toEqual({ kind: 'done' });
    await reads(ioc, `${SWITCH}_RBV`, 0);
  });

  it('gives a setpoint the value that the plant has at the start', async () => {
    await alarm(ioc, SWITCH, good);
    await alarm(ioc, USER_GAIN, good);
    expect((await field(ioc, USER_GAIN)).read()).toBe(
      (await field(ioc, `${USER_GAIN}_RBV`)).read(),
    );
  });

  it('writes an object of a terminal and reads it back', async () => {
    expect(await put(ioc, USER_GAIN, 70_000)).toEqual({ kind: 'done' });
    await reads(ioc, `${USER_GAIN}_RBV`, 70_000);
  });

  it('says in SDO words why an object was not written, and keeps what it holds', async () => {
    expect(await put(ioc, USER_GAIN, 70_000)).toEqual({ kind: 'done' });
    await reads(ioc, `${USER_GAIN}_RBV`, 70_000);
    const { faults } = ioc.simulator;
    faults.abortSdo('Term 5 (EL3104)', 0x8000, 0x12, 0x0609_0031);
    expect(await put(ioc, USER_GAIN, 80_000)).toEqual({
      kind: 'failed',
      text: expect.stringContaining('SDO: value too high'),
      code: 0x0609_0031,
    });
    await alarm(ioc, USER_GAIN, [AlarmStatus.write, Severity.invalid]);
    faults.abortSdo('Term 5 (EL3104)', 0x8000, 0x12, 0);
    expect(await put(ioc, 'T:ETH1:RIO1:MOD2:RefreshCoe', 1)).toEqual({ kind: 'done' });
    await alarm(ioc, `${USER_GAIN}_RBV`, good);
    await reads(ioc, `${USER_GAIN}_RBV`, 70_000);
    expect(await put(ioc, USER_GAIN, 80_000)).toEqual({ kind: 'done' });
    await alarm(ioc, USER_GAIN, good);
  });

  it('puts to one setpoint in order, and ends with the last', async () => {
    await alarm(ioc, SWITCH, good);
    const outcomes = await Promise.all([1, 0, 1, 0, 1].map((value) => put(ioc, SWITCH, value)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(ioc.simulator.read(SWITCH_SYMBOL)).toBe(1);
  });

  it('polls what sends no notifications', async () => {
    await alarm(ioc, 'T:ETH1:RIO1:MOD2:CrcErrorSum', good);
    ioc.simulator.faults.addCrcErrors('Term 5 (EL3104)', 1, 7);
    await reads(ioc, 'T:ETH1:RIO1:MOD2:CrcErrorPortB', 7);
    await reads(ioc, 'T:ETH1:RIO1:MOD2:CrcErrorSum', 7);
    ioc.simulator.faults.setSlaveState('Term 5 (EL3104)', 4);
    await reads(ioc, 'T:ETH1:RIO1:MOD2:StateMachine', 4);
  });

  it('turns everything INVALID when the plant goes, and good again when it returns', async () => {
    const names = [ANALOGUE, SWITCH, USER_GAIN, 'T:ETH1:Name'];
    for (const name of names) await alarm(ioc, name, good);
    ioc.simulator.faults.stopListening();
    ioc.simulator.faults.disconnectAll();
    for (const name of names) await alarm(ioc, name, away);
    const last = (await field(ioc, ANALOGUE)).read();
    expect(last).not.toBe(0);
    expect(await put(ioc, SWITCH, 1)).toMatchObject({ kind: 'refused', reason: 'away' });
    await ioc.simulator.faults.listenAgain();
    for (const name of names) await alarm(ioc, name, good);
    expect(await put(ioc, SWITCH, 1)).toEqual({ kind: 'done' });
    expect(ioc.counters.sessions).toBe(2);
  });

  it('notices a plant that stays connected but answers no more', async () => {
    await alarm(ioc, ANALOGUE, good);
    ioc.simulator.faults.stopAnswering();
    await alarm(ioc, ANALOGUE, away);
    ioc.simulator.faults.answerAgain();
    await alarm(ioc, ANALOGUE, good);
  });

  it('deletes its notifications when it stops', async () => {
    await alarm(ioc, ANALOGUE, good);
    expect(ioc.simulator.counters.notificationHandles).toBeGreaterThan(0);
    await ioc[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(ioc.simulator.counters.notificationHandles).toBe(0));
  });
});

describe('a status word', () => {
  it('is read once, and its bits are derived from their true positions', async () => {
    await using scope = new Scope();
    const signal = '  Term 6 (EL3602).AI Inputs Channel 1.Status: { constant: 0x4049 }\n\nloops:';
    const chain = readFileSync(shippedChain, 'utf8').replace('\nloops:', signal);
    const file = temporaryFile(scope, 'chain.yaml', chain);
    const ioc = await demoIoc(scope, demoConfig.replace(shippedChain, file));
    const word = 'T:ETH1:RIO1:MOD3:AiInputsChannel1';
    await reads(ioc, word, 0x4049);
    await reads(ioc, `${word}Underrange`, 1);
    await reads(ioc, `${word}Overrange`, 0);
    await reads(ioc, `${word}Limit1`, 2);
    await reads(ioc, `${word}Limit2`, 0);
    await reads(ioc, `${word}Error`, 1);
    await reads(ioc, `${word}TxpdoState`, 1);
    await reads(ioc, `${word}TxpdoToggle`, 0);
  });
});

function bound<T extends { read(): unknown; metadata(): unknown; slot: number }>(found: T) {
  return { slot: found.slot, read: () => found.read(), metadata: () => found.metadata() };
}
