import fc from 'fast-check';
import type { AmsAddress, AmsNetId, AmsPort } from '../../src/ads/index.ts';

export const u8 = fc.integer({ min: 0, max: 0xff });
export const u16 = fc.integer({ min: 0, max: 0xffff });
export const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
export const blob = fc.uint8Array({ maxLength: 40 });

/** Text that Windows-1252 holds, without NUL. */
export const text = (maxLength: number) =>
  fc.string({
    unit: fc.constantFrom(...'ABCxyz019 ._()[]äößÉ€µ°'),
    maxLength,
  });

export const address: fc.Arbitrary<AmsAddress> = fc.record({
  netId: fc.array(u8, { minLength: 6, maxLength: 6 }).map((parts) => parts.join('.') as AmsNetId),
  port: u16.map((n) => n as AmsPort),
});
