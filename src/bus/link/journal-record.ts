import { crc32 } from 'node:zlib';
import { Reader, Writer } from '../../kernel/index.ts';
import type { Delivery } from '../message.ts';

/** A message in the journal. */
export interface JournalMessage {
  readonly kind: 'message';
  /** Unique in the file. */
  readonly entry: number;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly delivery: Delivery;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** When it is worth nothing any more, in milliseconds since 1970; Infinity: always worth it. */
  readonly deadline: number;
  /** Whether the deadline is its own, not the outbox's. */
  readonly expires: boolean;
}

/** That a message is settled. */
export interface JournalSettled {
  readonly kind: 'settled';
  readonly entry: number;
}

export type JournalRecord = JournalMessage | JournalSettled;

/*
 * A record, little-endian:
 *   0  u16  mark, to find the next record behind a broken one
 *   2  u8   kind: 1 message, 2 settled
 *   3  u8   flags of a message: 1 QoS 1, 2 retain, 4 state (else event), 8 expires
 *   4  u32  length of the body
 *   8  u32  CRC-32 of the bytes 2 to 7 and of the body
 *  12  body: entry f64; of a message also deadline f64, length of topic u16, topic, payload
 */
const MARK = 0xb05a;
const HEAD = 12;
const KINDS = { message: 1, settled: 2 } as const;
const FLAGS = { qos1: 1, retain: 2, state: 4, expires: 8 } as const;

export function encodeRecord(record: JournalRecord): Uint8Array {
  const w = new Writer('le', 64);
  w.u16(MARK);
  w.u8(KINDS[record.kind]);
  w.u8(record.kind === 'message' ? flagsOf(record) : 0);
  w.zeros(8);
  w.f64(record.entry);
  if (record.kind === 'message') {
    const topic = new TextEncoder().encode(record.topic);
    w.f64(record.deadline);
    w.u16(topic.length);
    w.bytes(topic);
    w.bytes(record.payload);
  }
  w.patchU32(4, w.length - HEAD);
  w.patchU32(8, checksum(w.view()));
  return w.take();
}

/** What a file holds that is whole, and how many bytes of it are not. */
export function decodeRecords(bytes: Uint8Array): {
  readonly records: readonly JournalRecord[];
  readonly broken: number;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: JournalRecord[] = [];
  let broken = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = endOf(view, at);
    const record = end === undefined ? undefined : recordOf(bytes.subarray(at, end));
    if (end === undefined || record === undefined) {
      // The next mark is sought: what follows a broken record is as good as before.
      broken++;
      at++;
    } else {
      records.push(record);
      at = end;
    }
  }
  return { records, broken };
}

/** Where the record that begins here ends; undefined when none does, or not all of it is there. */
function endOf(view: DataView, at: number): number | undefined {
  if (at + HEAD > view.byteLength || view.getUint16(at, true) !== MARK) return undefined;
  const end = at + HEAD + view.getUint32(at + 4, true);
  return end <= view.byteLength ? end : undefined;
}

function recordOf(bytes: Uint8Array): JournalRecord | undefined {
  const r = new Reader(bytes);
  r.skip(2);
  const [kind, flags] = [r.u8(), r.u8()];
  r.skip(4);
  if (r.u32() !== checksum(bytes) || bytes.length < HEAD + 8) return undefined;
  const entry = r.f64();
  if (kind === KINDS.settled) return { kind: 'settled', entry };
  if (kind !== KINDS.message || bytes.length < HEAD + 18) return undefined;
  const deadline = r.f64();
  const length = r.u16();
  if (HEAD + 18 + length > bytes.length) return undefined;
  return {
    ...{ kind: 'message', entry, deadline },
    topic: new TextDecoder().decode(r.borrow(length)),
    payload: r.rest().slice(),
    delivery: flags & FLAGS.state ? 'state' : 'event',
    qos: flags & FLAGS.qos1 ? 1 : 0,
    retain: (flags & FLAGS.retain) !== 0,
    expires: (flags & FLAGS.expires) !== 0,
  };
}

function flagsOf({ qos, retain, delivery, expires }: JournalMessage): number {
  return (
    (qos === 1 ? FLAGS.qos1 : 0) |
    (retain ? FLAGS.retain : 0) |
    (delivery === 'state' ? FLAGS.state : 0) |
    (expires ? FLAGS.expires : 0)
  );
}

function checksum(record: Uint8Array): number {
  return crc32(record.subarray(HEAD), crc32(record.subarray(2, 8)));
}
