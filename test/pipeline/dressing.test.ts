import { describe, expect, it } from 'vitest';
import { loadTerminalDefinitions } from '../../src/config/index.ts';
import { AlarmStatus, type Attribute, f32, i16, Severity, u16 } from '../../src/model/index.ts';
import { newRecords } from '../../src/pipeline/dressing.ts';
import { recordSpecs } from '../../src/records/index.ts';

const bare = { name: 'v', description: '', access: 'r', source: undefined, template: 't' } as const;

function said(attribute: Attribute) {
  const readback = attribute.access === 'rw' ? { readback: 'V_RBV' } : {};
  const made = newRecords(attribute, recordSpecs(attribute, { pv: 'V', ...readback }), 'EL1');
  return made && { ...made, template: undefined };
}

describe('what templates are told', () => {
  it('is nothing of what has none', () => {
    const { template: _, ...plain } = bare;
    expect(said({ ...plain, datatype: i16 })).toBeUndefined();
  });

  it('are the values of the last counts, as the record computes them', () => {
    const scale = { slope: 10 / 32767, offset: 0 };
    const range = { low: -10, high: 10 };
    expect(said({ ...bare, datatype: i16, scale, range })).toMatchObject({
      ...{ low: -32767 * scale.slope, high: 32767 * scale.slope, step: scale.slope },
    });
    expect(said({ ...bare, datatype: i16, scale: { slope: 0.1, offset: 0 }, range })).toMatchObject(
      { low: -10, high: 10 },
    );
  });

  it('are limits rather than the range, and NaN where there is neither', () => {
    const range = { low: 4, high: 20 };
    const limits = { low: 3.5, high: 21 };
    expect(said({ ...bare, datatype: f32, range, limits })).toMatchObject(limits);
    expect(said({ ...bare, datatype: f32 })).toMatchObject({ low: NaN, high: NaN, step: 0 });
  });

  it('are what may be put: the range, else what the type holds, else no end', () => {
    const wish = { ...bare, access: 'rw' } as const;
    expect(said({ ...wish, datatype: u16, range: { low: 0, high: 100 } })).toMatchObject({
      ...{ value: 'V_RBV', setpoint: 'V', low: 0, high: 100 },
    });
    expect(said({ ...wish, datatype: u16 })).toMatchObject({ low: 0, high: 65535 });
    expect(said({ ...wish, datatype: f32 })).toMatchObject({ low: 0, high: 0 });
  });

  it('are severities of states, of which none is INVALID', () => {
    const alarm = { trouble: [0], status: AlarmStatus.read, severity: Severity.invalid };
    const states = (each: Partial<Attribute>) => said({ ...bare, datatype: u16, ...each })?.states;
    expect(states({ alarm })).toEqual(['MAJOR', 'NO_ALARM']);
    expect(states({ alarm: { ...alarm, trouble: [1], severity: Severity.minor } })).toEqual([
      'NO_ALARM',
      'MINOR',
    ]);
    expect(states({ alarm: { ...alarm, trouble: 'standstill' } })).toEqual([
      'NO_ALARM',
      'NO_ALARM',
    ]);
    expect(states({})).toEqual(['NO_ALARM', 'NO_ALARM']);
  });
});

describe('the shipped definitions', () => {
  const rows = [...loadTerminalDefinitions().values()].flatMap(({ type, symbols }) =>
    symbols.map((row) => ({ type, row })),
  );

  it('give every input of a known range limits that its counts can reach or come near', () => {
    const ranged = rows.filter(({ row }) => row.range && row.access === 'r');
    expect(ranged.length).toBeGreaterThan(10);
    for (const { row } of ranged) {
      const { low, high } = row.limits ?? row.range ?? { low: NaN, high: NaN };
      expect(low).toBeLessThanOrEqual(row.range?.low ?? NaN);
      expect(high).toBeGreaterThanOrEqual(row.range?.high ?? NaN);
    }
  });

  it('neither archive nor bring back times and cycle counters', () => {
    const kept = rows.filter(({ row }) => row.template !== undefined);
    const clocks = kept.filter(({ row }) => /time(stamp)?|cycle ?count|sync/i.test(row.symbol));
    expect(clocks.map(({ type, row }) => `${type} ${row.symbol}`)).toEqual([]);
  });
});
