import { describe, expect, it } from 'vitest';
import { amsNetId, amsPort, deviceNotification } from '../../src/ads/index.ts';
import { encoded, systemClock } from '../../src/kernel/index.ts';
import { ProcessImage } from '../../src/model/index.ts';
import { PlantMemory } from '../../src/pipeline/index.ts';
import { expectHarmless, FRAMES, LONG_MS, SEED } from '../support/fuzzing.ts';

const server = { netId: amsNetId('5.1.2.3.1.1'), port: amsPort(27905) };
const HANDLES = 4;
const LENGTH = 8;

describe(`${FRAMES} mutated notifications (seed ${SEED})`, () => {
  it(
    'harm no process image, and leave what it holds to whole ones',
    () => {
      const image = new ProcessImage();
      const memory = new PlantMemory(image, systemClock);
      const blocks = Array.from({ length: HANDLES }, (_, handle) => {
        const block = image.addBlock(LENGTH);
        memory.route(handle, block, server);
        return block;
      });
      const time = { low: 0x1000_0000, high: 0x01dc_0000 };
      const samples = blocks.map((_, handle) => ({
        handle,
        bytes: new Uint8Array(LENGTH).fill(7),
      }));
      const whole = encoded(deviceNotification, [{ time, samples }]);
      memory.look();
      expectHarmless({ seeds: [whole], decode: (frame) => memory.applyFrame(frame, server) });
      const [notifier] = memory.notifiers;
      expect(notifier?.early.size).toBeLessThanOrEqual(2048);
      const before = memory.samples;
      memory.applyFrame(whole, server);
      expect(memory.samples).toBe(before + HANDLES);
    },
    LONG_MS,
  );
});
