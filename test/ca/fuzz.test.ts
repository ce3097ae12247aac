import { describe, expect, it } from 'vitest';
import type { CircuitWorld } from '../../src/ca/circuit.ts';
import { Eca } from '../../src/ca/header.ts';
import { SearchResponder } from '../../src/ca/search.ts';
import { ProcessImage } from '../../src/model/index.ts';
import { Directory } from '../../src/pv/index.ts';
import { RecordTable } from '../../src/records/index.ts';
import { Mutator } from '../ads/mutations.ts';
import { bytesOf, circuitWorld, hex, message, TestCircuit, text } from '../support/ca-circuit.ts';

/** `node scripts/fuzz.mjs 1000000` sets them. */
const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 20_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
/** A circuit is left after so many frames that it survived. */
const FRAMES_PER_CIRCUIT = 50;

const names = ['A', 'TEXT', 'STATE', 'ROW', 'A.DESC$', 'ROW.[1:2]', 'A.{dbnd:{d:1},dec:{n:2}}'];

function directory(): Directory {
  const table = new RecordTable(new ProcessImage());
  table.add({ name: 'A', type: 'ao', role: 'soft', initial: 1 });
  table.add({ name: 'TEXT', type: 'stringout', role: 'soft', initial: 'abc' });
  table.add({ name: 'STATE', type: 'mbbo', role: 'soft', fields: { ZRST: 'Off', ONST: 'On' } });
  table.add({ name: 'ROW', type: 'waveform', role: 'soft', fields: { FTVL: 'LONG', NELM: 9 } });
  return new Directory(table);
}

/** One frame of each kind that a client sends, on channels 1 to 7. */
function seeds(firstSid: number): readonly string[] {
  const sid = (i: number) => firstSid + (i % names.length);
  const one = '3ff0000000000000';
  const event = `${'00'.repeat(12)}000f0000`;
  return [
    message(0, '', { type: 5, count: 13 }),
    message(20, text('user')),
    message(21, text('host')),
    message(6, text('ROW'), { type: 10, count: 13, p1: 3, p2: 3 }),
    ...names.map((name, i) => message(18, text(name), { p1: 100 + i, p2: 13 })),
    ...names.map((_, i) => message(15, '', { type: 34, count: i % 4, p1: sid(i), p2: 9 })),
    ...[0, 14, 20, 24, 31, 37, 38].map((type, i) =>
      message(15, '', { type, count: 1, p1: sid(i), p2: 9 }),
    ),
    message(3, '', { type: 0, count: 1, p1: sid(1), p2: 9 }),
    ...names.map((_, i) => message(4, one, { type: 6, count: 1, p1: sid(i), p2: 9 })),
    message(19, text('12 mm'), { type: 0, count: 1, p1: sid(0), p2: 9 }),
    message(19, `${one}${one}`, { type: 6, count: 2, p1: sid(3), p2: 9 }),
    message(19, '0001', { type: 36, count: 1, p1: sid(0), p2: 9 }),
    ...names.map((_, i) => message(1, event, { type: 20, count: 0, p1: sid(i), p2: 50 + i })),
    message(2, '', { type: 20, count: 0, p1: sid(0), p2: 50 }),
    message(8) + message(9),
    message(10, '', { p1: 4 }),
    message(23, one, { p1: 4 }),
    message(12, '', { p1: sid(6), p2: 7 }),
    `000fffff00060000${hex(sid(3), 8)}000000070000000000000002`,
  ];
}

/** A circuit with a channel to each name; also the id of the first. */
function opened(world: CircuitWorld) {
  const circuit = new TestCircuit(world).greeted();
  const [first = 0] = names.map((name, cid) => circuit.open(name, cid));
  return { circuit, first };
}

/** Sends bytes in one piece, or one by one. */
function sendIn(circuit: TestCircuit, bytes: Uint8Array, inPieces: boolean): void {
  const piece = inPieces ? 1 : Math.max(1, bytes.length);
  for (let at = 0; at < bytes.length; at += piece) {
    circuit.circuit.receive(bytes.slice(at, at + piece));
    circuit.circuit.flush();
  }
}

/** What is wrong with the bytes that a server sent, if anything. */
function complaintAbout(output: Buffer): string | undefined {
  for (let at = 0; at < output.length; ) {
    const isExtended = output.readUInt16BE(at + 2) === 0xffff;
    const header = isExtended ? 24 : 16;
    const size = isExtended ? output.readUInt32BE(at + 16) : output.readUInt16BE(at + 2);
    const command = output.readUInt16BE(at);
    if (!answers.has(command)) return `command ${command} at ${at}`;
    if (size % 8 !== 0 || at + header + size > output.length) return `size ${size} at ${at}`;
    const status = output.readUInt32BE(at + 12);
    if (command === 11 && !statuses.has(status)) return `status ${status} at ${at}`;
    at += header + size;
  }
  return undefined;
}

const answers = new Set([0, 1, 3, 6, 10, 11, 12, 14, 15, 18, 19, 22, 23, 26]);
const statuses: ReadonlySet<number> = new Set(Object.values(Eca));

describe(`${FRAMES} broken frames, seed ${SEED}`, () => {
  it('end at most the circuit that they came on, and every answer is well formed', () => {
    const world = circuitWorld(directory(), { maxArrayBytes: 4096 });
    const bystander = opened(world);
    const get = message(15, '', { type: 6, count: 1, p1: bystander.first, p2: 77 });
    const mutator = new Mutator(SEED);
    let { circuit, first } = opened(world);
    let frames = seeds(first).map(bytesOf);
    for (let i = 0; i < FRAMES; i++) {
      const frame = mutator.mutate(frames[i % frames.length] ?? new Uint8Array(0));
      sendIn(circuit, frame, i % 7 === 0);
      const complaint = complaintAbout(Buffer.from(circuit.received(), 'hex'));
      if (complaint) throw new Error(`${complaint}, after ${Buffer.from(frame).toString('hex')}`);
      if (!circuit.circuit.ended && i % FRAMES_PER_CIRCUIT !== 0) continue;
      circuit.circuit.dispose();
      ({ circuit, first } = opened(world));
      frames = seeds(first).map(bytesOf);
      bystander.circuit.received();
      expect(bystander.circuit.send(get).received().slice(0, 32)).toMatch(/^000f0008.*0000004d$/);
    }
    circuit.circuit.dispose();
    expect(world.tally.ended).toMatchObject({ fault: 0, slow: 0 });
    expect(world.tally).toMatchObject({ channels: names.length, subscriptions: 0 });
  }, 600_000);

  it('of searches are answered or passed over, and the next one is heard', () => {
    const world = circuitWorld(directory());
    const responder = new SearchResponder(world.directory, 5064, world.tally);
    const hello = message(0, '', { count: 13 });
    const frames = names.map((name) =>
      bytesOf(hello + message(6, text(name), { type: 5, count: 13, p1: 1, p2: 1 })),
    );
    const mutator = new Mutator(SEED);
    const good = bytesOf(hello + message(6, text('A'), { type: 5, count: 13, p1: 9, p2: 9 }));
    for (let i = 0; i < FRAMES; i++) {
      const replies: Uint8Array[] = [];
      const send = (reply: Uint8Array) => replies.push(reply);
      responder.answer(mutator.mutate(frames[i % frames.length] ?? good), send);
      for (const reply of replies) expect(complaintAbout(Buffer.from(reply))).toBeUndefined();
      replies.length = 0;
      if (i % 100 !== 0) continue;
      responder.answer(good, send);
      expect(replies).toHaveLength(1);
    }
  }, 600_000);

  it('of channel names are channels or not', () => {
    const pvs = directory();
    const mutator = new Mutator(SEED);
    const seedsOfNames = [...names, 'A.{sync:{m:"while",s:"x"}}', 'A.{ts:{num:"sec"}}'].map(
      (name) => Buffer.from(name),
    );
    for (let i = 0; i < FRAMES; i++) {
      const bytes = Buffer.from(mutator.mutate(seedsOfNames[i % seedsOfNames.length] ?? some));
      const found = pvs.findBytes(bytes, 0, bytes.length);
      found?.read();
      expect(found?.record ?? 'A').toMatch(/^(A|TEXT|STATE|ROW)$/);
      if (found) expect(pvs.hasBytes(bytes, 0, bytes.length)).toBe(true);
    }
  }, 600_000);
});

const some = Buffer.from('A');
