import { describe, expect, it } from 'vitest';
import { selectLinks, selectOutputs } from '../../../src/records/algorithms/link-selection.ts';
import { selectSignal } from '../../../src/records/algorithms/signal-selection.ts';

describe('a sel record selects', () => {
  const signals = Float64Array.of(5, Number.NaN, -2, 9, 3);

  it('the signal whose number is given', () => {
    expect(selectSignal(signals, 0, 3)).toEqual({ value: 9, number: 3 });
    expect(selectSignal(signals, 0, 5)).toBeUndefined();
  });

  it('the highest and its number', () => {
    expect(selectSignal(signals, 1, 0)).toEqual({ value: 9, number: 3 });
  });

  it('the lowest and its number', () => {
    expect(selectSignal(signals, 2, 0)).toEqual({ value: -2, number: 2 });
  });

  it('the median of those that are numbers, and how many these are', () => {
    expect(selectSignal(signals, 3, 0)).toEqual({ value: 5, number: 4 });
  });

  it('an extreme or NaN where all signals are NaN', () => {
    const none = new Float64Array(12).fill(Number.NaN);
    expect(selectSignal(none, 1, 7)).toEqual({ value: -Infinity, number: 7 });
    expect(selectSignal(none, 2, 7)).toEqual({ value: Infinity, number: 7 });
    expect(selectSignal(none, 3, 7)).toEqual({ value: Number.NaN, number: 0 });
  });

  it('nothing by a mechanism that there is not', () => {
    expect(selectSignal(signals, 4, 0)).toBeUndefined();
  });
});

describe('fanout and seq select links', () => {
  const rule = { number: 0, offset: 0, shift: 0 };

  it('all of them', () => expect(selectLinks({ ...rule, choice: 0 })).toBe(0xffff));

  it('one, by SELN + OFFS', () => {
    expect(selectLinks({ ...rule, choice: 1, number: 3 })).toBe(0b1000);
    expect(selectLinks({ ...rule, choice: 1, number: 3, offset: -3 })).toBe(1);
    expect(selectLinks({ ...rule, choice: 1, number: 15, offset: 1 })).toBeUndefined();
    expect(selectLinks({ ...rule, choice: 1, number: 0, offset: -1 })).toBeUndefined();
  });

  it('by a mask that is shifted to the right, or for a negative SHFT to the left', () => {
    expect(selectLinks({ ...rule, choice: 2, number: 0b1010 })).toBe(0b1010);
    expect(selectLinks({ ...rule, choice: 2, number: 0b1010, shift: 1 })).toBe(0b101);
    expect(selectLinks({ ...rule, choice: 2, number: 0b1010, shift: -1 })).toBe(0b10100);
    expect(selectLinks({ ...rule, choice: 2, number: 0x8001, shift: -1 })).toBe(0b10);
    expect(selectLinks({ ...rule, choice: 2, number: 1, shift: 16 })).toBeUndefined();
    expect(selectLinks({ ...rule, choice: 2, number: 1, shift: -16 })).toBeUndefined();
  });

  it('none by a mechanism that there is not', () => {
    expect(selectLinks({ ...rule, choice: 3 })).toBeUndefined();
  });
});

describe('dfanout selects outputs', () => {
  it('all of them', () => expect(selectOutputs(0, 0)).toBe(0xff));

  it('one, counted from 1', () => {
    expect([0, 1, 8].map((number) => selectOutputs(1, number))).toEqual([0, 1, 0x80]);
    expect(selectOutputs(1, 9)).toBeUndefined();
  });

  it('by a mask', () => expect(selectOutputs(2, 0x105)).toBe(5));

  it('none by a mechanism that there is not', () => expect(selectOutputs(3, 1)).toBeUndefined());
});
