import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kernel/index.ts';
import { ProcessImage, Quality, type Slot, u16 } from '../../src/model/index.ts';
import { Places } from '../../src/pipeline/places.ts';
import { PlantMemory } from '../../src/pipeline/plant-memory.ts';

describe('the places of a plant’s records', () => {
  let image: ProcessImage;
  let places: Places;
  let slot: Slot;
  const at = (block: number) => ({ block, byte: 0, bit: 0, datatype: u16 });
  const put = (block: number) => places.put(slot, at(block), (each, to) => image.place(each, to));
  const sample = (block: number, value: number, second: number) =>
    image.apply(block, Uint8Array.of(value, 0), 0, 2, second, 0);
  const drain = () => {
    const dirty = [...image.dirty.subarray(0, image.dirtyCount)];
    image.clearDirty();
    return dirty;
  };

  beforeEach(() => {
    image = new ProcessImage();
    places = new Places(new PlantMemory(image, systemClock));
    image.addBlock(2);
    image.addBlock(2);
    slot = image.addSlot();
    put(0);
    sample(0, 7, 1);
    drain();
  });

  it('leave a record alone that is where it was', () => {
    expect(put(0)).toBe(false);
    expect(image.quality[slot]).toBe(Quality.good);
  });

  it('show nobody the bytes of a new place before their first sample', () => {
    sample(1, 9, 2);
    expect(put(1)).toBe(true);
    expect(image.quality[slot]).not.toBe(Quality.good);
    expect(drain()).toEqual([]);
    // The same bytes as the block has already: for this record they are news.
    sample(1, 9, 3);
    expect(drain()).toEqual([slot]);
    expect([image.quality[slot], image.number(slot)]).toEqual([Quality.good, 9]);
  });

  it('degrade a record at once that waits for its first sample', () => {
    put(1);
    places.degrade(places.slots(), Quality.away);
    expect(image.quality[slot]).toBe(Quality.away);
    expect(drain()).toEqual([slot]);
  });

  it('keep a retired record INVALID, whatever arrives where it was', () => {
    places.retire(slot);
    expect(drain()).toEqual([slot]);
    sample(0, 8, 4);
    expect(drain()).toEqual([]);
    expect(image.quality[slot]).toBe(Quality.away);
  });

  it('take a retired record back, which is good with its next sample', () => {
    places.retire(slot);
    drain();
    expect(put(0)).toBe(true);
    expect(image.quality[slot]).toBe(Quality.away);
    sample(0, 8, 5);
    expect([image.quality[slot], image.number(slot)]).toEqual([Quality.good, 8]);
  });
});
