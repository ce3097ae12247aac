import { describe, expect, it } from 'vitest';
import { f64 } from '../../src/model/index.ts';
import {
  type Metadata,
  metadataOf,
  type RecordSpec,
  type RecordTypeName,
} from '../../src/records/index.ts';
import { Rig } from './rig.ts';

function metadata(
  type: RecordTypeName,
  fields: NonNullable<RecordSpec['fields']>,
  field = 'VAL',
): Metadata {
  const rig = new Rig();
  const slot = rig.records.add({ name: 'S', type, role: 'soft', fields });
  const found = rig.records.field(slot, field);
  if (!found) throw new Error(`no ${field}`);
  return metadataOf(rig.records.columns, found);
}

const shown = { HOPR: 100, LOPR: -100, EGU: 'mm', PREC: 3 };
const limits = { HIHI: 4, HIGH: 3, LOW: 2, LOLO: 1 };
const none = { low: 0, high: 0 };

// facts/ca.md section 11, "Metadata of VAL".
describe('limits', () => {
  it('of an input are HOPR and LOPR, twice', () => {
    const { display, control } = metadata('ai', shown);
    expect(display).toEqual({ low: -100, high: 100 });
    expect(control).toEqual({ low: -100, high: 100 });
  });

  it('of an ao are DRVL and DRVH even when both are 0', () => {
    expect(metadata('ao', shown).control).toEqual(none);
  });

  it.each(['longout', 'int64out'] as const)('of a %s are the drive limits if a range', (type) => {
    const { PREC: _, ...fields } = shown;
    expect(metadata(type, fields).control).toEqual({ low: -100, high: 100 });
    const driven = metadata(type, { ...fields, DRVL: -5, DRVH: 5 });
    expect(driven.control).toEqual({ low: -5, high: 5 });
    expect(driven.display).toEqual({ low: -100, high: 100 });
  });

  it.each(['HIHI', 'LOLO', 'MLST', 'LALM'])('of %s are those of VAL', (field) => {
    expect(metadata('ai', shown, field).display).toEqual({ low: -100, high: 100 });
  });

  it('of other fields are the range of their type', () => {
    expect(metadata('ai', shown, 'PREC').display).toEqual({ low: -32768, high: 32767 });
    expect(metadata('ai', shown, 'SMOO').display).toEqual({ low: -1e300, high: 1e300 });
  });

  it('of states and texts are none', () => {
    expect(metadata('bi', {}).display).toEqual(none);
    expect(metadata('stringin', {}, 'PHAS').display).toEqual(none);
  });

  it('of NORD are its bounds', () => {
    expect(metadata('waveform', { NELM: 7 }, 'NORD').display).toEqual({ low: 0, high: 7 });
  });
});

describe('alarm limits', () => {
  it('are those that have a severity', () => {
    const { alarm } = metadata('ai', { ...limits, HSV: 'MINOR' });
    expect(alarm).toEqual({ hihi: Number.NaN, high: 3, low: Number.NaN, lolo: Number.NaN });
  });

  it('of an int64out need none', () => {
    expect(metadata('int64out', limits).alarm).toEqual({ hihi: 4, high: 3, low: 2, lolo: 1 });
  });

  it('are of VAL only', () => {
    expect(metadata('ai', { ...limits, HSV: 'MINOR' }, 'HIHI').alarm.high).toBeNaN();
  });
});

describe('units', () => {
  it.each([
    ['ai', 'VAL', 'mm'],
    ['ai', 'HYST', 'mm'],
    ['ai', 'ASLO', ''],
    ['ai', 'RVAL', ''],
    ['waveform', 'VAL', 'mm'],
    ['waveform', 'NORD', ''],
  ] as const)('of %s.%s are "%s"', (type, field, units) => {
    expect(
      metadata(type, { EGU: 'mm', ...(type === 'waveform' ? { FTVL: 'LONG' } : {}) }, field).units,
    ).toBe(units);
  });

  it('are not those of a row of texts', () => {
    expect(metadata('waveform', { EGU: 'mm', FTVL: 'STRING' }).units).toBe('');
  });

  it('of integers are those of their LONG fields', () => {
    expect(metadata('longin', { EGU: 'n' }, 'HIHI').units).toBe('n');
    expect(metadata('longin', { EGU: 'n' }, 'PHAS').units).toBe('');
  });
});

describe('precision', () => {
  it('is PREC for floating-point fields', () => {
    expect(metadata('ai', shown).precision).toBe(3);
    expect(metadata('ai', shown, 'HYST').precision).toBe(3);
    expect(metadata('ai', shown, 'RVAL').precision).toBe(0);
  });

  it('is 15 beside VAL when PREC is out of range', () => {
    expect(metadata('ai', { PREC: 20 }, 'HIHI').precision).toBe(15);
    expect(metadata('ai', { PREC: 20 }).precision).toBe(20);
  });
});

describe('labels', () => {
  it.each([
    [{}, ['', '']],
    [{ ZNAM: 'off' }, ['off']],
    [{ ONAM: 'on' }, ['', 'on']],
    [{ ZNAM: 'off', ONAM: 'on' }, ['off', 'on']],
  ])('of a bi with %o', (fields, labels) => {
    expect(metadata('bi', fields).labels).toEqual(labels);
  });

  it('of an mbbi end at the last that has a name', () => {
    expect(metadata('mbbi', { ZRST: 'a', TWST: 'c' }).labels).toEqual(['a', '', 'c']);
  });

  it('of a menu are its choices', () => {
    expect(metadata('bi', {}, 'SEVR').labels).toEqual(['NO_ALARM', 'MINOR', 'MAJOR', 'INVALID']);
    expect(metadata('longin', {}, 'DTYP').labels[0]).toBe('Soft Channel');
  });

  it('of a number are none', () => {
    const rig = new Rig();
    rig.input('A', 'ai', f64);
    expect(metadata('ai', {}).labels).toEqual([]);
  });
});
