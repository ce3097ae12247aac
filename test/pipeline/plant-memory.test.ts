import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amsNetId, amsPort, deviceNotification } from '../../src/ads/index.ts';
import { type Clock, filetimeOf, Writer } from '../../src/kernel/index.ts';
import { bool, ProcessImage, Quality, u16 } from '../../src/model/index.ts';
import { Ages } from '../../src/pipeline/ages.ts';
import { feedsOf } from '../../src/pipeline/grouping.ts';
import { PlantMemory } from '../../src/pipeline/plant-memory.ts';
import type { Region } from '../../src/twincat/index.ts';

const target = { netId: amsNetId('5.1.2.3.1.1'), port: amsPort(27905) };
const other = { ...target, port: amsPort(27906) };
const plan = { mode: 'on-change', cycle: 0.01, maxDelay: 0.05 } as const;
const NOON = Date.UTC(2026, 0, 1, 12);

/** A memory at noon, with a clock that a test may set. */
function memoryAt() {
  const time = { now: NOON, monotonic: 0 };
  const stopped = { [Symbol.dispose]: () => {} };
  const clock: Clock = {
    now: () => time.now,
    monotonic: () => time.monotonic,
    after: () => stopped,
    every: () => stopped,
  };
  const image = new ProcessImage();
  return { time, image, memory: new PlantMemory(image, clock) };
}

function region(group: number, offset: number, length: number): Region {
  return { target, group, offset, length, update: 'notify' };
}

/** A frame of one sample. */
function frame(handle: number, bytes: number[], unixMs = NOON): Uint8Array {
  const w = new Writer('le');
  const samples = [{ handle, bytes: Uint8Array.from(bytes) }];
  deviceNotification.encode(w, [{ time: filetimeOf(unixMs), samples }]);
  return w.take();
}

describe('feedsOf', () => {
  const lengths = (regions: Region[], grouping = {}) => {
    const { memory } = memoryAt();
    const feeds = feedsOf(regions, memory, { ...plan, ...grouping });
    return feeds.map(({ feed }) => `${feed.group.toString(16)}:${feed.offset}+${feed.length}`);
  };

  it('puts near regions together, bits with the bytes of their memory', () => {
    const regions = [region(0xf031, 8 * 6 + 3, 1), region(0xf030, 0, 2), region(0xf030, 20, 4)];
    expect(lengths(regions)).toEqual(['f030:0+24']);
  });

  it('keeps apart what lies far apart, what is too much, and other memory', () => {
    expect(lengths([region(0xf030, 0, 2), region(0xf030, 19, 2)])).toHaveLength(2);
    expect(lengths([region(0xf030, 0, 8), region(0xf030, 8, 8)], { maxBytes: 15 })).toHaveLength(2);
    expect(lengths([region(0xf030, 0, 2), region(0xf020, 2, 2)])).toHaveLength(2);
    expect(lengths([region(0xf030, 0, 2), region(0xf030, 2, 2)], { group: false })).toHaveLength(2);
  });

  it('keeps apart what is wanted in another way', () => {
    const { memory } = memoryAt();
    const [a, b] = [region(0xf030, 0, 2), region(0xf030, 2, 2)];
    memory.demand(b, { ...plan, mode: 'cyclic' });
    expect(feedsOf([a, b], memory, plan).map((each) => each.plan.mode)).toEqual([
      'cyclic',
      'on-change',
    ]);
  });

  it('leaves a region alone at its own place', () => {
    expect(lengths([region(0xf031, 51, 1)])).toEqual(['f031:51+1']);
    expect(lengths([region(0xf031, 51, 2), region(0xf030, 6, 1)])).toHaveLength(2);
  });
});

describe('PlantMemory', () => {
  it('gives each region of a block its own bytes, a bit as the bit that it is', () => {
    const { memory, image } = memoryAt();
    const [word, bit] = [region(0xf030, 0, 2), region(0xf031, 8 * 3 + 5, 1)];
    const wordSlot = image.addSlot({ block: memory.blockOf(word), byte: 0, bit: 0, datatype: u16 });
    const bitSlot = image.addSlot({ block: memory.blockOf(bit), byte: 0, bit: 0, datatype: bool });
    const [wanted] = feedsOf([word, bit], memory, plan);
    if (wanted) memory.routeFeed(7, wanted.feed);
    memory.applyFrame(frame(7, [1, 2, 0xff, 0x20]), target);
    expect([image.number(wordSlot), image.number(bitSlot)]).toEqual([0x201, 1]);
    memory.applyFrame(frame(7, [1, 2, 0xff, 0xdf]), target);
    expect(image.number(bitSlot)).toBe(0);
  });

  it('keeps the handles of two servers apart', () => {
    const { memory, image } = memoryAt();
    const [a, b] = [image.addBlock(2), image.addBlock(2)];
    const slots = [a, b].map((block) => image.addSlot({ block, byte: 0, bit: 0, datatype: u16 }));
    memory.route(7, a, target);
    memory.route(7, b, other);
    memory.applyFrame(frame(7, [1, 0]), target);
    memory.applyFrame(frame(7, [2, 0]), { ...other });
    expect(slots.map((slot) => image.number(slot))).toEqual([1, 2]);
  });

  it('ends with the newest sample, however frames and the answers to two requests mix', () => {
    // Two notifications of one place; each answer comes at any time after the request.
    const steps = fc.array(fc.constantFrom('a', 'b', 'answer a', 'answer b'), { maxLength: 24 });
    fc.assert(
      fc.property(steps, (order) => {
        const { memory, image } = memoryAt();
        const block = image.addBlock(2);
        const slot = image.addSlot({ block, byte: 0, bit: 0, datatype: u16 });
        const heard = { a: 0, b: 0 };
        const known = new Set<string>();
        [...order, 'answer a', 'answer b'].forEach((step, i) => {
          const name = step.endsWith('a') ? 'a' : 'b';
          if (step === name) {
            heard[name] = i + 1;
            memory.applyFrame(frame(name === 'a' ? 1 : 2, [i + 1, 0], NOON + i), target);
          } else if (!known.has(name)) {
            known.add(name);
            memory.route(name === 'a' ? 1 : 2, block, target);
          }
        });
        expect(image.number(slot)).toBe(Math.max(heard.a, heard.b));
      }),
    );
  });

  it('takes the plant’s time within 10 s of the IOC’s, else the IOC’s', () => {
    const { memory, image } = memoryAt();
    const block = image.addBlock(2);
    const slot = image.addSlot({ block, byte: 0, bit: 0, datatype: u16 });
    memory.route(1, block, target);
    const [noon = 0] = memory.now();
    memory.applyFrame(frame(1, [1, 0], NOON - 9000), target);
    expect([image.seconds[slot], memory.time.isPlants]).toEqual([noon - 9, true]);
    for (const wrong of [0, Date.UTC(2036, 1, 7), NOON - 3_600_000, NOON + 3_600_000]) {
      memory.applyFrame(frame(1, [2, 0], wrong), target);
      expect([image.seconds[slot], memory.time.isPlants]).toEqual([noon, false]);
    }
    expect(memory.time.refused).toBe(4);
  });

  it('never lets a time go back, and follows a clock that moves on', () => {
    const { memory, image, time } = memoryAt();
    const block = image.addBlock(2);
    const slot = image.addSlot({ block, byte: 0, bit: 0, datatype: u16 });
    memory.route(1, block, target);
    const [noon = 0] = memory.now();
    memory.applyFrame(frame(1, [1, 0], NOON + 2000), target);
    memory.applyFrame(frame(1, [2, 0], NOON), target);
    expect([image.number(slot), image.seconds[slot], image.nanoseconds[slot]]).toEqual([
      2,
      noon + 2,
      1000,
    ]);
    time.now = NOON + 60_000;
    memory.applyFrame(frame(1, [3, 0], NOON + 60_000), target);
    expect([image.seconds[slot], memory.time.refused]).toEqual([noon + 60, 0]);
  });

  it('counts a notification of a variable that is gone, and lets the value stand', () => {
    const { memory, image } = memoryAt();
    const block = image.addBlock(2);
    const slot = image.addSlot({ block, byte: 0, bit: 0, datatype: u16 });
    memory.route(1, block, target);
    memory.applyFrame(frame(1, [5, 0]), target);
    memory.applyFrame(frame(1, []), target);
    expect([memory.vanished, image.number(slot), image.quality[slot]]).toEqual([1, 5, 0]);
  });
});

describe('Ages', () => {
  it('makes a value late that nothing was heard of, until something is', () => {
    const { memory, image, time } = memoryAt();
    const place = region(0xf030, 0, 2);
    const block = memory.blockOf(place);
    const slot = image.addSlot({ block, byte: 0, bit: 0, datatype: u16 });
    memory.route(1, block, target);
    memory.applyFrame(frame(1, [5, 0]), target);
    const ages = new Ages();
    ages.limit(slot, block, 2);
    ages.sweep(memory, 1900);
    expect(image.quality[slot]).toBe(Quality.good);
    ages.sweep(memory, 2100);
    expect([image.quality[slot], ages.late]).toEqual([Quality.late, 1]);
    time.monotonic = 2200;
    // A read that finds the same bytes is word from the plant, too.
    memory.confirm(place, Uint8Array.of(6, 0), 0);
    expect(image.quality[slot]).toBe(Quality.late);
    memory.confirm(place, Uint8Array.of(5, 0), 0);
    expect(image.quality[slot]).toBe(Quality.good);
    ages.sweep(memory, 4100);
    expect(image.quality[slot]).toBe(Quality.good);
  });
});
