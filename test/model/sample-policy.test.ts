import { describe, expect, it } from 'vitest';
import {
  AlarmStatus,
  arrayOf,
  bool,
  type Datatype,
  f32,
  i16,
  int,
  type Place,
  ProcessImage,
  Quality,
  RING_LENGTH,
  type SamplePolicy,
  Severity,
  type Slot,
  u16,
} from '../../src/model/index.ts';

/** A block of `length` bytes with one slot of a policy at byte 0. */
function kept(policy: SamplePolicy, datatype: Datatype, more: Partial<Place> = {}, length = 4) {
  const image = new ProcessImage();
  const block = image.addBlock(length);
  const slot = image.addSlot({ block, byte: 0, bit: 0, datatype, policy, ...more });
  const apply = (bytes: number[], seconds: number, nanoseconds = 0) => {
    const whole = new Uint8Array(length);
    whole.set(bytes);
    image.apply(block, whole, 0, length, seconds, nanoseconds);
  };
  return { image, block, slot, apply };
}

/** What a record would see of a slot, batch after batch, until nothing waits: `value@time`. */
function batches(image: ProcessImage, slot: Slot): string[] {
  const seen: string[] = [];
  for (let more = true; more; ) {
    more = image.replay();
    const isDirty = image.dirty.subarray(0, image.dirtyCount).includes(slot);
    const value = image.value(slot);
    const text = typeof value === 'object' ? `[${value.join()}]` : value;
    if (isDirty) seen.push(`${text}@${image.seconds[slot]}.${image.nanoseconds[slot]}`);
    image.clearDirty();
  }
  return seen;
}

describe('a slot that wants every sample', () => {
  it('gets a pulse within one batch in order, each sample with its own time', () => {
    const { image, slot, apply } = kept('every', bool);
    apply([0], 1);
    apply([1], 1, 500);
    apply([0], 1, 700);
    expect(batches(image, slot)).toEqual(['0@1.0', '1@1.500', '0@1.700']);
    expect(batches(image, slot)).toEqual([]);
  });

  it('hears nothing of samples with the same bytes, nor of its neighbours in the byte', () => {
    const { image, slot, apply } = kept('every', bool, { bit: 6 });
    apply([0x40], 1);
    apply([0xc0], 2);
    apply([0x40], 3);
    expect(batches(image, slot)).toEqual(['1@1.0']);
    apply([0x80], 4);
    expect(batches(image, slot)).toEqual(['0@4.0']);
  });

  it('keeps fields of several bits, words and rows', () => {
    const field = kept('every', int(3, false), { bit: 6 });
    field.apply([0x40, 0x01], 1);
    field.apply([0xc0, 0x01], 2);
    expect(batches(field.image, field.slot)).toEqual(['5@1.0', '7@2.0']);
    const word = kept('every', i16, { byte: 2 });
    word.apply([9, 9, 0xff, 0xff], 1);
    word.apply([0, 0, 0xff, 0xff], 2);
    word.apply([0, 0, 1, 0], 3);
    expect(batches(word.image, word.slot)).toEqual(['-1@1.0', '1@3.0']);
    const row = kept('every', arrayOf(i16, 2));
    row.apply([1, 0, 2, 0], 1);
    row.apply([3, 0, 4, 0], 2);
    expect(batches(row.image, row.slot)).toEqual(['[1,2]@1.0', '[3,4]@2.0']);
  });

  it('drops the oldest samples when its ring is full, and counts them', () => {
    const { image, slot, apply } = kept('every', u16);
    for (let i = 1; i <= RING_LENGTH + 3; i++) apply([i], i);
    const seen = batches(image, slot);
    expect(seen).toHaveLength(RING_LENGTH);
    expect([seen[0], seen.at(-1)]).toEqual(['4@4.0', `${RING_LENGTH + 3}@${RING_LENGTH + 3}.0`]);
    expect(image.dropped).toEqual({ full: 3, away: 0 });
  });

  it('drops what waits when the plant goes, and takes the same bytes as news after', () => {
    const { image, block, slot, apply } = kept('every', bool);
    apply([1], 1);
    expect(batches(image, slot)).toEqual(['1@1.0']);
    apply([0], 2);
    image.degradeBlock(block, Quality.away, 3, 0);
    expect([batches(image, slot), image.quality[slot]]).toEqual([['1@3.0'], Quality.away]);
    expect(image.dropped.away).toBe(1);
    apply([0], 4);
    expect([batches(image, slot), image.quality[slot]]).toEqual([['0@4.0'], Quality.good]);
  });

  it('shares its word with slots that take the newest', () => {
    const { image, block, slot, apply } = kept('every', bool);
    const word = image.addSlot({ block, byte: 0, bit: 0, datatype: u16 });
    apply([3], 1);
    apply([2], 2);
    image.replay();
    expect([image.number(slot), image.number(word)]).toEqual([1, 2]);
    image.replay();
    expect([image.number(slot), image.number(word)]).toEqual([0, 2]);
  });

  it('may move to another place or policy, and its ring serves the next one', () => {
    const { image, block, slot, apply } = kept('every', bool);
    apply([1], 1);
    image.place(slot, { block, byte: 0, bit: 0, datatype: bool });
    apply([1], 2);
    expect(batches(image, slot)).toEqual(['1@2.0']);
    image.place(slot, { block, byte: 1, bit: 0, datatype: bool, policy: 'every' });
    apply([0, 1], 3);
    apply([0, 0], 4);
    expect(batches(image, slot)).toEqual(['1@3.0', '0@4.0']);
  });
});

describe('a slot that wants one number of all samples', () => {
  it('gets their mean with the time of the newest', () => {
    const { image, slot, apply } = kept('mean', i16);
    apply([1], 1);
    apply([2], 2);
    apply([6], 3);
    expect(batches(image, slot)).toEqual(['3@3.0']);
    apply([7], 4);
    apply([8], 5);
    expect(batches(image, slot)).toEqual(['7.5@5.0']);
    expect(batches(image, slot)).toEqual([]);
  });

  it('gets a whole number where the mean is served as one', () => {
    const { image, slot, apply } = kept('mean', i16, { isWhole: true });
    apply([7], 4);
    apply([8], 5);
    expect(batches(image, slot)).toEqual(['8@5.0']);
  });

  it('gets the least or the largest with the time at which it was reached', () => {
    const bytesOf = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)];
    const least = kept('min', f32);
    const largest = kept('max', f32);
    for (const { apply } of [least, largest]) {
      [2, -1.5, 8, -1.5, 8].forEach((value, i) => {
        apply(bytesOf(value), i + 1);
      });
    }
    expect(batches(least.image, least.slot)).toEqual(['-1.5@2.0']);
    expect(batches(largest.image, largest.slot)).toEqual(['8@3.0']);
  });

  it('forgets the samples of a plant that went', () => {
    const { image, block, slot, apply } = kept('max', i16);
    apply([9], 1);
    image.degradeBlock(block, Quality.bad, 2, 0);
    apply([5], 3);
    expect(batches(image, slot)).toEqual(['5@3.0']);
  });
});

describe('the time of a slot', () => {
  it('does not go back: an earlier sample counts, a microsecond later than the one before', () => {
    const { image, slot, apply } = kept('last', u16);
    apply([1], 10, 999_999_500);
    apply([2], 9);
    expect([image.number(slot), image.seconds[slot], image.nanoseconds[slot]]).toEqual([
      2, 11, 500,
    ]);
    expect(image.held).toBe(1);
    apply([3], 11, 500);
    expect([image.seconds[slot], image.held]).toEqual([11, 1]);
  });

  it('does not go back when the plant goes at an earlier time, nor when it returns', () => {
    const { image, block, slot, apply } = kept('last', u16);
    apply([1], 10);
    image.degradeBlock(block, Quality.away, 7, 0);
    expect([image.seconds[slot], image.nanoseconds[slot]]).toEqual([10, 1000]);
    image.degradeBlock(block, Quality.bad, 20, 0);
    apply([1], 15);
    expect([image.seconds[slot], image.nanoseconds[slot]]).toEqual([20, 1000]);
  });
});

describe('the alarm of a slot', () => {
  it('is news once, at a time that is not before the slot’s own', () => {
    const { image, slot, apply } = kept('last', u16);
    apply([1], 10);
    image.clearDirty();
    const alarm = (Severity.invalid << 8) | AlarmStatus.link;
    image.setAlarm(slot, alarm, 'wcstate is Invalid', 12, 0);
    expect([image.dirtyCount, image.seconds[slot], image.reason.get(slot)]).toEqual([
      1,
      12,
      'wcstate is Invalid',
    ]);
    image.clearDirty();
    image.setAlarm(slot, alarm, 'wcstate is Invalid', 13, 0);
    expect(image.dirtyCount).toBe(0);
    image.setAlarm(slot, 0, '', 5, 0);
    expect([image.dirtyCount, image.seconds[slot], image.reason.size]).toEqual([1, 12, 0]);
  });
});
