import { describe, expect, it } from 'vitest';
import { type Attribute, i16 } from '../../src/model/index.ts';
import { SharedAttributes } from '../../src/pipeline/shared-attributes.ts';

/** A new object each time, as discovery makes them. */
const value = (more: Partial<Attribute> = {}): Attribute => ({
  ...{ name: 'value', description: 'Value', datatype: { ...i16 }, access: 'r' },
  ...{ unit: 'V', labels: [{ value: 0, label: 'Off' }], source: { byte: Math.random() } },
  ...more,
});

describe('attributes of terminals of a type', () => {
  it('are one object, without where they come from', () => {
    const shared = new SharedAttributes();
    const first = shared.of('EL3104', value());
    expect(shared.of('EL3104', value())).toBe(first);
    expect(first).toEqual({ ...value(), source: undefined });
  });

  it('are others where anything differs', () => {
    const shared = new SharedAttributes();
    const first = shared.of('EL3104', value());
    const { unit: _, ...unitless } = value();
    for (const other of [
      value({ description: 'Another' }),
      value({ unit: 'A' }),
      value({ labels: [{ value: 0, label: 'On' }] }),
      value({ datatype: { ...i16, bits: 32 } }),
      unitless,
      value({ precision: 3 }),
    ]) {
      const { source: __, ...meaning } = other;
      expect(shared.of('EL3104', other)).toEqual({ ...meaning, source: undefined });
      expect(shared.of('EL3104', value())).toEqual(first);
    }
    expect(shared.of('EL3124', value())).not.toBe(first);
  });
});
