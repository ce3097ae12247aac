import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Image } from '../../src/simulator/image.ts';
import { bytes, hex } from './support/peer.ts';

const F020 = 0xf020;
const F021 = 0xf021;
const F030 = 0xf030;
const F031 = 0xf031;

const located = (image: Image, group: number, offset: number, length: number) => {
  const location = image.locate(group, offset, length);
  if (location === undefined) throw new Error(`group ${group} is not of the image`);
  return location;
};

describe('process image', () => {
  it('shows a byte that was written through its bits', () => {
    const image = new Image({ outputs: 4, inputs: 4 });
    image.write(located(image, F030, 1, 1), bytes('a5'));
    const bits = [0, 1, 2, 3, 4, 5, 6, 7].map(
      (bit) => image.read(located(image, F031, 8 + bit, 1))[0],
    );
    expect(bits).toEqual([1, 0, 1, 0, 0, 1, 0, 1]);
  });

  it('changes one bit and leaves its neighbours', () => {
    const image = new Image({ outputs: 2, inputs: 0 });
    image.write(located(image, F020, 0, 2), bytes('ff ff'));
    image.write(located(image, F021, 9, 1), bytes('00'));
    expect(hex(image.read(located(image, F020, 0, 2)))).toBe('ff fd');
  });

  it('takes any odd byte value as a set bit, as it counts bit 0 only', () => {
    const image = new Image({ outputs: 1, inputs: 0 });
    image.write(located(image, F021, 3, 1), bytes('03'));
    expect(hex(image.read(located(image, F020, 0, 1)))).toBe('08');
  });

  it('keeps outputs and inputs apart', () => {
    const image = new Image({ outputs: 1, inputs: 1 });
    image.write(located(image, F020, 0, 1), bytes('11'));
    image.write(located(image, F030, 0, 1), bytes('22'));
    expect(hex(image.bytes)).toBe('11 22');
  });

  it('reads back what was written at any bit address, and touches nothing else', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        fc.integer({ min: 0, max: 31 }),
        fc.uint8Array({ minLength: 2, maxLength: 4 }),
        (before, bit, data) => {
          const image = new Image({ outputs: 8, inputs: 0 });
          image.bytes.set(before);
          const location = located(image, F021, bit, data.length);
          image.write(location, data);
          expect(hex(image.read(location))).toBe(hex(data));
          const changed = image.bytes.map((byte, i) => byte ^ (before[i] ?? 0));
          for (let i = 0; i < 64; i++) {
            const inside = i >= bit && i < bit + data.length * 8;
            if (!inside) expect((changed[i >> 3] ?? 0) & (1 << (i & 7))).toBe(0);
          }
        },
      ),
    );
  });

  it('refuses what lies outside, by where it begins or ends', () => {
    const image = new Image({ outputs: 4, inputs: 2 });
    const code = (group: number, offset: number, length: number) => () =>
      image.locate(group, offset, length);
    expect(code(F020, 4, 1)).toThrow(expect.objectContaining({ adsCode: 0x703 }));
    expect(code(F021, 32, 1)).toThrow(expect.objectContaining({ adsCode: 0x703 }));
    expect(code(F030, 1, 2)).toThrow(expect.objectContaining({ adsCode: 0x705 }));
    expect(code(F030, 1, 0)).toThrow(expect.objectContaining({ adsCode: 0x705 }));
    expect(code(F030, 0xffff_ffff, 0xffff_ffff)).toThrow(
      expect.objectContaining({ adsCode: 0x703 }),
    );
    expect(image.locate(0x4020, 0, 1)).toBeUndefined();
  });

  it('refuses a write of another size than the place has', () => {
    const image = new Image({ outputs: 4, inputs: 0 });
    const location = located(image, F020, 0, 2);
    expect(() => image.write(location, bytes('01'))).toThrow(
      expect.objectContaining({ adsCode: 0x705 }),
    );
  });
});
