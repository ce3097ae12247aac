import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeRecords,
  encodeRecord,
  type JournalRecord,
} from '../../../src/bus/link/journal-record.ts';
import { bytesOf, plain } from '../../support/ca-circuit.ts';

const message: JournalRecord = {
  kind: 'message',
  entry: 2,
  topic: 'te/a',
  payload: new Uint8Array([0x7b, 0x7d]),
  delivery: 'event',
  qos: 1,
  retain: true,
  deadline: Number.POSITIVE_INFINITY,
  expires: false,
};

const messages: fc.Arbitrary<JournalRecord> = fc.record({
  kind: fc.constant('message' as const),
  entry: fc.integer({ min: 1, max: 2 ** 40 }),
  topic: fc.string({ maxLength: 20 }),
  payload: fc.uint8Array({ maxLength: 40 }),
  delivery: fc.constantFrom('event' as const, 'state' as const),
  qos: fc.constantFrom(0 as const, 1 as const),
  retain: fc.boolean(),
  deadline: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 2 ** 42 })),
  expires: fc.boolean(),
});

const records = fc.array(
  fc.oneof(
    messages,
    fc.record({ kind: fc.constant('settled' as const), entry: fc.integer({ min: 1, max: 99 }) }),
  ),
  { maxLength: 8 },
);

describe('a record of the journal', () => {
  it('is a mark, its kind, its length, a checksum, and a body', () => {
    const bytes = plain(
      '5a b0 01 03 18 00 00 00 CRC 00 00 00 00 00 00 00 40 00 00 00 00 00 00 f0 7f 04 00 74 65 2f 61 7b 7d',
    );
    const encoded = encodeRecord(message);
    const crc = plain(Buffer.from(encoded.subarray(8, 12)).toString('hex'));
    expect(Buffer.from(encoded).toString('hex')).toBe(bytes.replace('CRC', crc));
    expect(Buffer.from(encodeRecord({ kind: 'settled', entry: 2 })).toString('hex')).toMatch(
      /^5ab0020008000000.{8}0000000000000040$/,
    );
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(records, (given) => {
        expect(decodeRecords(joined(given))).toEqual({ records: given, broken: 0 });
      }),
    );
  });

  it('is lost when it is cut off, and those before it are not', () => {
    fc.assert(
      fc.property(records, fc.nat(), (given, chance) => {
        const bytes = joined(given);
        const end = chance % (bytes.length + 1);
        const { records: found, broken } = decodeRecords(bytes.subarray(0, end));
        const whole = given.filter((_, at) => joined(given.slice(0, at + 1)).length <= end);
        expect(found).toEqual(whole);
        expect(broken).toBe(end - joined(whole).length);
      }),
    );
  });

  it('is lost when a byte of it changes, and those around it are not', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, chance, change) => {
        fc.pre(given.length > 0);
        const bytes = joined(given);
        const at = chance % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const hit = given.findIndex((_, n) => joined(given.slice(0, n + 1)).length > at);
        const others = given.filter((_, n) => n !== hit);
        expect(decodeRecords(bytes).records).toEqual(others);
      }),
    );
  });

  it('is in no other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeRecords(bytes)).toEqual({ records: [], broken: bytes.length });
      }),
    );
    const empty = bytesOf('5a b0 01 00 00 00 00 00 00 00 00 00');
    expect(decodeRecords(empty)).toEqual({ records: [], broken: 12 });
  });
});

function joined(given: readonly JournalRecord[]): Uint8Array {
  return new Uint8Array(Buffer.concat(given.map(encodeRecord)));
}
