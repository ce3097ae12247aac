import { connect, type Socket } from 'node:net';
// The server's own words for bytes; only the sockets and the counting are this file's.
import { CommandId, Eca } from '../../src/ca/header.ts';
import { Output } from '../../src/ca/output.ts';

/** What arrived on a circuit, by its header. */
export type OnMessage = (command: number, p1: number, p2: number) => void;

const READ_BYTES = 256 * 1024;
const HEADER = 16;
/** Output is handed to the socket in pieces of this size. */
const PIECE = 64 * 1024;

const DBR_DOUBLE = 6;
const DBR_TIME_DOUBLE = 20;
const MASK_VALUE_ALARM = 5;

/**
 * A client that does as little as a client can, so that the server is what is measured: it writes
 * requests in bulk and looks at the headers of what comes.
 */
export class CaCircuit implements Disposable {
  onMessage: OnMessage = () => {};
  readonly #socket: Socket;
  readonly #out = new Output();
  #kept = new Uint8Array(0);

  private constructor(port: number) {
    const buffer = new Uint8Array(READ_BYTES);
    const callback = (count: number) => {
      this.#take(buffer.subarray(0, count));
      return true;
    };
    const where = { host: '127.0.0.1', port, noDelay: true };
    this.#socket = connect({ ...where, onread: { buffer, callback } });
    this.#socket.on('error', () => {});
    this.#socket.resume();
  }

  static open(port: number): Promise<CaCircuit> {
    const circuit = new CaCircuit(port);
    circuit.#out.message(CommandId.version, 0, 0, 13, 0, 0);
    circuit.#text(CommandId.clientName, 'bench', 0, 0);
    circuit.#text(CommandId.hostName, 'localhost', 0, 0);
    return new Promise((resolve, reject) => {
      circuit.#socket.once('connect', () => resolve(circuit));
      circuit.#socket.once('close', () => reject(new Error('the server closed the circuit')));
    });
  }

  create(name: string, cid: number): void {
    this.#text(CommandId.createChan, name, cid, 13);
  }

  get(sid: number, ioid: number): void {
    this.#out.message(CommandId.readNotify, 0, DBR_TIME_DOUBLE, 1, sid, ioid);
  }

  put(sid: number, ioid: number, value: number, notify: boolean): void {
    const command = notify ? CommandId.writeNotify : CommandId.write;
    const at = this.#out.message(command, 8, DBR_DOUBLE, 1, sid, ioid);
    this.#out.view.setFloat64(at, value);
  }

  monitor(sid: number, subscription: number): void {
    const at = this.#out.message(CommandId.eventAdd, 16, DBR_TIME_DOUBLE, 1, sid, subscription);
    this.#out.zero(at, 16);
    this.#out.view.setUint16(at + 12, MASK_VALUE_ALARM);
  }

  /** Sends what was asked for; resolves when there is room for more. */
  async flush(): Promise<void> {
    const bytes = this.#out.pending().slice();
    this.#out.reset(true);
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE);
      if (!this.#socket.write(piece)) await this.#drained();
    }
  }

  /** Takes nothing more of what the server sends. */
  stopReading(): void {
    this.#socket.pause();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => this.#socket.once('drain', () => resolve()));
  }

  #text(command: number, text: string, p1: number, p2: number): void {
    const size = (text.length + 8) & ~7;
    const at = this.#out.message(command, size, 0, 0, p1, p2);
    this.#out.zero(at, size);
    Buffer.from(this.#out.bytes.buffer).write(text, at, 'latin1');
  }

  #take(chunk: Uint8Array): void {
    const bytes = this.#kept.length > 0 ? Buffer.concat([this.#kept, chunk]) : chunk;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (bytes.length - at >= HEADER) {
      const end = at + HEADER + view.getUint16(at + 2);
      if (end > bytes.length) break;
      const command = view.getUint16(at);
      const p1 = view.getUint32(at + 8);
      if (isComplaint(command, p1)) throw new Error(`the server answers ${command} with ${p1}`);
      this.onMessage(command, p1, view.getUint32(at + 12));
      at = end;
    }
    this.#kept = bytes.slice(at);
  }
}

/** A figure of refusals would be a fast one: ERROR, or an answer whose status is not NORMAL. */
function isComplaint(command: number, p1: number): boolean {
  switch (command) {
    case CommandId.error:
      return true;
    case CommandId.eventAdd:
    case CommandId.readNotify:
    case CommandId.writeNotify:
      return p1 !== Eca.normal;
    default:
      return false;
  }
}
