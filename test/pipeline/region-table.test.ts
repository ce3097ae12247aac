import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amsNetId, amsPort } from '../../src/ads/index.ts';
import { RegionTable } from '../../src/pipeline/region-table.ts';
import type { Region } from '../../src/twincat/index.ts';

const u32 = fc.nat({ max: 0xffff_ffff });

const region: fc.Arbitrary<Region> = fc.record(
  {
    target: fc.record({
      netId: fc.constantFrom(amsNetId('5.1.2.3.1.1'), amsNetId('5.1.2.3.2.1')),
      port: fc.constantFrom(amsPort(27905), amsPort(1001)),
    }),
    group: fc.constantFrom(0xf302, 0xf030, 0xffff_ffff),
    offset: fc.oneof(u32, fc.constantFrom(0, 1, 0x8000_0001, 0xffff_ffff)),
    length: fc.oneof(
      fc.nat({ max: 4 }),
      fc.constantFrom(2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 2 ** 31),
    ),
    update: fc.constantFrom('notify', 'poll', 'once'),
    command: fc.uint8Array({ maxLength: 2 }),
  },
  { requiredKeys: ['target', 'group', 'offset', 'length', 'update'] },
);

/** What tells regions apart. */
const identity = ({ target, group, offset, length, command }: Region) =>
  JSON.stringify([target.netId, target.port, group, offset, length, command ? [...command] : null]);

describe('a table of regions', () => {
  it('has one entry for equal regions, and another for each other one', () => {
    fc.assert(
      fc.property(fc.array(region, { maxLength: 40 }), (regions) => {
        const table = new RegionTable<string>();
        const wanted = new Map<string, string>();
        regions.forEach((each, i) => {
          expect(table.get(each)).toBe(wanted.get(identity(each)));
          table.set(each, `${i}`);
          wanted.set(identity(each), `${i}`);
        });
        for (const each of regions) {
          expect(table.get({ ...each, update: 'poll' })).toBe(wanted.get(identity(each)));
        }
      }),
    );
  });
});
