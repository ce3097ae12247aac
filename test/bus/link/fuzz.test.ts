import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  decodeRecords,
  encodeRecord,
  type JournalRecord,
} from '../../../src/bus/link/journal-record.ts';
import { Scope } from '../../../src/kernel/index.ts';
import { ManualClock } from '../../ads/manual-clock.ts';
import { expectHarmless, LONG_MS, SEED } from '../../support/fuzzing.ts';
import { deadline, openedLink } from './opened.ts';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope[Symbol.asyncDispose]());

/** MQTT 3.1.1, section 3.2: accepted, no session. */
const CONNACK = Buffer.from([0x20, 2, 0, 0]);

/** A broker that accepts, says these bytes, and hangs up when it was heard. */
async function broker(words: readonly Uint8Array[]) {
  let connections = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {});
    const said = words[connections++ % words.length] ?? new Uint8Array();
    socket.write(CONNACK);
    socket.end(said);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.defer(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `mqtt://127.0.0.1:${port}`, connections: () => connections };
}

/** MQTT 3.1.1, section 3.3: PUBLISH, which may lack its last byte. */
const publish = fc
  .record({
    topic: fc.constantFrom('', 'a/b', 'te/device/main//'),
    payload: fc.uint8Array({ maxLength: 20 }),
    flags: fc.nat(15),
    id: fc.nat(65_535),
    isCut: fc.boolean(),
  })
  .map(({ topic, payload, flags, id, isCut }) => {
    const packetId = (flags & 0b0110) === 0 ? [] : [id >> 8, id & 0xff];
    const body = [0, topic.length, ...Buffer.from(topic), ...packetId, ...payload];
    const bytes = new Uint8Array([0x30 | flags, body.length, ...body]);
    return isCut ? bytes.subarray(0, -1) : bytes;
  });

/** PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK of anything. */
const acknowledgements = fc
  .record({ type: fc.constantFrom(0x40, 0x50, 0x62, 0x70, 0x90, 0xb0), id: fc.nat(65_535) })
  .map(({ type, id }) => new Uint8Array([type, 2, id >> 8, id & 0xff]));

const words = fc
  .array(fc.oneof(fc.uint8Array({ maxLength: 40 }), publish, acknowledgements), { maxLength: 6 })
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

describe('whatever a broker says', () => {
  it('the link lives on, and tries again', async () => {
    const said = fc.sample(words, { numRuns: 150, seed: SEED });
    const clock = new ManualClock();
    const { url, connections } = await broker(said);
    const link = openedLink(scope, url, { clock });
    link.subscribe('#', ({ payload }) => void payload.length);
    link.publish({ topic: 'e', payload: '1', delivery: 'event' });
    await vi.waitFor(
      () => {
        clock.advance(500);
        expect(connections()).toBeGreaterThan(said.length);
      },
      { ...deadline, timeout: 20_000, interval: 1 },
    );
    expect(link.outbox.messages).toBeLessThanOrEqual(1);
  });
});

describe('whatever a journal holds', () => {
  it('is read without harm', { timeout: LONG_MS }, () => {
    const message: JournalRecord = {
      ...{ kind: 'message', entry: 1, topic: 'te/device/main///a/x', payload: Buffer.from('{}') },
      ...{ delivery: 'event', qos: 1, retain: true, deadline: 1e12, expires: false },
    };
    const records = [encodeRecord(message), encodeRecord({ kind: 'settled', entry: 1 })];
    expectHarmless({ seeds: [...records, Buffer.concat(records)], decode: decodeRecords });
  });
});
