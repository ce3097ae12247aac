import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Writer } from '../../src/kernel/index.ts';
import { FRAMES, LONG_MS, SEED } from '../support/fuzzing.ts';
import { at } from './support/peer.ts';
import { chainOf, MASTER, SYSTEM } from './support/plant.ts';
import { serve } from './support/serve.ts';

const targets = [
  at(SYSTEM, 300),
  at(SYSTEM, 10000),
  at(SYSTEM, 27905),
  at(MASTER, 65535),
  at(MASTER, 1001),
];

const groups = [
  0x3, 0x9, 0xc, 0x11, 0x12, 0x22, 0x2c, 0x2f, 0x5000, 0x5001, 0xf003, 0xf004, 0xf005, 0xf006,
  0xf008, 0xf009, 0xf00b, 0xf00e, 0xf00f, 0xf020, 0xf021, 0xf030, 0xf031, 0xf080, 0xf081, 0xf082,
  0xf083, 0xf084, 0xf085, 0xf086, 0xf100, 0xf302,
];

/** Numbers that mean something to a server, and those that do not. */
const number = fc.oneof(
  fc.constantFrom(...groups),
  fc.integer({ min: 0, max: 12 }),
  fc.constantFrom(0x1018_0001, 0x8000_0002, 0x7fff_ffff, 0xffff_ffff),
);

const payload = fc.tuple(fc.array(number, { maxLength: 14 }), fc.uint8Array({ maxLength: 9 }));

describe('any request', () => {
  it(
    'is answered, and leaves its connection open',
    async () => {
      await using setup = await serve(chainOf(['EL3104', 'EL2024', 'EL1014']));
      const command = fc.integer({ min: 0, max: 12 });
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...targets),
          command,
          payload,
          async (target, id, parts) => {
            if (id === 8) return;
            const w = new Writer();
            for (const part of parts[0]) w.u32(part);
            w.bytes(parts[1]);
            const { header } = await setup.peer.exchange(target, id, w.take());
            expect(header.command).toBe(id);
            expect(setup.peer.closed).toBe(false);
            setup.clock.advance(10);
          },
        ),
        { numRuns: Math.ceil(FRAMES / 10), seed: SEED },
      );
    },
    LONG_MS,
  );
});
