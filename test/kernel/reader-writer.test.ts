import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexExcerpt, Reader, Writer } from '../../src/kernel/index.ts';

describe('Writer and Reader', () => {
  it('write little-endian as TwinCAT and big-endian as EPICS', () => {
    const le = new Writer('le');
    const be = new Writer('be');
    for (const w of [le, be]) {
      w.u16(0x1234);
      w.u32(0xdeadbeef);
    }
    expect(hexExcerpt(le.view())).toBe('34 12 ef be ad de');
    expect(hexExcerpt(be.view())).toBe('12 34 de ad be ef');
  });

  it('give back every number that was written, in either order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('le' as const, 'be' as const),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.double({ noNaN: true }),
        fc.uint8Array(),
        (endian, u32, i32, u64, f64, bytes) => {
          const w = new Writer(endian, 1);
          w.u32(u32);
          w.i32(i32);
          w.u64(u64);
          w.f64(f64);
          w.bytes(bytes);
          w.align(8);
          const r = new Reader(w.take(), endian);
          expect([r.u32(), r.i32(), r.u64(), r.f64()]).toEqual([u32, i32, u64, f64]);
          expect(r.copy(bytes.length)).toEqual(bytes);
          expect(r.remaining).toBeLessThan(8);
        },
      ),
    );
  });

  it('writes zeros even where a reused buffer held something else', () => {
    const w = new Writer();
    w.u32(0xffff_ffff);
    w.reset();
    w.u8(1);
    w.align(4);
    expect(hexExcerpt(w.view())).toBe('01 00 00 00');
  });

  it('throws a RangeError for every read past the end, and stays where it was', () => {
    const reads: ((r: Reader) => unknown)[] = [
      (r) => r.u16(),
      (r) => r.u64(),
      (r) => r.borrow(2),
      (r) => r.copy(2),
      (r) => r.skip(2),
      (r) => r.borrow(-1),
    ];
    for (const read of reads) {
      const r = new Reader(Uint8Array.of(1));
      expect(() => read(r)).toThrow(RangeError);
      expect(r.offset).toBe(0);
    }
  });

  it('borrows a view and copies an owner, of a Node Buffer too', () => {
    for (const bytes of [Uint8Array.of(1, 2), Buffer.from([1, 2])]) {
      const view = new Reader(bytes).borrow(2);
      const owned = new Reader(bytes).copy(2);
      bytes[0] = 9;
      expect([view[0], owned[0]]).toEqual([9, 1]);
    }
  });
});
