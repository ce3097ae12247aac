import { expect } from 'vitest';
import { type Codec, encoded, IocError, Reader } from '../../src/kernel/index.ts';
import { Mutator } from '../ads/mutations.ts';

/** Broken frames per decoder, and what they are made from: `node scripts/fuzz.mjs` sets them. */
export const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 20_000);
export const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** Of one decoder; a long run has many frames. */
export const LONG_MS = 600_000;

/** Something that takes bytes of others, and whole frames to break. */
export type Decoder = {
  readonly seeds: readonly Uint8Array[];
  decode(bytes: Uint8Array): unknown;
};

export function codec<T>(of: Codec<T>, ...values: readonly T[]): Decoder {
  const seeds = values.map((value) => encoded(of, value));
  return { seeds, decode: (bytes) => of.decode(new Reader(bytes)) };
}

/** Every frame is taken or refused, without much memory. */
export function expectHarmless({ seeds, decode }: Decoder): void {
  const mutator = new Mutator(SEED);
  const before = process.memoryUsage.rss();
  for (let i = 0; i < FRAMES; i++) {
    const frame = mutator.mutate(seeds[i % seeds.length] ?? new Uint8Array(16));
    try {
      decode(frame);
    } catch (error) {
      if (isRefusal(error)) continue;
      throw new Error(`frame ${i}: ${Buffer.from(frame).toString('hex')}`, { cause: error });
    }
  }
  expect(process.memoryUsage.rss() - before).toBeLessThan(400 * 1024 * 1024);
}

/** Bytes that end too early, or say what cannot be; not that memory or stack ended. */
function isRefusal(error: unknown): boolean {
  if (error instanceof IocError) return true;
  return error instanceof RangeError && !/stack|allocation|length/i.test(error.message);
}
