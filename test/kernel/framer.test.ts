import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FrameRule, Framer, IocError } from '../../src/kernel/index.ts';

/** Two bytes of size (little-endian, of the body), then the body. */
const rule: FrameRule = {
  name: 'test',
  headerSize: 2,
  maxSize: 1000,
  frameSize: (bytes, at) => 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256,
};

function frameOf(body: Uint8Array): Uint8Array {
  return Uint8Array.of(body.length & 0xff, body.length >> 8, ...body);
}

describe('Framer', () => {
  it('delivers the same frames however the stream is cut', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 });
    const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 });
    fc.assert(
      fc.property(bodies, cuts, (contents, sizes) => {
        const stream = Uint8Array.from(contents.flatMap((body) => [...frameOf(body)]));
        const framer = new Framer(rule);
        const got: Uint8Array[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          framer.push(stream.subarray(at, at + size), (frame) => got.push(frame.slice()));
          at += size;
        }
        expect(got).toEqual(contents.map(frameOf));
        expect(framer.pending).toBe(0);
      }),
    );
  });

  it('lends frames that lie whole in the chunk instead of copying them', () => {
    const chunk = frameOf(Uint8Array.of(1, 2, 3));
    new Framer(rule).push(chunk, (frame) => expect(frame.buffer).toBe(chunk.buffer));
    expect.assertions(1);
  });

  it('refuses a frame that claims more than the limit, before its bytes come', () => {
    const framer = new Framer(rule);
    expect(() => framer.push(Uint8Array.of(0xff, 0xff), () => {})).toThrow(IocError);
    expect(framer.pending).toBe(0);
  });

  it('keeps no more than what has arrived', () => {
    const framer = new Framer(rule);
    framer.push(Uint8Array.of(200, 3, 1, 2, 3), () => {});
    expect(framer.pending).toBe(5);
  });
});
