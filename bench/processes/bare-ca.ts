import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { offer } from '../support/offer.ts';
import { arrayPv, pvName } from '../support/pv-name.ts';

// The least that libca takes for a server: doubles, one circuit at a time, no record behind them, no
// checks, no errors. What a real server costs more than this is what it does for its users.

const HEADER = 16;
const TIME_DOUBLE = 20;

let values: Float64Array = new Float64Array(0);
let array: Uint8Array = new Uint8Array(0);
/** Subscription id by channel; 0 where nobody monitors. */
let subscriptions: Uint32Array = new Uint32Array(0);
let indexOf: Map<string, number> = new Map();
let circuit: Socket | undefined;
let out = Buffer.alloc(1 << 20);
let length = 0;
let kept: Buffer = Buffer.alloc(0);

const operations = {
  async start({ count, elements }: { readonly count: number; readonly elements: number }) {
    values = new Float64Array(count);
    subscriptions = new Uint32Array(count);
    array = new Uint8Array(elements * 8);
    indexOf = new Map(Array.from({ length: count }, (_, i) => [pvName(i), i]));
    indexOf.set(arrayPv, count);
    const port = await listenTcp();
    return { port, udpPort: await listenUdp(port), pid: process.pid };
  },

  /** All values change every `period` milliseconds. */
  async tick({ period, batches }: { readonly period: number; readonly batches: number }) {
    const began = performance.now();
    for (let batch = 1; batch <= batches; batch++) {
      const wait = Math.max(0, began + batch * period - performance.now());
      await new Promise((resolve) => setTimeout(resolve, wait));
      for (let i = 0; i < values.length; i++) store(i, i + batch);
      flush();
    }
  },
};

export type BareCaProcess = typeof operations;
offer(operations);

function listenTcp(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    circuit = socket;
    length = 0;
    kept = Buffer.alloc(0);
    subscriptions.fill(0);
    message(0, 0, 0, 13, 0, 0);
    flush();
    socket.on('data', receive);
    socket.on('error', () => {});
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

function listenUdp(tcpPort: number): Promise<number> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  socket.on('message', (datagram, { port, address }) => {
    const reply = Buffer.alloc(HEADER + datagram.length);
    datagram.copy(reply, 0, 0, HEADER);
    let end = HEADER;
    for (let at = HEADER; at + HEADER <= datagram.length; at += HEADER + size(datagram, at)) {
      if (datagram.readUInt16BE(at) !== 6 || !indexOf.has(nameIn(datagram, at))) continue;
      reply.writeUInt32BE(0x0006_0008, end);
      reply.writeUInt32BE(tcpPort * 0x10000, end + 4);
      reply.writeUInt32BE(0xffff_ffff, end + 8);
      reply.writeUInt32BE(datagram.readUInt32BE(at + 12), end + 12);
      reply.writeUInt16BE(13, end + HEADER);
      end += HEADER + 8;
    }
    if (end > HEADER) socket.send(reply, 0, end, port, address);
  });
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () => resolve(socket.address().port));
  });
}

function receive(chunk: Buffer): void {
  const bytes = kept.length > 0 ? Buffer.concat([kept, chunk]) : chunk;
  let at = 0;
  while (bytes.length - at >= HEADER) {
    const isLong = bytes.readUInt16BE(at + 2) === 0xffff;
    if (isLong && bytes.length - at < HEADER + 8) break;
    const payload = at + HEADER + (isLong ? 8 : 0);
    const end = payload + (isLong ? bytes.readUInt32BE(at + HEADER) : size(bytes, at));
    if (end > bytes.length) break;
    answer(bytes, at, payload, end);
    at = end;
  }
  kept = bytes.subarray(at);
  flush();
}

function answer(bytes: Buffer, at: number, payload: number, end: number): void {
  const [p1, p2] = [bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)];
  switch (bytes.readUInt16BE(at)) {
    case 18: {
      const index = indexOf.get(nameIn(bytes, at)) ?? 0;
      const isArray = index === values.length;
      message(22, 0, 0, 0, p1, 3);
      if (isArray) longMessage(18, 0, 6, array.length / 8, p1, index);
      else message(18, 0, 6, 1, p1, index);
      return;
    }
    case 15:
      if (p1 === values.length) arrayMessage(15, p2);
      else timeDouble(15, p1, p2);
      return;
    case 4:
    case 19:
      if (p1 === values.length) {
        array.set(bytes.subarray(payload, end));
        if (arraySubscription !== 0) arrayMessage(1, arraySubscription);
      } else store(p1, bytes.readDoubleBE(payload));
      if (bytes.readUInt16BE(at) === 19) message(19, 0, 6, 1, 1, p2);
      return;
    case 1:
      if (p1 === values.length) {
        arraySubscription = p2;
        arrayMessage(1, p2);
        return;
      }
      subscriptions[p1] = p2;
      timeDouble(1, p1, p2);
      return;
    case 12:
      message(12, 0, 0, 0, p1, p2);
      return;
    case 23:
      message(23, 0, 0, 0, 0, 0);
  }
}

let arraySubscription = 0;

function store(index: number, value: number): void {
  values[index] = value;
  const id = subscriptions[index] ?? 0;
  if (id !== 0) timeDouble(1, index, id);
}

function timeDouble(command: number, index: number, p2: number): void {
  const at = message(command, 24, TIME_DOUBLE, 1, 1, p2);
  out.fill(0, at, at + 16);
  out.writeDoubleBE(values[index] ?? 0, at + 16);
}

function arrayMessage(command: number, p2: number): void {
  const at = longMessage(command, array.length, 6, array.length / 8, 1, p2);
  out.set(array, at);
}

function message(
  command: number,
  bytes: number,
  type: number,
  count: number,
  p1: number,
  p2: number,
): number {
  const at = claim(HEADER + bytes);
  out.writeUInt32BE(command * 0x10000 + bytes, at);
  out.writeUInt32BE(type * 0x10000 + count, at + 4);
  out.writeUInt32BE(p1, at + 8);
  out.writeUInt32BE(p2, at + 12);
  return at + HEADER;
}

function longMessage(
  command: number,
  bytes: number,
  type: number,
  count: number,
  p1: number,
  p2: number,
): number {
  const at = claim(HEADER + 8 + bytes);
  out.writeUInt32BE(command * 0x10000 + 0xffff, at);
  out.writeUInt32BE(type * 0x10000, at + 4);
  out.writeUInt32BE(p1, at + 8);
  out.writeUInt32BE(p2, at + 12);
  out.writeUInt32BE(bytes, at + 16);
  out.writeUInt32BE(count, at + 20);
  return at + HEADER + 8;
}

function claim(bytes: number): number {
  const at = length;
  length += bytes;
  if (length > out.length) out = Buffer.concat([out], Math.max(length, out.length * 2));
  return at;
}

function flush(): void {
  if (length === 0) return;
  circuit?.write(Buffer.from(out.subarray(0, length)));
  length = 0;
}

function size(bytes: Buffer, at: number): number {
  return bytes.readUInt16BE(at + 2);
}

function nameIn(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at + HEADER);
  return bytes.toString('latin1', at + HEADER, end);
}
