import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowOf, typedBlock } from '../../../../src/bus/profiles/pv/typed-block.ts';

describe('a typed block', () => {
  it('is little-endian bytes in base64', () => {
    // 00 00 c0 3f: 1.5 as a float
    expect(typedBlock(Float32Array.of(1.5))).toBe('{"type":"float32","n":1,"b64":"AADAPw=="}');
  });

  it.each([
    fc.int8Array(),
    fc.uint8Array(),
    fc.int16Array(),
    fc.uint16Array(),
    fc.int32Array(),
    fc.uint32Array(),
    fc.float32Array(),
    fc.float64Array(),
  ])('comes back as the row that it was (%#)', (rows) => {
    fc.assert(
      fc.property(rows as fc.Arbitrary<Float64Array>, (row) => {
        expect(rowOf(JSON.parse(typedBlock(row)))).toEqual(row);
      }),
    );
  });

  it('of a part of a buffer has that part', () => {
    expect(rowOf(JSON.parse(typedBlock(Int16Array.of(1, 2, 3).subarray(1, 2))))).toEqual(
      Int16Array.of(2),
    );
  });

  it.each([
    [{}],
    [{ type: 'float64' }],
    [{ type: 'text', b64: '' }],
    [{ type: 'constructor', b64: '' }],
    [{ type: 'int16', b64: 'AQ==' }],
    [{ type: 'int16', n: 2, b64: 'AQI=' }],
    [[1, 2]],
  ])('%j is none', (block) => {
    expect(rowOf(block)).toBeUndefined();
  });
});
