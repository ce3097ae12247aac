import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  epicsNanoseconds,
  epicsSeconds,
  filetimeOf,
  isoTime,
  unixMs,
} from '../../src/kernel/index.ts';

describe('epoch', () => {
  it('tells the start of 1990 and of 1970 as FILETIME', () => {
    expect(filetimeOf(0)).toEqual({ low: 0xd53e8000, high: 0x019db1de });
    const { low, high } = filetimeOf(631_152_000_000);
    expect([epicsSeconds(low, high), epicsNanoseconds(low, high)]).toEqual([0, 0]);
  });

  it('agrees with 64-bit arithmetic for every FILETIME, to 100 ns', () => {
    const ticks = fc.bigInt({ min: 122_000_000_000_000_000n, max: 160_000_000_000_000_000n });
    fc.assert(
      fc.property(ticks, (filetime) => {
        const low = Number(filetime & 0xffff_ffffn);
        const high = Number(filetime >> 32n);
        const sinceEpics = filetime - 122_756_256_000_000_000n;
        const seconds =
          sinceEpics >= 0n ? sinceEpics / 10_000_000n : (sinceEpics - 9_999_999n) / 10_000_000n;
        expect(epicsSeconds(low, high)).toBe(Number(seconds));
        expect(epicsNanoseconds(low, high)).toBe(Number(filetime % 10_000_000n) * 100);
      }),
    );
  });

  it('goes from wall clock to FILETIME to EPICS and back', () => {
    const now = Date.UTC(2026, 10, 21, 3, 43, 56, 123);
    const { low, high } = filetimeOf(now);
    expect(unixMs(epicsSeconds(low, high), epicsNanoseconds(low, high))).toBe(now);
    expect(isoTime(epicsSeconds(low, high), epicsNanoseconds(low, high))).toBe(
      '2026-11-21T03:43:56.123000000Z',
    );
  });
});
