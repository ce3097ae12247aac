import { describe, expect, it } from 'vitest';
import {
  type Attribute,
  arrayOf,
  bool,
  type Datatype,
  f32,
  f64,
  i8,
  i16,
  i32,
  i64,
  int,
  ProcessImage,
  text,
  u8,
  u16,
  u32,
  u64,
} from '../../src/model/index.ts';
import { RecordTable, recordSpecs } from '../../src/records/index.ts';

function attribute(datatype: Datatype, more: Partial<Attribute> = {}): Attribute {
  return { name: 'x', description: 'An x', datatype, access: 'rw', source: {}, ...more };
}

const names = { pv: 'X', readback: 'X_RBV' };
const scale = { slope: 0.5, offset: 1 };
const labels = [
  { value: 1, label: 'init' },
  { value: 8, label: 'op' },
];

describe('the record types of an attribute', () => {
  it.each<[string, Datatype, Partial<Attribute>, string, string]>([
    ['bool', bool, {}, 'bi', 'bo'],
    ['u8', u8, {}, 'longin', 'longout'],
    ['u16', u16, {}, 'longin', 'longout'],
    ['i32', i32, {}, 'longin', 'longout'],
    ['u32', u32, {}, 'int64in', 'int64out'],
    ['u64', u64, {}, 'int64in', 'int64out'],
    ['i64', i64, {}, 'int64in', 'int64out'],
    ['a scaled integer', i16, { scale }, 'ai', 'ao'],
    ['a float', f32, {}, 'ai', 'ao'],
    ['labels', u8, { labels }, 'mbbi', 'mbbo'],
    ['a bit field with labels', int(2, false), { labels: labels.slice(0, 1) }, 'mbbi', 'mbbo'],
    ['labels below zero', i8, { labels: [{ value: -1, label: 'no' }] }, 'longin', 'longout'],
    ['a short text', text(39), {}, 'stringin', 'stringout'],
    ['a long text', text(40), {}, 'lsi', 'lso'],
    ['an array', arrayOf(i16, 5), {}, 'waveform', 'waveform'],
  ])('of %s', (_what, datatype, more, input, output) => {
    const { value, setpoint } = recordSpecs(attribute(datatype, more), names);
    expect([value.type, setpoint?.type]).toEqual([input, output]);
  });

  it('are not states for more than sixteen labels', () => {
    const many = Array.from({ length: 17 }, (_, value) => ({ value, label: `s${value}` }));
    expect(recordSpecs(attribute(u8, { labels: many }), names).value.type).toBe('longin');
  });
});

describe('the records of an attribute', () => {
  it('are a setpoint and a read-back when it can be written', () => {
    const { value, setpoint } = recordSpecs(attribute(i16), names);
    expect(value).toMatchObject({ name: 'X_RBV', role: 'input' });
    expect(setpoint).toMatchObject({ name: 'X', role: 'setpoint', datatype: i16 });
  });

  it('are one input when it cannot', () => {
    const { value, setpoint } = recordSpecs(attribute(i16, { access: 'r' }), { pv: 'X' });
    expect(value).toMatchObject({ name: 'X', role: 'input' });
    expect(setpoint).toBeUndefined();
  });

  it('are one setpoint when it is a command', () => {
    const { value, setpoint } = recordSpecs(attribute(bool, { access: 'w' }), { pv: 'X' });
    expect(value).toMatchObject({ name: 'X', type: 'bo', role: 'setpoint', datatype: bool });
    expect(setpoint).toBeUndefined();
  });

  it('carry scale, precision, unit and range', () => {
    const more = { scale, precision: 3, unit: 'V', range: { low: -10, high: 10 } };
    expect(recordSpecs(attribute(i16, more), names).value.fields).toEqual({
      DESC: 'An x',
      LINR: 'SLOPE',
      ESLO: 0.5,
      EOFF: 1,
      PREC: 3,
      EGU: 'V',
      LOPR: -10,
      HOPR: 10,
    });
  });

  it.each([
    ['a scaled i16', i16, { scale }, { DRVL: -16383, DRVH: 16384.5 }],
    ['a falling scale', u8, { scale: { slope: -1, offset: 0 } }, { DRVL: -255, DRVH: 0 }],
    ['u16', u16, {}, { DRVL: 0, DRVH: 65535 }],
    ['u32', u32, {}, { DRVL: 0, DRVH: 4294967295 }],
    ['u64', u64, {}, { DRVL: 0n, DRVH: 2n ** 63n - 1n }],
  ])('drive no further than the plant can store: %s', (_what, datatype, more, drive) => {
    expect(recordSpecs(attribute(datatype, more), names).setpoint?.fields).toMatchObject(drive);
  });

  it('name the states of a switch as CATio does, unless it has labels', () => {
    expect(recordSpecs(attribute(bool), names).value.fields).toMatchObject({
      ZNAM: 'False',
      ONAM: 'True',
    });
    const named = attribute(bool, { labels: [{ value: 1, label: 'open' }] });
    expect(recordSpecs(named, names).value.fields).toMatchObject({ ZNAM: 'False', ONAM: 'open' });
  });

  it('give each state its raw value', () => {
    expect(recordSpecs(attribute(u8, { labels }), names).value.fields).toMatchObject({
      ZRVL: 1,
      ZRST: 'init',
      ONVL: 8,
      ONST: 'op',
    });
  });

  it.each<[Datatype & { kind: 'array' }, string]>([
    [arrayOf(bool, 2), 'UCHAR'],
    [arrayOf(i8, 2), 'CHAR'],
    [arrayOf(u16, 2), 'USHORT'],
    [arrayOf(i32, 2), 'LONG'],
    [arrayOf(u32, 2), 'ULONG'],
    [arrayOf(i64, 2), 'DOUBLE'],
    [arrayOf(f32, 2), 'FLOAT'],
    [arrayOf(f64, 2), 'DOUBLE'],
  ])('have rows of the type of their elements', (datatype, element) => {
    expect(recordSpecs(attribute(datatype), names).value.fields).toMatchObject({
      NELM: 2,
      FTVL: element,
    });
  });

  it('have rows of doubles where they are scaled', () => {
    const { value } = recordSpecs(attribute(arrayOf(i16, 2), { scale }), names);
    expect(value.fields).toMatchObject({ FTVL: 'DOUBLE' });
    expect(value.scale).toEqual(scale);
  });

  it('cut a long description after a word', () => {
    const description = 'Reading of the first analog input channel in counts';
    const { value } = recordSpecs(attribute(i16, { description }), names);
    expect(value.fields?.['DESC']).toBe('Reading of the first analog input');
  });

  it('cut a description without words where it must be', () => {
    const { value } = recordSpecs(attribute(i16, { description: 'x'.repeat(60) }), names);
    expect(value.fields?.['DESC']).toBe('x'.repeat(40));
  });

  it('can be made, all of them', () => {
    const records = new RecordTable(new ProcessImage());
    const all = [bool, u8, u16, i32, u32, u64, f32, text(9), text(99), arrayOf(i16, 3)];
    for (const [i, datatype] of all.entries()) {
      const { value, setpoint } = recordSpecs(attribute(datatype), {
        pv: `X${i}`,
        readback: `X${i}_RBV`,
      });
      records.add(value);
      if (setpoint) records.add(setpoint);
    }
    expect(records.size).toBe(20);
  });
});
