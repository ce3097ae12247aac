import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AdsResult,
  addNotification,
  type Command,
  deleteNotification,
  deviceNotification,
  read,
  readDeviceInfo,
  readState,
  readWrite,
  write,
  writeControl,
} from '../../src/ads/index.ts';
import { type Codec, decoded, encoded, MalformedFrame } from '../../src/kernel/index.ts';
import { blob, text, u8, u16, u32 } from './arbitraries.ts';
import { bytes } from './bytes.ts';

/** Decodes what it encodes, and refuses whatever is cut short. */
function holds<T>(codec: Codec<T>, values: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(values, fc.nat(), (value, cut) => {
      const wire = encoded(codec, value);
      expect(decoded(codec, wire, 'test')).toEqual(value);
      if (wire.length === 0) return;
      const short = wire.subarray(0, cut % wire.length);
      expect(() => decoded(codec, short, 'test')).toThrow(MalformedFrame);
    }),
  );
}

const noError = fc.constant(0);
const place = { group: u32, offset: u32 };

function follows<Req, Res extends AdsResult>(
  command: Command<Req, Res>,
  requests: fc.Arbitrary<Req>,
  responses: fc.Arbitrary<Res>,
) {
  describe(command.name, () => {
    it('round-trips requests and rejects every truncation', () => holds(command.request, requests));
    it('round-trips answers and rejects every truncation', () =>
      holds(command.response, responses));
  });
}

const data = fc.record({ result: noError, bytes: blob });
const result = fc.record({ result: u32 });
const empty = fc.constant(undefined);

follows(
  readDeviceInfo,
  empty,
  fc.record({ result: noError, major: u8, minor: u8, build: u16, name: text(16) }),
);
follows(read, fc.record({ ...place, length: u32 }), data);
follows(write, fc.record({ ...place, bytes: blob }), result);
follows(readState, empty, fc.record({ result: noError, adsState: u16, deviceState: u16 }));
follows(writeControl, fc.record({ adsState: u16, deviceState: u16, bytes: blob }), result);
follows(
  addNotification,
  fc.record({ ...place, length: u32, mode: u32, maxDelay: u32, cycleTime: u32 }),
  fc.record({ result: noError, handle: u32 }),
);
follows(deleteNotification, fc.record({ handle: u32 }), result);
follows(readWrite, fc.record({ ...place, readLength: u32, bytes: blob }), data);

describe('DeviceNotification', () => {
  it('round-trips stamps and rejects every truncation', () => {
    const sample = fc.record({ handle: u32, bytes: blob });
    const stamp = fc.record({
      time: fc.record({ low: u32, high: u32 }),
      samples: fc.array(sample, { maxLength: 5 }),
    });
    holds(deviceNotification, fc.array(stamp, { maxLength: 4 }));
  });
});

describe('answers of servers that refuse', () => {
  it.each([
    [read.name, read.response, { result: 0x705, bytes: new Uint8Array(0) }],
    [readWrite.name, readWrite.response, { result: 0x705, bytes: new Uint8Array(0) }],
    [readState.name, readState.response, { result: 0x705, adsState: 0, deviceState: 0 }],
    [addNotification.name, addNotification.response, { result: 0x705, handle: 0 }],
  ])('%s is content with the result alone', (_, codec, expected) => {
    expect(decoded(codec as Codec<unknown>, bytes('05 07 00 00'), 'test')).toEqual(expected);
  });

  it('keeps the data that a server sends beside an error', () => {
    const wire = bytes('05 07 00 00 02 00 00 00 aa bb');
    expect(decoded(read.response, wire, 'test').bytes).toEqual(bytes('aa bb'));
  });
});

describe('what commands say of themselves', () => {
  it('names place, size and target', () => {
    const target = '5.1.2.3.1.1:851';
    expect(write.describe({ group: 0x4020, offset: 0, bytes: bytes('01 02 03 04') }, target)).toBe(
      'Write 0x4020:0x0 (4 bytes) to 5.1.2.3.1.1:851',
    );
    expect(read.describe({ group: 0xf302, offset: 0x80000002, length: 16 }, target)).toBe(
      'Read 0xf302:0x80000002 (16 bytes) from 5.1.2.3.1.1:851',
    );
  });
});
