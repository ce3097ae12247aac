import { connect, type Socket } from 'node:net';
import {
  type AdsResult,
  type AmsAddress,
  type AmsHeader,
  addNotification,
  amsNetId,
  amsPort,
  amsTcpRule,
  type Command,
  CommandId,
  decodePacket,
  deviceNotification,
  encodePacket,
  type NotificationRequest,
  REQUEST_FLAGS,
  TransmissionMode,
  toTcp,
} from '../../../src/ads/index.ts';
import { encoded, Framer, Reader } from '../../../src/kernel/index.ts';

export type Packet = { readonly header: AmsHeader; readonly payload: Uint8Array };

/** A sample with the time of its stamp, in the order of the wire. */
export type Sample = {
  readonly frame: number;
  readonly time: bigint;
  readonly handle: number;
  readonly hex: string;
};

/** An ADS client with no opinion: sends what it is told and keeps what it gets. */
export class Peer implements AsyncDisposable {
  readonly source: AmsAddress;
  readonly samples: Sample[] = [];
  readonly frames: Packet[] = [];
  readonly #socket: Socket;
  readonly #pending = new Map<number, (packet: Packet) => void>();
  #invokeId = 0;
  #closed = false;
  #failure: string | undefined;

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.source = { netId: amsNetId('192.168.1.10.1.1'), port: amsPort(port) };
    const framer = new Framer(amsTcpRule);
    socket.on('data', (chunk) => framer.push(chunk, (frame) => this.#receive(frame.slice(6))));
    socket.on('close', () => {
      this.#closed = true;
    });
    socket.on('error', (error) => {
      this.#failure = 'code' in error ? String(error.code) : error.message;
    });
  }

  static async connect(tcpPort: number, amsPortNumber = 8000): Promise<Peer> {
    const socket = connect(tcpPort, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Peer(socket, amsPortNumber);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Code of what the socket failed with. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Sends bytes as they are. */
  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The answering packet of a request, which leaves in pieces of so many bytes. */
  exchange(
    target: AmsAddress,
    command: number,
    payload: Uint8Array,
    piece = Number.MAX_SAFE_INTEGER,
  ): Promise<Packet> {
    const invokeId = ++this.#invokeId;
    const head = { target, source: this.source, command, stateFlags: REQUEST_FLAGS, invokeId };
    const frame = toTcp(encodePacket(head, payload));
    for (let from = 0; from < frame.length; from += piece) {
      this.send(frame.subarray(from, from + piece));
    }
    return new Promise((resolve) => this.#pending.set(invokeId, resolve));
  }

  /** The decoded answer of a command, whatever its result. */
  async ask<Req, Res extends AdsResult>(
    target: AmsAddress,
    command: Command<Req, Res>,
    request: Req,
  ): Promise<Res> {
    const { payload } = await this.exchange(target, command.id, encoded(command.request, request));
    return command.response.decode(new Reader(payload));
  }

  /** The handle of a new notification; server cycle at every cycle unless told otherwise. */
  async notify(
    target: AmsAddress,
    request: Partial<NotificationRequest> & Pick<NotificationRequest, 'group' | 'offset'>,
  ): Promise<number> {
    const { result, handle } = await this.ask(target, addNotification, {
      length: 1,
      mode: TransmissionMode.serverCycle,
      maxDelay: 0,
      cycleTime: 0,
      ...request,
    });
    if (result !== 0) throw new Error(`0x${result.toString(16)}`);
    return handle;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    const closed = new Promise((resolve) => this.#socket.once('close', resolve));
    this.#socket.destroy();
    await closed;
  }

  #receive(bytes: Uint8Array): void {
    const packet = decodePacket(bytes);
    const { command, invokeId } = packet.header;
    if (command !== CommandId.deviceNotification) {
      this.#pending.get(invokeId)?.(packet);
      this.#pending.delete(invokeId);
      return;
    }
    this.frames.push(packet);
    for (const { time, samples } of deviceNotification.decode(new Reader(packet.payload))) {
      for (const { handle, bytes: data } of samples) {
        const stamp = (BigInt(time.high) << 32n) | BigInt(time.low);
        this.samples.push({ frame: this.frames.length, time: stamp, handle, hex: hex(data) });
      }
    }
  }
}

export function at(netId: string, port: number): AmsAddress {
  return { netId: amsNetId(netId), port: amsPort(port) };
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1 ');
}

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/[\da-f]{2}/gi) ?? [], (digits) => Number.parseInt(digits, 16));
}
