import { createServer, type Socket } from 'node:net';
import {
  AMS_TCP_HEADER,
  type AmsAddress,
  addNotification,
  amsTcpRule,
  CommandId,
  decodePacket,
  deviceNotification,
  encodePacket,
  REQUEST_FLAGS,
  RESPONSE_FLAGS,
  toTcp,
} from '../../src/ads/index.ts';
import { encoded, Framer, filetimeOf } from '../../src/kernel/index.ts';
import { offer } from '../support/offer.ts';

// A system that grants every notification, then sends prebuilt frames as fast as they are taken.

export type Flood = {
  /** Notifications that were asked for; a pass has one sample of each. */
  readonly values: number;
  /** Bytes of a sample, and samples of a frame. */
  readonly size: number;
  readonly perFrame: number;
  readonly passes: number;
  /** Every value differs from the one before, or none does. */
  readonly changing: boolean;
  /** Milliseconds from pass to pass; 0 for as fast as they are taken. */
  readonly period: number;
};

/** Different passes in memory. */
const BUILT = 4;

let subscriber: { readonly socket: Socket; head: Head } | undefined;
let lastHandle = 0;

type Head = { readonly target: AmsAddress; readonly source: AmsAddress };

const operations = {
  listen(): Promise<number> {
    const server = createServer({ noDelay: true }, grant);
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  },

  /** Resolves when the last byte was handed to the socket. */
  async flood(flood: Flood): Promise<void> {
    if (!subscriber) throw new Error('nobody asked for notifications');
    const { socket, head } = subscriber;
    const built = Array.from({ length: flood.changing ? BUILT : 1 }, (_, pass) =>
      passOf(flood, pass, head),
    );
    const began = performance.now();
    for (let pass = 0; pass < flood.passes; pass++) {
      if (flood.period > 0) await until(began + pass * flood.period);
      const bytes = built[pass % built.length];
      if (bytes && !socket.write(bytes)) await drained(socket);
    }
  },
};

export type AdsFloodProcess = typeof operations;
offer(operations);

function grant(socket: Socket): void {
  const framer = new Framer(amsTcpRule);
  lastHandle = 0;
  socket.on('error', () => {});
  socket.on('data', (chunk) =>
    framer.push(chunk, (frame) => answer(socket, frame.subarray(AMS_TCP_HEADER))),
  );
}

function answer(socket: Socket, packet: Uint8Array): void {
  const { header } = decodePacket(packet);
  const { target, source, command, invokeId } = header;
  const head = { target: source, source: target };
  if (command === CommandId.addNotification) {
    subscriber = { socket, head };
    lastHandle++;
  }
  // Result 0 and a handle: what every other command makes of it is its own affair.
  const payload = encoded(addNotification.response, { result: 0, handle: lastHandle });
  const granted = { ...head, command, stateFlags: RESPONSE_FLAGS, invokeId };
  socket.write(toTcp(encodePacket(granted, payload)));
}

/** One sample of every handle, as a run of AMS/TCP frames. */
function passOf({ values, size, perFrame }: Flood, pass: number, head: Head): Uint8Array {
  const frames: Uint8Array[] = [];
  const time = filetimeOf(Date.now() + pass * 10);
  for (let first = 0; first < values; first += perFrame) {
    const count = Math.min(perFrame, values - first);
    const samples = Array.from({ length: count }, (_, i) => ({
      handle: first + i + 1,
      bytes: sampleOf(first + i, pass, size),
    }));
    const payload = encoded(deviceNotification, [{ time, samples }]);
    const command = CommandId.deviceNotification;
    const packet = { ...head, command, stateFlags: REQUEST_FLAGS, invokeId: 0 };
    frames.push(toTcp(encodePacket(packet, payload)));
  }
  return Buffer.concat(frames);
}

/** A positive number of 15 bits that differs from pass to pass. */
function sampleOf(value: number, pass: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint16(0, (value + pass * 8191) % 32768, true);
  return bytes;
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('drain', () => resolve()));
}

function until(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
}
