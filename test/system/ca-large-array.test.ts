import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scope } from '../../src/kernel/index.ts';
import { message, text } from '../support/ca-circuit.ts';
import { temporaryFile } from '../support/demo-ioc.ts';
import { RawClient } from '../support/raw-client.ts';
import { softProcess } from '../support/soft-process.ts';

const ELEMENTS = 12_500_000;
const BYTES = 8 * ELEMENTS;
/** What a client may send and ask for at once, with a little room for the status beside the value. */
const LIMIT = BYTES + 64;
const DBR_DOUBLE = 6;
const DBR_TIME_DOUBLE = 20;
const CA_ERROR = 11;
const ECA_NORMAL = 1;
const ECA_TOLARGE = 72;
const EXTENDED = 24;
const hello = (name: string) =>
  message(0, '', { count: 13 }) + message(18, text(name), { p1: 1, p2: 13 });

const database = `
record(waveform, "BIG") { field(FTVL, DOUBLE) field(NELM, ${ELEMENTS}) }
record(waveform, "BIGGER") { field(FTVL, DOUBLE) field(NELM, ${ELEMENTS + 100}) }
record(ao, "A") { field(VAL, 3) }`;

/** A header whose size and count are in the extension. */
function extended(
  command: number,
  type: number,
  size: number,
  count: number,
  p1: number,
  p2: number,
) {
  const header = Buffer.alloc(EXTENDED);
  header.writeUInt16BE(command, 0);
  header.writeUInt16BE(0xffff, 2);
  header.writeUInt16BE(type, 4);
  for (const [at, value] of [p1, p2, size, count].entries())
    header.writeUInt32BE(value, 8 + 4 * at);
  return header;
}

/** Doubles that differ from element to element, big-endian. */
function pattern(seed: number): Buffer {
  const values = new Float64Array(ELEMENTS);
  for (let i = 0; i < ELEMENTS; i++) values[i] = seed + i;
  return Buffer.from(values.buffer).swap64();
}

/** Reads so many bytes of a socket into one buffer; stops half way for what is to be done then. */
async function bulk(socket: Socket, count: number, halfway?: () => Promise<void>): Promise<Buffer> {
  const all = Buffer.allocUnsafe(count);
  let at = 0;
  let isPast = false;
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    at += (chunk as Buffer).copy(all, at);
    if (!isPast && at > count / 2) {
      isPast = true;
      await halfway?.();
    }
    if (at >= count) return all;
  }
  throw new Error(`the server closed after ${at} of ${count} bytes`);
}

let scope: Scope;
let port = 0;
let pid = 0;
let others: RawClient;
beforeAll(async () => {
  scope = new Scope();
  const file = temporaryFile(scope, 'big.db', database);
  const limits = { EPICS_CA_AUTO_ARRAY_BYTES: 'NO', EPICS_CA_MAX_ARRAY_BYTES: String(LIMIT) };
  const soft = await softProcess(scope, file, limits);
  port = soft.port;
  pid = soft.running.pid;
  others = scope.use(await RawClient.open(port));
  others.send(hello('A'));
  await others.received(48);
});
afterAll(() => scope[Symbol.asyncDispose]());

/** Another client's get, which must be answered now. */
async function othersAreServed() {
  const before = others.bytes.length;
  const sid = others.bytes.readUInt32BE(16 + 16 + 12);
  others.send(message(15, '', { type: DBR_DOUBLE, count: 1, p1: sid, p2: 9 }));
  const bytes = await others.received(before + 24);
  expect(bytes.readDoubleBE(before + 16)).toBe(3);
}

/** A client on a channel, and the channel's id. */
async function opened(name: string): Promise<{ socket: Socket; sid: number }> {
  const socket = connect(port, '127.0.0.1');
  scope.defer(() => void socket.destroy());
  socket.write(Buffer.from(hello(name), 'hex'));
  const greeting = await bulk(socket, 48);
  return { socket, sid: greeting.readUInt32BE(44) };
}

/** Puts 100 MB with completion; resolves with the status of the answer. */
async function put(client: { socket: Socket; sid: number }, body: Buffer): Promise<number> {
  const { socket, sid } = client;
  socket.write(extended(19, DBR_DOUBLE, BYTES, ELEMENTS, sid, 7));
  const half = BYTES / 2;
  await new Promise((resolve) => socket.write(body.subarray(0, half), resolve));
  await othersAreServed();
  socket.write(body.subarray(half));
  return (await bulk(socket, EXTENDED)).readUInt32BE(8);
}

/** The most memory that the server has taken so far, in MB. */
function mostMemory(): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) / 1000;
}

describe('a waveform of 100 MB', () => {
  it('is put and read as a whole, while other clients are served', async () => {
    const client = await opened('BIG');
    const body = pattern(0.5);
    expect(await put(client, body)).toBe(ECA_NORMAL);
    const { socket, sid } = client;
    socket.write(Buffer.from(message(15, '', { type: DBR_DOUBLE, p1: sid, p2: 8 }), 'hex'));
    const answer = await bulk(socket, EXTENDED + BYTES, othersAreServed);
    expect(answer.subarray(0, EXTENDED)).toEqual(
      extended(15, DBR_DOUBLE, BYTES, ELEMENTS, ECA_NORMAL, 8),
    );
    expect(answer.subarray(EXTENDED).equals(body)).toBe(true);
  });

  it('comes to those who monitor it, the slow ones too', async () => {
    const [writer, quick, slow] = [await opened('BIG'), await opened('BIG'), await opened('BIG')];
    const request = (sid: number) =>
      Buffer.from(
        message(1, `${'00'.repeat(12)}00010000`, { type: DBR_TIME_DOUBLE, p1: sid, p2: 5 }),
        'hex',
      );
    const whole = EXTENDED + 16 + BYTES;
    for (const { socket, sid } of [quick, slow]) {
      socket.write(request(sid));
      await bulk(socket, whole);
    }
    const body = pattern(7);
    expect(await put(writer, body)).toBe(ECA_NORMAL);
    const update = await bulk(quick.socket, whole, othersAreServed);
    expect(update.subarray(EXTENDED + 16).equals(body)).toBe(true);
    const late = await bulk(slow.socket, whole, othersAreServed);
    expect(late.subarray(EXTENDED + 16).equals(body)).toBe(true);
  });

  it('is refused beyond what EPICS_CA_MAX_ARRAY_BYTES allows', async () => {
    const { socket, sid } = await opened('BIGGER');
    const all = ELEMENTS + 100;
    socket.write(extended(15, DBR_DOUBLE, 0, all, sid, 8));
    const refusal = await bulk(socket, 16);
    expect([refusal.readUInt16BE(0), refusal.readUInt32BE(12)]).toEqual([CA_ERROR, ECA_TOLARGE]);
    await othersAreServed();
  });

  // Elsewhere nobody tells the most that a process has taken.
  it.runIf(process.platform === 'linux')(
    'takes no more memory for being put again and again',
    async () => {
      const client = await opened('BIG');
      const body = pattern(3);
      const putOften = async (times: number) => {
        for (let i = 0; i < times; i++) expect(await put(client, body)).toBe(ECA_NORMAL);
      };
      // Two clients above do not read their updates: what they were sent waits, and waits for once.
      await putOften(4);
      const before = mostMemory();
      expect(before).toBeLessThan(1200);
      await putOften(4);
      expect(mostMemory() - before).toBeLessThan(BYTES / 1e6);
    },
  );
});
