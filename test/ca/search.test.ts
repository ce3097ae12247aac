import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newTally } from '../../src/ca/counters.ts';
import { SearchResponder } from '../../src/ca/search.ts';
import { bytesOf, hex, message, plain, text } from '../support/ca-circuit.ts';
import { FakeDirectory } from '../support/fake-directory.ts';

const names = Array.from({ length: 100 }, (_, i) => `PV:${i}`);
const directory = new FakeDirectory(
  Object.fromEntries(names.map((name) => [name, { type: 'DOUBLE' as const, value: 0 }])),
);

function replies(...messages: string[]): string[] {
  const sent: string[] = [];
  responder().answer(bytesOf(messages.join('')), (reply) => {
    sent.push(Buffer.from(reply).toString('hex'));
  });
  return sent;
}

const responder = (tally = newTally()) => new SearchResponder(directory, 5064, tally);
const version = (minor = 13, sequence = 0x42) =>
  message(0, '', { type: 1, count: minor, p1: sequence });
const search = (name: string, id: number) =>
  message(6, text(name), { type: 5, count: 13, p1: id, p2: id });
const found = (id: number) => plain(`0006 0008 13c8 0000 ffffffff ${hex(id, 8)} 000d 000000000000`);

describe('a search datagram', () => {
  it('is answered behind one VERSION with its sequence number', () => {
    const both = found(1) + found(2);
    expect(replies(version(), search('PV:1', 1), search('PV:2', 2))).toEqual([
      plain('0000 0000 0001 000d 00000042 00000000') + both,
    ]);
  });

  it('of an old client is answered without VERSION', () => {
    expect(replies(version(10), search('PV:1', 1))).toEqual([found(1)]);
  });

  it('for unknown names is never answered', () => {
    expect(replies(version(), search('NO', 1), search('PV:1.NO', 2))).toEqual([]);
  });

  it('finds fields, and names with ranges and filters, whose CREATE_CHAN fails later', () => {
    const asked = ['PV:1.VAL', 'PV:1.', 'PV:1.{"ts":{}}', 'PV:1.VAL[0:1]'];
    const [reply = ''] = replies(version(), ...asked.map((name, i) => search(name, i)));
    expect(reply.slice(32)).toBe([0, 1, 2, 3].map(found).join(''));
  });

  it('is answered in datagrams of at most 1024 bytes', () => {
    const sent = replies(version(), ...names.map((name, i) => search(name, i)));
    expect(sent.map((reply) => reply.length / 2)).toEqual([1024, 1024, 16 + 16 * 24]);
    expect(sent.every((reply) => reply.startsWith('00000000'))).toBe(true);
  });

  it.each([
    ['does not begin with VERSION', search('PV:1', 1)],
    ['is of a client older than 4.4', version(3) + search('PV:1', 1)],
    ['is empty', ''],
  ])('that %s is ignored', (_, datagram) => {
    expect(replies(datagram)).toEqual([]);
  });

  it('is dropped from the first broken message on', () => {
    const claim = plain('0006 ffff 0005 0000 00000001 00000001 fffffff8 0000000d');
    const [reply = ''] = replies(version(), search('PV:1', 1), claim, search('PV:2', 2));
    expect(reply.slice(32)).toBe(found(1));
    // The next datagram starts afresh.
    expect(replies(version(), search('PV:2', 2))).toHaveLength(1);
  });

  it('of random bytes does no harm', () => {
    const tally = newTally();
    const subject = responder(tally);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        subject.answer(noise, () => {});
        subject.answer(Uint8Array.of(...bytesOf(version()), ...noise), () => {});
      }),
      { numRuns: 2000 },
    );
    expect(tally.malformedDatagrams).toBeGreaterThan(0);
  });
});
