import { createServer, type Socket } from 'node:net';
import {
  AMS_HEADER,
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
  read,
  toTcp,
} from '../../src/ads/index.ts';
import { encoded, Framer, filetimeOf } from '../../src/kernel/index.ts';
import { offer } from '../support/offer.ts';

// A system that grants every notification, then sends prebuilt frames as fast as they are taken. It
// answers reads with four bytes.

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
/** Where a frame has its FILETIME. */
const STAMP_AT = AMS_TCP_HEADER + AMS_HEADER + 8;
/** From pass to pass of a backlog, in milliseconds. */
const STEP_MS = 0.1;

let subscriber: { readonly socket: Socket; head: Head } | undefined;
let lastHandle = 0;
const fourBytes = new Uint8Array(4);

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
    const built = passesOf(flood, head);
    const began = performance.now();
    for (let pass = 0; pass < flood.passes; pass++) {
      if (flood.period > 0) await until(began + pass * flood.period);
      const bytes = built[pass % built.length];
      if (!bytes) continue;
      stampAll(flood, bytes, Date.now());
      if (!socket.write(bytes)) await drained(socket);
    }
  },

  /** Sends everything at once, taken or not; returns how many bytes then waited in this process. */
  backlog(flood: Flood): number {
    if (!subscriber) throw new Error('nobody asked for notifications');
    const { socket, head } = subscriber;
    const built = passesOf(flood, head);
    const began = Date.now();
    for (let pass = 0; pass < flood.passes; pass++) {
      const bytes = Buffer.from(built[pass % built.length] ?? []);
      stampAll(flood, bytes, began + pass * STEP_MS);
      socket.write(bytes);
    }
    return socket.writableLength;
  },
};

export type AdsFloodProcess = typeof operations;
offer(operations);

function grant(socket: Socket): void {
  const framer = new Framer(amsTcpRule);
  lastHandle = 0;
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    socket.cork();
    framer.push(chunk, (frame) => answer(socket, frame.subarray(AMS_TCP_HEADER)));
    socket.uncork();
  });
}

function answer(socket: Socket, packet: Uint8Array): void {
  const { header } = decodePacket(packet);
  const { target, source, command, invokeId } = header;
  const head = { target: source, source: target };
  if (command === CommandId.addNotification) {
    subscriber = { socket, head };
    lastHandle++;
  }
  // Result 0 and a handle: what other commands than reads make of it is their own affair.
  const payload =
    command === CommandId.read
      ? encoded(read.response, { result: 0, bytes: fourBytes })
      : encoded(addNotification.response, { result: 0, handle: lastHandle });
  const granted = { ...head, command, stateFlags: RESPONSE_FLAGS, invokeId };
  socket.write(toTcp(encodePacket(granted, payload)));
}

function passesOf(flood: Flood, head: Head): readonly Uint8Array[] {
  const count = flood.changing ? BUILT : 1;
  return Array.from({ length: count }, (_, pass) => passOf(flood, pass, head));
}

/** Gives all frames of a pass one time, so that none goes back. */
function stampAll({ values, size, perFrame }: Flood, pass: Uint8Array, unixMs: number): void {
  const view = new DataView(pass.buffer, pass.byteOffset, pass.byteLength);
  const { low, high } = filetimeOf(unixMs);
  for (let first = 0, at = STAMP_AT; first < values; first += perFrame) {
    view.setUint32(at, low, true);
    view.setUint32(at + 4, high, true);
    at += STAMP_AT + 12 + Math.min(perFrame, values - first) * (8 + size);
  }
}

/** One sample of every handle, as a run of AMS/TCP frames. */
function passOf({ values, size, perFrame }: Flood, pass: number, head: Head): Uint8Array {
  const frames: Uint8Array[] = [];
  const time = filetimeOf(Date.now());
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
