import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Directory, fieldText, type PvValue } from '../../src/pv/index.ts';
import { type RecordTypeName, recordTypes } from '../../src/records/index.ts';
import { Rig } from '../records/rig.ts';

const value: fc.Arbitrary<PvValue> = fc.oneof(
  fc.string(),
  fc.double(),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 65n }),
  fc.array(fc.string(), { maxLength: 4 }),
  fc.float64Array({ maxLength: 4 }),
  fc.uint8Array({ maxLength: 4 }),
);
const origin = { user: 'any', host: 'any' };
const { signal } = new AbortController();

describe.each(Object.keys(recordTypes) as RecordTypeName[])('every field of %s', (type) => {
  const rig = new Rig();
  const directory = new Directory(rig.records);
  rig.records.add({ name: 'S', type, role: 'soft' });
  const names = [...recordTypes[type].fields.keys()];

  it('reads as what its type says', () => {
    for (const name of names) {
      const field = directory.find(`S.${name}`);
      const expected =
        field?.type === 'STRING' || field?.type.endsWith('LINK') ? 'string' : /number|bigint/;
      if (recordTypes[type].kind === 'array' && name === 'VAL') continue;
      expect(typeof field?.read(), name).toMatch(expected);
    }
  });

  it('answers whatever is put to it, and stays readable', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), value, (name, put) => {
        const field = directory.find(`S.${name}`);
        if (!field) throw new Error(`no ${name}`);
        const outcome = field.put(put, origin, signal);
        expect(outcome).toHaveProperty('kind');
        const read = field.read();
        const first = typeof read === 'object' ? (read[0] ?? '') : read;
        expect(typeof fieldText(field, first)).toBe('string');
        expect(field.metadata().labels).toBeInstanceOf(Array);
        directory.flush();
        directory.find('S.DISP')?.put(0, origin, signal);
      }),
      { numRuns: 300 },
    );
  });
});
