import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AMS_HEADER,
  AMS_TCP_HEADER,
  amsTcpRule,
  decodePacket,
  encodePacket,
  MAX_PACKET,
  toTcp,
} from '../../src/ads/index.ts';
import { Framer, MalformedFrame } from '../../src/kernel/index.ts';
import { address, blob, u16, u32 } from './arbitraries.ts';
import { bytes } from './bytes.ts';

const head = fc.record({
  target: address,
  source: address,
  command: u16,
  stateFlags: u16,
  errorCode: u32,
  invokeId: u32,
});

describe('an AMS packet', () => {
  it('round-trips and rejects every truncation', () => {
    fc.assert(
      fc.property(head, blob, fc.nat(), (fields, payload, cut) => {
        const packet = encodePacket(fields, payload);
        expect(packet.length).toBe(AMS_HEADER + payload.length);
        const { header, payload: found } = decodePacket(packet);
        expect(header).toEqual({ ...fields, length: payload.length });
        expect(found).toEqual(payload);
        const short = packet.subarray(0, cut % packet.length);
        expect(() => decodePacket(short)).toThrow(MalformedFrame);
      }),
    );
  });

  it('may be longer than its payload, as those with a timestamp are', () => {
    const packet = new Uint8Array([
      ...bytes('01 01 01 01 01 01 2c 01 02 02 02 02 01 01 40 1f 04 00 25 00'),
      ...bytes('02 00 00 00 00 00 00 00 07 00 00 00 aa bb 01 02 03 04 05 06 07 08'),
    ]);
    expect(decodePacket(packet).payload).toEqual(bytes('aa bb'));
  });

  it('fails in no other way than MalformedFrame, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        try {
          decodePacket(noise);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedFrame);
        }
      }),
    );
  });
});

describe('an AMS/TCP stream', () => {
  it('gives the same packets however it is split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(head, blob), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        (packets, sizes) => {
          const sent = packets.map(([fields, payload]) => encodePacket(fields, payload));
          const stream = new Uint8Array(sent.flatMap((packet) => [...toTcp(packet)]));
          const framer = new Framer(amsTcpRule);
          const found: Uint8Array[] = [];
          for (let at = 0, i = 0; at < stream.length; i++) {
            const size = sizes[i % sizes.length] ?? 1;
            framer.push(stream.slice(at, at + size), (f) => found.push(f.slice(AMS_TCP_HEADER)));
            at += size;
          }
          expect(found).toEqual(sent);
          expect(framer.pending).toBe(0);
        },
      ),
    );
  });

  it('is given up when a frame claims more than any packet has', () => {
    const framer = new Framer(amsTcpRule);
    expect(() => framer.push(bytes('00 00 ff ff ff ff'), () => {})).toThrow(/AMS\/TCP frame/);
    expect(amsTcpRule.maxSize).toBe(AMS_TCP_HEADER + MAX_PACKET);
  });
});
