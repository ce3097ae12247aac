import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketScanner } from '../../../src/bus/broker/packet-scanner.ts';
import { expectHarmless } from '../../support/fuzzing.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** A packet of a type with a body of zeros. */
function packet(type: number, bytes: number): Buffer {
  const length: number[] = [];
  for (let rest = bytes; length.length === 0 || rest > 0; rest = Math.floor(rest / 128)) {
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
  }
  return Buffer.concat([Buffer.from([type << 4, ...length]), Buffer.alloc(bytes)]);
}

const packets = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 0, max: 400 })),
);

describe('what follows the packets of a client', () => {
  it('counts what asks for something, not what acknowledges', () => {
    // PINGREQ; PUBLISH of "a" with "b"; PUBACK 1; PUBLISH of "a" with nothing.
    const bytes = hex('c0 00  30 04 00 01 61 62  40 02 00 01  30 03 00 01 61');
    expect(new PacketScanner(100).take(bytes)).toBe(3);
  });

  it('counts the same wherever the stream is cut', () => {
    fc.assert(
      fc.property(packets, fc.integer({ min: 1, max: 50 }), (list, size) => {
        const bytes = Buffer.concat(list.map(([type, length]) => packet(type, length)));
        const scanner = new PacketScanner(400);
        let messages = 0;
        for (let at = 0; at < bytes.length; at += size) {
          messages += scanner.take(bytes.subarray(at, at + size)) ?? Number.NaN;
        }
        expect(messages).toBe(list.filter(([type]) => type < 4 || type > 7).length);
      }),
    );
  });

  it('refuses a packet that is too long at its length already', () => {
    expect(new PacketScanner(127).take(hex('30 7f'))).toBe(1);
    expect(new PacketScanner(127).take(hex('30 80 01'))).toBeUndefined();
  });

  it('refuses a length of more than four bytes', () => {
    expect(new PacketScanner(2 ** 40).take(hex('30 ff ff ff 7f'))).toBe(1);
    expect(new PacketScanner(2 ** 40).take(hex('30 ff ff ff ff 01'))).toBeUndefined();
  });

  it('takes or refuses whatever bytes', () => {
    const seeds = [packet(3, 10), packet(1, 300), hex('c0 00 e0 00')];
    expectHarmless({ seeds, decode: (bytes) => new PacketScanner(1000).take(bytes) });
  });
});
