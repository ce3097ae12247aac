import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deviceNotification,
  type NotificationSink,
  scanNotifications,
} from '../../src/ads/index.ts';
import { encoded, MalformedFrame } from '../../src/kernel/index.ts';
import { blob, u32 } from './arbitraries.ts';
import { bytes, hex } from './bytes.ts';

/** Writes down what it is given. */
class Notes implements NotificationSink {
  readonly lines: string[] = [];

  stamp(low: number, high: number): void {
    this.lines.push(`stamp ${high} ${low}`);
  }

  sample(handle: number, source: Uint8Array, at: number, length: number): void {
    this.lines.push(`sample ${handle}: ${hex(source.subarray(at, at + length))}`);
  }
}

function notesOf(payload: Uint8Array): { found: number; lines: string[] } {
  const notes = new Notes();
  return { found: scanNotifications(payload, notes), lines: notes.lines };
}

describe('the scan of notifications', () => {
  it('reads stamps, handles and data in the order of the frame', () => {
    const payload = bytes(
      '34 00 00 00 02 00 00 00 ' +
        '01 00 00 80 02 00 00 00 02 00 00 00 ' +
        '07 00 00 00 02 00 00 00 aa bb  ff ff ff ff 01 00 00 00 cc ' +
        '03 00 00 00 04 00 00 00 01 00 00 00 08 00 00 00 00 00 00 00',
    );
    expect(notesOf(payload)).toEqual({
      found: 3,
      lines: [
        'stamp 2 2147483649',
        'sample 7: aa bb',
        'sample 4294967295: cc',
        'stamp 4 3',
        'sample 8: ',
      ],
    });
  });

  it('finds what the codec wrote, wherever the payload lies in its buffer', () => {
    const stamps = fc.array(
      fc.record({
        time: fc.record({ low: u32, high: u32 }),
        samples: fc.array(fc.record({ handle: u32, bytes: blob }), { maxLength: 6 }),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(stamps, fc.integer({ min: 0, max: 9 }), (values, shift) => {
        const wire = encoded(deviceNotification, values);
        const buffer = new Uint8Array(shift + wire.length);
        buffer.set(wire, shift);
        expect(notesOf(buffer.subarray(shift)).lines).toEqual(
          values.flatMap(({ time, samples }) => [
            `stamp ${time.high} ${time.low}`,
            ...samples.map((s) => `sample ${s.handle}: ${hex(s.bytes)}`),
          ]),
        );
      }),
    );
  });

  it('rejects every truncation', () => {
    const whole = encoded(deviceNotification, [
      { time: { low: 1, high: 2 }, samples: [{ handle: 1, bytes: bytes('01 02 03') }] },
      { time: { low: 3, high: 4 }, samples: [{ handle: 2, bytes: bytes('04') }] },
    ]);
    for (let length = 0; length < whole.length; length++) {
      expect(() => notesOf(whole.subarray(0, length)), `${length} bytes`).toThrow(MalformedFrame);
    }
  });

  it.each([
    ['stamps', '08 00 00 00 ff ff ff ff 00 00 00 00 00 00 00 00 00 00 00 00'],
    ['samples', '08 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 ff ff ff ff'],
    [
      'bytes',
      '08 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 01 00 00 00 ff ff ff ff',
    ],
  ])('does not believe a claim of four thousand million %s', (_, wire) => {
    expect(() => notesOf(bytes(wire))).toThrow(MalformedFrame);
  });

  it('ends, in no other way than MalformedFrame, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 3 }), (noise, n) => {
        // Small counts let the noise reach the inner loops.
        if (noise.length > 8) noise.set([n, 0, 0, 0], 4);
        if (noise.length > 20) noise.set([n, 0, 0, 0], 16);
        try {
          notesOf(noise);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedFrame);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
