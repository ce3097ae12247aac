import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrayOf,
  bool,
  type Datatype,
  decodeValue,
  f64,
  i16,
  i64,
  int,
  ProcessImage,
  Quality,
  text,
  u16,
} from '../../src/model/index.ts';

/** A block with one slot per datatype, one behind the other. */
function imageOf(length: number, ...places: [byte: number, bit: number, datatype: Datatype][]) {
  const image = new ProcessImage();
  const block = image.addBlock(length);
  const slots = places.map(([byte, bit, datatype]) =>
    image.addSlot({ block, byte, bit, datatype }),
  );
  const apply = (bytes: number[], seconds = 1, nanoseconds = 0) =>
    image.apply(block, Uint8Array.from(bytes), 0, bytes.length, seconds, nanoseconds);
  return {
    image,
    block,
    slots,
    apply,
    dirty: () => [...image.dirty.subarray(0, image.dirtyCount)],
  };
}

describe('ProcessImage', () => {
  it('marks every slot dirty at the first sample, even when all bytes are zero', () => {
    const { image, slots, apply, dirty } = imageOf(4, [0, 0, i16], [2, 0, i16]);
    expect(image.quality[slots[0] ?? 0]).toBe(Quality.never);
    apply([0, 0, 0, 0]);
    expect(dirty()).toEqual(slots);
    expect(image.quality[slots[0] ?? 0]).toBe(Quality.good);
  });

  it('marks only the slots whose bytes changed, but stamps all of the block', () => {
    const { image, slots, apply, dirty } = imageOf(4, [0, 0, i16], [2, 0, i16]);
    apply([1, 0, 2, 0], 1);
    image.clearDirty();
    apply([1, 0, 3, 0], 2, 500);
    expect(dirty()).toEqual([slots[1]]);
    expect([...image.seconds.subarray(0, 2)]).toEqual([2, 2]);
    expect(image.nanoseconds[slots[0] ?? 0]).toBe(500);
  });

  it('lists a slot once, with its newest bytes, when samples follow each other in a batch', () => {
    const { image, slots, apply, dirty } = imageOf(2, [0, 0, u16]);
    apply([1, 0]);
    apply([2, 0]);
    expect(dirty()).toEqual(slots);
    expect(image.number(slots[0] ?? 0)).toBe(2);
  });

  it('derives bits and fields from their true place in the word', () => {
    // EL31xx status word 0x8049: toggle, error, limit 1 = 2, underrange (facts/ads.md section 7).
    const { image, slots, apply } = imageOf(
      2,
      [0, 0, bool],
      [0, 2, int(2, false)],
      [0, 6, bool],
      [1, 7, bool],
      [1, 6, bool],
    );
    apply([0x49, 0x80]);
    expect(slots.map((slot) => image.number(slot))).toEqual([1, 2, 1, 1, 0]);
  });

  it('counts a sample of the wrong size and leaves the image alone', () => {
    const { image, slots, apply } = imageOf(2, [0, 0, u16]);
    apply([7, 0]);
    apply([9, 9, 9]);
    expect(image.wrongSize).toBe(1);
    expect(image.number(slots[0] ?? 0)).toBe(7);
  });

  it('keeps the last value when the plant goes away, and takes the same bytes as news after', () => {
    const { image, block, slots, apply, dirty } = imageOf(2, [0, 0, u16]);
    apply([7, 0]);
    image.clearDirty();
    image.degradeBlock(block, Quality.away, 9, 0);
    expect([dirty(), image.number(slots[0] ?? 0)]).toEqual([slots, 7]);
    image.clearDirty();
    apply([7, 0], 10);
    expect([dirty(), image.quality[slots[0] ?? 0]]).toEqual([slots, Quality.good]);
  });

  it('is good again when a sample follows the loss within one batch', () => {
    const { image, block, slots, apply, dirty } = imageOf(2, [0, 0, u16]);
    apply([7, 0]);
    image.degradeBlock(block, Quality.away, 9, 0);
    apply([8, 0], 10);
    expect([dirty(), image.quality[slots[0] ?? 0]]).toEqual([slots, Quality.good]);
  });

  it('leaves a value that never came undefined when the plant goes away', () => {
    const { image, block, slots } = imageOf(2, [0, 0, u16]);
    image.degradeBlock(block, Quality.away, 9, 0);
    expect(image.quality[slots[0] ?? 0]).toBe(Quality.never);
    expect(image.dirtyCount).toBe(0);
  });

  it('follows a slot to another place when the plant comes back with another layout', () => {
    const { image, block, slots, apply, dirty } = imageOf(4, [0, 0, u16]);
    image.place(slots[0] ?? 0, { block, byte: 2, bit: 0, datatype: u16 });
    apply([1, 0, 2, 0]);
    expect([dirty(), image.number(slots[0] ?? 0)]).toEqual([slots, 2]);
  });

  it('refuses a place that its block does not hold', () => {
    const image = new ProcessImage();
    const block = image.addBlock(2);
    expect(() => image.addSlot({ block, byte: 1, bit: 0, datatype: i16 })).toThrow(RangeError);
    expect(() => image.addSlot({ block, byte: 0, bit: 15, datatype: int(2, false) })).toThrow(
      RangeError,
    );
  });

  it('gives texts, arrays and exact 64-bit integers by value()', () => {
    const { image, slots, apply } = imageOf(
      14,
      [0, 0, text(2)],
      [2, 0, arrayOf(i16, 2)],
      [6, 0, i64],
    );
    apply([0x41, 0x42, 1, 0, 2, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    expect(slots.map((slot) => image.value(slot))).toEqual([
      'AB',
      Int16Array.of(1, 2),
      2n ** 63n - 1n,
    ]);
  });

  it('reads every number as decodeValue does, also after it grew', () => {
    const types = [u16, i16, i64, f64, int(8, true), int(32, false), int(8, false), int(64, false)];
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        (type, bytes) => {
          const { image, block, slots } = imageOf(8, [0, 0, type]);
          image.apply(block, bytes, 0, 8, 1, 0);
          for (let i = 0; i < 300; i++)
            image.addSlot({ block: image.addBlock(16), byte: 0, bit: 0, datatype: u16 });
          expect(image.number(slots[0] ?? 0)).toEqual(Number(decodeValue(type, bytes)));
        },
      ),
      { numRuns: 50 },
    );
  });
});
