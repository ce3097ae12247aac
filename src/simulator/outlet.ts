import type { Socket } from 'node:net';
import type { Counters } from './counters.ts';

/** Notification bytes that wait for a client which reads too slowly. */
const MAX_WAITING = 4 * 1024 * 1024;

/**
 * What goes out on a socket. While the client does not read, no more requests are taken from it
 * and batches of notifications wait, the oldest making room for new ones.
 */
export class Outlet {
  readonly #socket: Socket;
  readonly #counters: Counters;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #full = false;
  #frozen = false;

  constructor(socket: Socket, counters: Counters) {
    this.#socket = socket;
    this.#counters = counters;
    socket.on('drain', () => this.#drained());
  }

  /** Reads and sends nothing any more, while the connection stays. */
  freeze(): void {
    this.#frozen = true;
    this.#waiting.length = 0;
    this.#socket.pause();
  }

  /** Answers of one received chunk. */
  answer(frames: readonly Uint8Array[]): void {
    if (frames.length === 0 || this.#frozen) return;
    this.#socket.cork();
    for (const frame of frames) this.#write(frame);
    this.#socket.uncork();
    if (this.#full) this.#socket.pause();
  }

  /** One batch of notification frames. */
  notify(batch: Uint8Array): void {
    if (this.#frozen) return;
    if (!this.#full) {
      this.#write(batch);
      return;
    }
    this.#waiting.push(batch);
    this.#waitingBytes += batch.length;
    while (this.#waitingBytes > MAX_WAITING && this.#waiting.length > 1) {
      this.#waitingBytes -= this.#waiting.shift()?.length ?? 0;
      this.#counters.droppedBatches++;
    }
  }

  #write(bytes: Uint8Array): void {
    if (this.#socket.destroyed) return;
    if (!this.#socket.write(bytes)) this.#full = true;
  }

  #drained(): void {
    if (this.#frozen) return;
    this.#full = false;
    while (!this.#full) {
      const batch = this.#waiting.shift();
      if (batch === undefined) break;
      this.#waitingBytes -= batch.length;
      this.#write(batch);
    }
    if (!this.#full) this.#socket.resume();
  }
}
