import { describe, expect, it } from 'vitest';
import { loadTerminalDefinitions } from '../../src/config/index.ts';
import { silentLog } from '../../src/kernel/index.ts';
import { generateChain, simulate } from '../../src/simulator/index.ts';
import { ManualClock } from './support/manual-clock.ts';

describe('a generated plant', () => {
  it('has a coupler before every 19 terminals of mixed types', () => {
    const [device] = generateChain(45).devices;
    const types = device?.slaves.map(({ type }) => type) ?? [];
    expect(types.filter((type) => type === 'EK1100')).toHaveLength(3);
    expect([types[0], types[20], types[40]]).toEqual(['EK1100', 'EK1100', 'EK1100']);
    expect(new Set(types).size).toBe(8);
  });

  it('spreads its slaves on masters, with names that no two have', () => {
    const { devices } = generateChain(100, 3);
    expect(devices.map(({ slaves }) => slaves.length)).toEqual([33, 33, 34]);
    const names = devices.flatMap(({ slaves }) => slaves.map(({ name }) => name));
    expect(new Set(names).size).toBe(100);
    expect(new Set(devices.map(({ netId }) => netId)).size).toBe(3);
    for (const { slaves } of devices) expect(slaves[0]?.address).toBe(1001);
  });

  it.each([1000, 10_000])(
    'of %i slaves starts',
    async (count) => {
      const options = { port: 0, clock: new ManualClock(), log: silentLog };
      const definitions = loadTerminalDefinitions();
      await using simulator = await simulate(generateChain(count, 2), definitions, options);
      expect(simulator.read('Inputs.SlaveCount')).toBe(count / 2);
    },
    30_000,
  );

  it('says what is too much', () => {
    expect(() => generateChain(100_000)).toThrow('100000 slaves');
    expect(() => generateChain(1, 2)).toThrow('1 slaves on 2 masters');
  });
});
