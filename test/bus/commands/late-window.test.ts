import { describe, expect, it } from 'vitest';
import { LateWindow } from '../../../src/bus/commands/late-window.ts';

describe('what may have waited in the broker', () => {
  it('is all that comes in the first second of a connection', () => {
    const late = new LateWindow();
    expect(late.isLate(0, 5000)).toBe(true);
    expect(late.isLate(999, 5999)).toBe(true);
    expect(new LateWindow().isLate(1000, 6000)).toBe(false);
  });

  it('is all that follows without a pause of a second, for ten seconds', () => {
    const late = new LateWindow();
    for (let ms = 0; ms < 10_000; ms += 900) expect(late.isLate(ms, 5000 + ms)).toBe(true);
    expect(late.isLate(10_001, 15_001)).toBe(false);
  });

  it('is nothing after a pause', () => {
    const late = new LateWindow();
    expect(late.isLate(500, 5500)).toBe(true);
    expect(late.isLate(1500, 6500)).toBe(false);
    expect(late.isLate(1600, 6600)).toBe(false);
  });

  it('is looked at anew with each connection', () => {
    const late = new LateWindow();
    expect(late.isLate(60_000, 65_000)).toBe(false);
    expect(late.isLate(10, 70_000)).toBe(true);
  });
});
