import { connect, type Socket } from 'node:net';
import { expect, vi } from 'vitest';
import { bytesOf } from './ca-circuit.ts';

/** A raw TCP client that keeps all it received. */
export class RawClient implements AsyncDisposable {
  readonly socket: Socket;
  readonly ended: Promise<void>;
  #chunks: Buffer[] = [];

  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(client));
      const client = new RawClient(socket);
      socket.once('error', reject);
    });
  }

  constructor(socket: Socket) {
    this.socket = socket;
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk) => this.#chunks.push(chunk));
    socket.on('error', () => {});
  }

  get bytes(): Buffer {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  send(hex: string): void {
    this.socket.write(bytesOf(hex));
  }

  async received(count: number): Promise<Buffer> {
    await vi.waitFor(() => expect(this.bytes.length).toBeGreaterThanOrEqual(count));
    return this.bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.ended;
  }
}
