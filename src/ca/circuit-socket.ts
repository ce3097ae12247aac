import type { Socket } from 'node:net';
import { Circuit, type CircuitWorld } from './circuit.ts';
import type { ChannelReport, ClientReport } from './report.ts';

/** Joins a circuit to its TCP socket. */
export class CircuitSocket {
  readonly circuit: Circuit;
  readonly #world: CircuitWorld;
  readonly #socket: Socket;
  readonly #peer: string;
  readonly #acceptedAt: number;
  #flushing = false;
  /** When the client last took something, or had nothing to take; monotonic ms. */
  #tookAt: number;
  #written = 0;
  /** When something came last, as `inspect` saw it; monotonic ms. */
  #heardAt: number;
  #heard = 0;

  constructor(socket: Socket, world: CircuitWorld, closed: (circuit: CircuitSocket) => void) {
    this.#socket = socket;
    this.#world = world;
    this.#peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    this.#acceptedAt = world.clock.monotonic();
    this.#tookAt = this.#acceptedAt;
    this.#heardAt = this.#acceptedAt;
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

  /** Drops the client if it takes nothing although output waits, or if nobody is there. */
  inspect(now: number): void {
    const { bytesWritten, writableLength } = this.#socket;
    const { limits } = this.#world;
    if (this.circuit.bytesIn !== this.#heard) {
      this.#heard = this.circuit.bytesIn;
      this.#heardAt = now;
    }
    const taken = bytesWritten - writableLength;
    if (writableLength === 0 || taken !== this.#written) {
      this.#tookAt = now;
      this.#written = taken;
      if (writableLength === 0) this.circuit.output.shrink();
      if (this.#isIdle(now)) this.#drop('idle');
    } else if (now - this.#tookAt > limits.drainSeconds * 1000) {
      const text = `CA client dropped: it took nothing for ${limits.drainSeconds} s`;
      this.#world.log.warn({ ...this.#who(), waiting: writableLength }, text);
      this.#drop('slow');
    }
  }

  /** Closes the connection once the client has what was written; it may take it or not. */
  close(): void {
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  report(now: number): ClientReport {
    const { circuit } = this;
    const { minor, priority, monitors, updates, squashed, bytesIn, eventsOff } = circuit;
    return {
      ...this.#who(),
      ...{ version: minor === 0 ? '' : `4.${minor}`, priority },
      seconds: (now - this.#acceptedAt) / 1000,
      silentSeconds: (now - this.#heardAt) / 1000,
      ...{ channels: circuit.channels.size, monitors: monitors.count },
      ...{ queued: monitors.owed.count, squashed, updates },
      ...{ bytesIn, bytesOut: this.#socket.bytesWritten },
      waitingOut: this.#socket.writableLength + circuit.output.length,
      waitingIn: circuit.waitingBytes,
      eventsOff,
    };
  }

  channels(): ChannelReport[] {
    return [...this.circuit.channels.values()].map((channel) => {
      const { record, field, type, maxCount } = channel.field;
      const monitors = channel.hasSubscriptions ? channel.subscriptions.size : 0;
      const rights = { read: (channel.rights & 1) !== 0, write: (channel.rights & 2) !== 0 };
      return { name: `${record}.${field}`, type, count: maxCount, ...rights, monitors };
    });
  }

  #who(): { peer: string; user: string; host: string } {
    const { user, claimedHost } = this.circuit.access.identity;
    return { peer: this.#peer, user, host: claimedHost };
  }

  /** A connection that never became a circuit, or a circuit that nobody uses. */
  #isIdle(now: number): boolean {
    const { circuit } = this;
    const { helloSeconds, idleSeconds } = this.#world.limits;
    if (circuit.minor === 0) return now - this.#acceptedAt > helloSeconds * 1000;
    return circuit.channels.size === 0 && now - this.#heardAt > idleSeconds * 1000;
  }

  #drop(reason: 'slow' | 'idle'): void {
    this.circuit.end(reason);
    this.#socket.destroy();
  }

  #write(): void {
    const { circuit } = this;
    const { output } = circuit;
    if (output.length > 0) {
      this.#world.tally.bytesOut += output.length;
      const { bytes, isLarge } = output;
      const { pool } = this.#world;
      this.#socket.write(output.pending(), isLarge ? () => pool.release(bytes) : undefined);
      // Once the kernel has it all, nobody holds on to the buffer.
      output.reset(!isLarge && this.#socket.writableLength === 0);
    }
    circuit.congested = this.#socket.writableLength >= this.#world.limits.outputBytes;
  }
}
