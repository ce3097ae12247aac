import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/kernel/index.ts';
import type { Chain } from '../../src/model/index.ts';
import { simulate } from '../../src/simulator/index.ts';
import { chainOf, definitions } from './support/plant.ts';
import { serve } from './support/serve.ts';

const VALUE = 'Term 1 (EL3104).AI Standard Channel 1.Value';
const STATUS = 'Term 1 (EL3104).AI Standard Channel 1.Status';

const withSignals = (types: string[], signals: Chain['signals']) => chainOf(types, { signals });

describe('inputs', () => {
  it('of the same seed and clock are the same', async () => {
    const course = async (seed: number) => {
      await using setup = await serve(chainOf(['EL3104', 'EL1014', 'ELM3704']), { seed });
      setup.clock.advance(1230);
      return ['Term 1 (EL3104).AI Standard Channel 1', 'Term 3 (ELM3704).Samples Channel 1'].map(
        (name) => Buffer.from(setup.simulator.readBytes(name)).toString('hex'),
      );
    };
    expect(await course(7)).toEqual(await course(7));
    expect(await course(7)).not.toEqual(await course(8));
  });

  it('that are analogue stay within the range of their terminal, and move', async () => {
    await using setup = await serve(chainOf(['EL3104']));
    const seen: number[] = [];
    for (let i = 0; i < 200; i++) {
      setup.clock.advance(50);
      seen.push(Number(setup.simulator.read(VALUE)));
    }
    expect(Math.max(...seen)).toBeLessThanOrEqual(32767);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(-32768);
    expect(Math.max(...seen) - Math.min(...seen)).toBeGreaterThan(10_000);
  });

  it('toggle, count and stand as the chain says', async () => {
    const chain = withSignals(['EL3104', 'EL1014', 'ELM3704'], {
      [VALUE]: { kind: 'constant', value: -5 },
      'Term 2 (EL1014).Channel 1': { kind: 'toggle', period: 1 },
      'Term 3 (ELM3704).CycleCount': { kind: 'count', rate: 100 },
    });
    await using setup = await serve(chain);
    const bits: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      setup.clock.advance(1000);
      bits.push(setup.simulator.read('Term 2 (EL1014).Channel 1'));
    }
    expect(bits[0]).not.toBe(bits[1]);
    expect(bits.slice(0, 2)).toEqual(bits.slice(2));
    expect(setup.simulator.read(VALUE)).toBe(-5);
    expect(setup.simulator.read('Term 3 (ELM3704).CycleCount')).toBe(400);
  });

  it('fill arrays with the samples of one cycle', async () => {
    const samples = 'Term 1 (ELM3704).Samples Channel 1.Samples';
    const chain = withSignals(['ELM3704'], { [samples]: { kind: 'count', rate: 1000 } });
    await using setup = await serve(chain);
    setup.clock.advance(100);
    expect([...(setup.simulator.read(samples) as Int16Array)]).toEqual([
      100, 101, 102, 103, 104, 105, 106, 107, 108, 109,
    ]);
  });

  it('follow the outputs that are wired to them', async () => {
    const chain = chainOf(['EL2024', 'EL1014'], {
      loops: [{ from: 'Term 1 (EL2024).Channel 3', to: 'Term 2 (EL1014).Channel 2' }],
    });
    await using setup = await serve(chain);
    setup.clock.advance(10);
    expect(setup.simulator.read('Term 2 (EL1014).Channel 2')).toBe(0);
    setup.simulator.write('Term 1 (EL2024).Channel 3', 1);
    setup.clock.advance(10);
    expect(setup.simulator.read('Term 2 (EL1014).Channel 2')).toBe(1);
  });

  it('toggle a bit of status words and InputToggle each cycle', async () => {
    await using setup = await serve(chainOf(['EL3104']));
    const toggles = () => [
      Number(setup.simulator.read(STATUS)) >> 15,
      setup.simulator.read('Term 1 (EL3104).WcState.InputToggle'),
    ];
    setup.clock.advance(10);
    const first = toggles();
    setup.clock.advance(10);
    expect(toggles()).toEqual(first.map((bit) => (bit === 0 ? 1 : 0)));
    setup.clock.advance(10);
    expect(toggles()).toEqual(first);
  });

  it('tell that power is good', async () => {
    await using setup = await serve(chainOf(['EL9510']));
    setup.clock.advance(10);
    expect(setup.simulator.read('Term 1 (EL9510).Status Uo.Status')).toBe(1);
  });

  it('freeze with WcState set while their slave is not in OP', async () => {
    await using setup = await serve(chainOf(['EL3104', 'EL3104']));
    const wcState = (n: number) => setup.simulator.read(`Term ${n} (EL3104).WcState.WcState`);
    setup.simulator.faults.setSlaveState('Term 1 (EL3104)', 4);
    setup.clock.advance(10);
    const frozen = setup.simulator.read(VALUE);
    setup.clock.advance(500);
    expect(setup.simulator.read(VALUE)).toBe(frozen);
    expect([wcState(1), wcState(2)]).toEqual([1, 0]);
    expect(setup.simulator.read('Inputs.DevState')).toBe(1);
    setup.simulator.faults.setSlaveState('Term 1 (EL3104)', 8);
    setup.clock.advance(500);
    expect(setup.simulator.read(VALUE)).not.toBe(frozen);
    expect([wcState(1), setup.simulator.read('Inputs.DevState')]).toEqual([0, 0]);
  });

  it('must exist where the chain speaks of them, and wires must fit', async () => {
    const start = (chain: Chain) => simulate(chain, definitions, { port: 0, log: silentLog });
    const missing = { 'Term 9.Value': { kind: 'constant', value: 1 } } as const;
    await expect(start(withSignals(['EL3104'], missing))).rejects.toThrow(/"Term 9.Value"/);
    const loops = [{ from: 'Term 2 (EL2024).Channel 1', to: VALUE }];
    await expect(start(chainOf(['EL3104', 'EL2024'], { loops }))).rejects.toThrow(
      /1 bits.*16 bits/,
    );
  });
});
