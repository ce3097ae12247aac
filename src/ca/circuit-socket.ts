import type { Socket } from 'node:net';
import { Circuit, type CircuitWorld } from './circuit.ts';

/** Joins a circuit to its TCP socket. */
export class CircuitSocket {
  readonly circuit: Circuit;
  readonly #world: CircuitWorld;
  readonly #socket: Socket;
  #flushing = false;
  /** When the client last took something, or had nothing to take; monotonic ms. */
  #tookAt: number;
  #written = 0;

  constructor(socket: Socket, world: CircuitWorld, closed: (circuit: CircuitSocket) => void) {
    this.#socket = socket;
    this.#world = world;
    this.#tookAt = world.clock.monotonic();
    this.circuit = new Circuit(world, socket.remoteAddress ?? '', () => this.flush());
    socket.on('data', (chunk: Uint8Array) => this.circuit.receive(chunk));
    socket.on('drain', () => this.flush());
    // A reset is the client's way to leave; 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.circuit.dispose();
      closed(this);
    });
    this.flush();
  }

  /** Writes what is waiting, lets the circuit go on, until it has nothing more or no room. */
  flush(): void {
    if (this.#flushing || this.#socket.destroyed) return;
    this.#flushing = true;
    do {
      this.#write();
      this.circuit.resume();
    } while (this.circuit.output.length > 0 && !this.circuit.congested && this.#socket.writable);
    this.#flushing = false;
    if (this.circuit.ended) this.#socket.destroySoon();
    else if (this.circuit.stalled) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** Drops the client if it took nothing for `drainSeconds` although output waits. */
  inspect(now: number): void {
    const { bytesWritten, writableLength } = this.#socket;
    const taken = bytesWritten - writableLength;
    if (writableLength === 0 || taken !== this.#written) {
      this.#tookAt = now;
      this.#written = taken;
      if (writableLength === 0) this.circuit.output.shrink();
    } else if (now - this.#tookAt > this.#world.limits.drainSeconds * 1000) {
      this.circuit.end('slow');
      this.#socket.destroy();
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #write(): void {
    const { circuit } = this;
    const { output } = circuit;
    if (output.length > 0) {
      this.#world.tally.bytesOut += output.length;
      this.#socket.write(output.pending());
      // Once the kernel has it all, nobody holds on to the buffer.
      output.reset(this.#socket.writableLength === 0);
    }
    circuit.congested = this.#socket.writableLength >= this.#world.limits.outputBytes;
  }
}
