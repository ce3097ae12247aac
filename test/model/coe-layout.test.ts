import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bool,
  coeLayout,
  coeObjectLength,
  i16,
  int,
  putCoeValue,
  takeCoeValue,
  text,
  u8,
  u16,
  u32,
} from '../../src/model/index.ts';

const placed = (entries: Parameters<typeof coeLayout>[0]) =>
  coeLayout(entries).map(({ subindex, at }) => [subindex, at]);

/** Settings of an analogue input, as its device description lists them. */
const settings = [
  { subindex: 0x01, datatype: bool },
  { subindex: 0x02, datatype: int(3, false) },
  { subindex: 0x05, datatype: bool },
  { subindex: 0x0a, datatype: bool },
  { subindex: 0x11, datatype: i16 },
  { subindex: 0x12, datatype: u32 },
];

describe('a CoE object in one piece', () => {
  it('has its subindices one after the other behind the count', () => {
    const identity = [1, 2, 3, 4].map((subindex) => ({ subindex, datatype: u32 }));
    expect(placed(identity)).toEqual([
      [1, 16],
      [2, 48],
      [3, 80],
      [4, 112],
    ]);
    expect(coeObjectLength(coeLayout(identity))).toBe(18);
  });

  it('has bits in the word behind the count, where their subindex says', () => {
    expect(placed(settings)).toEqual([
      [0x01, 16],
      [0x02, 17],
      [0x05, 20],
      [0x0a, 25],
      [0x11, 32],
      [0x12, 48],
    ]);
    expect(coeObjectLength(coeLayout(settings))).toBe(10);
    expect(coeObjectLength(coeLayout(settings.slice(0, 1)))).toBe(4);
  });

  it('gives and takes values without touching their neighbours', () => {
    const layout = coeLayout(settings);
    const bytes = Uint8Array.from([0x12, 0, 0xff, 0xff, 0xfe, 0xff, 1, 0, 0, 0]);
    const presentation = layout[1]!;
    putCoeValue(presentation, 2, bytes);
    expect([...bytes]).toEqual([0x12, 0, 0xf5, 0xff, 0xfe, 0xff, 1, 0, 0, 0]);
    expect(layout.map((entry) => takeCoeValue(entry, bytes))).toEqual([1, 2, 1, 1, -2, 1]);
  });

  it('gives back what was put in, whatever the object', () => {
    const types = [bool, int(3, false), u8, u16, i16, u32, text(5)];
    const entry = fc.record({
      gap: fc.integer({ min: 1, max: 4 }),
      type: fc.constantFrom(...types),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 20 }), (given) => {
        let subindex = 16;
        // Behind the word, where nothing can lie upon each other.
        const entries = given.map(({ gap, type }) => {
          subindex += gap;
          return { subindex, datatype: type };
        });
        const layout = coeLayout(entries);
        const bytes = new Uint8Array(coeObjectLength(layout));
        const value = (i: number) => (layout[i]?.datatype.kind === 'string' ? 'ab' : i % 2);
        for (const [i, each] of layout.entries()) putCoeValue(each, value(i), bytes);
        expect(layout.map((each) => takeCoeValue(each, bytes))).toEqual(
          layout.map((_, i) => value(i)),
        );
      }),
    );
  });
});
