import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOf, bool, f64, i16, i32, i64, text, u8, u16, u64 } from '../../src/model/index.ts';
import { EventMask } from '../../src/records/index.ts';
import { Rig } from './rig.ts';

const { value: VALUE, log: LOG } = EventMask;

describe('a batch', () => {
  it('processes every dirty record once, however many samples came', () => {
    const rig = new Rig();
    const slots = Array.from({ length: 100 }, (_, i) => rig.input(`A${i}`, 'ai', i16));
    for (const round of [1, 2, 3]) for (const slot of slots) rig.sample(slot, slot + round);
    rig.records.processDirty();
    expect(rig.masks().size).toBe(100);
    expect(rig.get('A7')).toBe((rig.records.slotOf('A7') as number) + 3);
    rig.records.processDirty();
    expect(rig.masks().size).toBe(0);
  });
});

describe('an ai', () => {
  it('makes engineering units of raw counts', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', i16, { LINR: 'SLOPE', ESLO: 0.25, EOFF: -1 });
    rig.feed(a, 100);
    expect(rig.get('A')).toBe(24);
    expect(rig.get('A.RVAL')).toBe(100);
  });

  it('takes a new slope at once', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'ai', i16, { LINR: 'SLOPE', ESLO: 0.25 }), 100);
    rig.put('A.ESLO', 0.5);
    expect(rig.get('A')).toBe(50);
  });

  it('ignores ESLO without LINR', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'ai', i16, { ESLO: 0.25 }), 100);
    expect(rig.get('A')).toBe(100);
  });
});

describe('dead-bands', () => {
  it('post beyond MDEL as VALUE and beyond ADEL as LOG, from the value last posted', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { MDEL: 1, ADEL: 3 });
    rig.feed(a, 10);
    expect(rig.feed(a, 11)).toBe(0);
    expect(rig.feed(a, 11.5)).toBe(VALUE);
    expect(rig.feed(a, 12.4)).toBe(0);
    expect(rig.feed(a, 13.5)).toBe(VALUE | LOG);
  });

  it('below zero post always', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { MDEL: -1 });
    rig.feed(a, 10);
    rig.put('A.PROC', 1);
    expect(rig.masks().get(a)).toBe(VALUE);
  });

  it('let steps to and from infinity pass', () => {
    const rig = new Rig();
    const a = rig.input('A', 'ai', f64, { MDEL: 1e9, ADEL: 1e9 });
    rig.feed(a, 1);
    expect(rig.feed(a, Number.POSITIVE_INFINITY)).toBe(VALUE | LOG);
    expect(rig.feed(a, Number.NEGATIVE_INFINITY)).toBe(VALUE | LOG);
    expect(rig.feed(a, 1)).toBe(VALUE | LOG);
  });

  it('never lose more than their width', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 10, noNaN: true }),
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1 }),
        (mdel, values) => {
          const rig = new Rig();
          const a = rig.input('A', 'ai', f64, { MDEL: mdel });
          let seen = 0;
          for (const value of values) {
            if (rig.feed(a, value) & VALUE) seen = value;
            expect(Math.abs(value - seen)).toBeLessThanOrEqual(mdel);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a bi', () => {
  it('posts on change only', () => {
    const rig = new Rig();
    const a = rig.input('A', 'bi', bool);
    rig.feed(a, 1);
    expect(rig.feed(a, 0)).toBe(VALUE | LOG);
    rig.put('A.PROC', 1);
    expect(rig.masks().get(a)).toBeUndefined();
  });
});

describe('an mbbi', () => {
  it('finds the state of a raw value', () => {
    const rig = new Rig();
    const a = rig.input('A', 'mbbi', u8, { ZRVL: 1, ZRST: 'init', ONVL: 8, ONST: 'op' });
    rig.feed(a, 8);
    expect(rig.get('A')).toBe(1);
    expect(rig.get('A.RVAL')).toBe(8);
  });

  it('is its raw value when no state is defined', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'mbbi', u16), 5);
    expect(rig.get('A')).toBe(5);
  });
});

describe('a longin', () => {
  it('keeps 32 bits', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'longin', i32), -2147483648);
    expect(rig.get('A')).toBe(-2147483648);
  });
});

describe('an int64in', () => {
  it('is exact beyond 2^53', () => {
    const rig = new Rig();
    const a = rig.input('A', 'int64in', i64);
    rig.feed(a, 9007199254740993n);
    expect(rig.get('A')).toBe(9007199254740993n);
    rig.feed(a, 5n);
    expect(rig.get('A')).toBe(5);
  });

  it('posts a change that a double does not show', () => {
    const rig = new Rig();
    const a = rig.input('A', 'int64in', i64);
    rig.feed(a, 9007199254740993n);
    expect(rig.feed(a, 9007199254740992n)).toBe(VALUE | LOG);
  });

  it('stands at its end, with an alarm, for an unsigned word that it cannot hold', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'int64in', u64), 2n ** 64n - 1n);
    expect(rig.get('A')).toBe(2n ** 63n - 1n);
    expect(rig.alarm('A')).toBe('HWLIMIT INVALID');
  });
});

describe('texts', () => {
  it('of a stringin are cut to 39 bytes and no character is split', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'stringin', text(50)), `${'x'.repeat(38)}°C`);
    expect(rig.get('A')).toBe('x'.repeat(38));
  });

  it('of an lsi are as long as SIZV allows, and LEN counts their NUL', () => {
    const rig = new Rig();
    rig.feed(rig.input('A', 'lsi', text(100), { SIZV: 61 }), 'y'.repeat(80));
    expect(rig.get('A')).toBe('y'.repeat(60));
    expect(rig.get('A.LEN')).toBe(61);
  });

  it('post on change, or always when MPST says so', () => {
    const rig = new Rig();
    const a = rig.input('A', 'stringin', text(10));
    rig.feed(a, 'on');
    rig.put('A.PROC', 1);
    expect(rig.masks().get(a)).toBeUndefined();
    rig.put('A.MPST', 'Always');
    rig.put('A.PROC', 1);
    expect(rig.masks().get(a)).toBe(VALUE);
  });
});

describe('a waveform', () => {
  it('holds a row of FTVL and tells its length', () => {
    const rig = new Rig();
    rig.feed(
      rig.input('A', 'waveform', arrayOf(i16, 3), { FTVL: 'SHORT', NELM: 3 }),
      Int16Array.of(1, -2, 3),
    );
    expect(rig.get('A')).toEqual(Int16Array.of(1, -2, 3));
    expect(rig.get('A.NORD')).toBe(3);
  });

  it('scales its elements', () => {
    const rig = new Rig();
    const scale = { slope: 0.5, offset: 1 };
    const a = rig.input('A', 'waveform', arrayOf(i16, 2), { FTVL: 'DOUBLE', NELM: 2 }, { scale });
    rig.feed(a, Int16Array.of(2, 4));
    expect(rig.get('A')).toEqual(Float64Array.of(2, 3));
  });

  it('posts always unless it is to post on change', () => {
    const rig = new Rig();
    const a = rig.input('A', 'waveform', arrayOf(i16, 1), { FTVL: 'SHORT', NELM: 1 });
    rig.feed(a, Int16Array.of(2));
    rig.put('A.PROC', 1);
    expect(rig.masks().get(a)).toBe(VALUE | LOG);
    rig.put('A.MPST', 'On Change');
    rig.put('A.APST', 'On Change');
    rig.put('A.PROC', 1);
    expect(rig.masks().get(a)).toBeUndefined();
  });
});
