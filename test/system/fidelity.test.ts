import { describe, expect, it, vi } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { AlarmStatus, Severity } from '../../src/model/index.ts';
import { alarm, demoConfig, demoIoc, field } from '../support/demo-ioc.ts';

const SWITCH = 'T:ETH1:RIO2:MOD3:Channel1';
const SWITCH_SYMBOL = 'Term 12 (EL2024-0010).Channel 1';
const ANALOGUE = 'T:ETH1:RIO1:MOD2:AiStandardChannel1Value';
const good = [AlarmStatus.noAlarm, Severity.noAlarm] as const;

describe('fidelity', () => {
  it('shows a pulse that is shorter than a batch, with the time of each edge', async () => {
    await using scope = new Scope();
    const ioc = await demoIoc(scope, demoConfig.replace('flush: 0.01', 'flush: 0.5'));
    await alarm(ioc, `${SWITCH}_RBV`, good);
    const { slot } = await field(ioc, `${SWITCH}_RBV`);
    const seen: { value: number; time: number }[] = [];
    const posted = ioc.directory.posted$.subscribe(({ count, slots }) => {
      if (!slots.subarray(0, count).includes(slot)) return;
      const { number, seconds, nanoseconds } = ioc.directory.columns;
      const time = (seconds[slot] ?? 0) + (nanoseconds[slot] ?? 0) / 1e9;
      seen.push({ value: number[slot] ?? -1, time });
    });
    ioc.simulator.write(SWITCH_SYMBOL, 1);
    const began = ioc.simulator.counters.cycles;
    // A cycle of the plant has seen it: 10 ms.
    await vi.waitFor(() => expect(ioc.simulator.counters.cycles).toBeGreaterThan(began + 1), {
      timeout: 5000,
      interval: 1,
    });
    ioc.simulator.write(SWITCH_SYMBOL, 0);
    await vi.waitFor(() => expect(seen).toHaveLength(2), { timeout: 5000 });
    posted.unsubscribe();
    expect(seen.map(({ value }) => value)).toEqual([1, 0]);
    const [up, down] = seen;
    const width = (down?.time ?? 0) - (up?.time ?? 0);
    expect(width).toBeGreaterThan(0.005);
    expect(width).toBeLessThan(0.4);
  });

  it('needs few notifications for a plant, and as many as regions when it must not group', async () => {
    await using scope = new Scope();
    const few = await demoIoc(scope);
    await alarm(few, ANALOGUE, good);
    expect(few.simulator.counters.notificationHandles).toBeLessThan(10);
    const many = await demoIoc(scope, `${demoConfig}\nnotifications: { group: false }\n`);
    await alarm(many, ANALOGUE, good);
    await vi.waitFor(
      () => expect(many.simulator.counters.notificationHandles).toBeGreaterThan(50),
      { timeout: 5000 },
    );
  });

  it('turns a value INVALID while its working counter is wrong, and names it', async () => {
    await using scope = new Scope();
    const ioc = await demoIoc(scope);
    await alarm(ioc, ANALOGUE, good);
    ioc.simulator.faults.setSlaveState('Term 5 (EL3104)', 4);
    await alarm(ioc, ANALOGUE, [AlarmStatus.comm, Severity.invalid]);
    expect(String((await field(ioc, `${ANALOGUE}.AMSG`)).read())).toMatch(
      /wcstate|ecat_state|infodata_state/,
    );
    ioc.simulator.faults.setSlaveState('Term 5 (EL3104)', 8);
    await alarm(ioc, ANALOGUE, good);
  });
});
