import type { Socket } from 'node:net';
import type { CircuitWorld } from './circuit.ts';
import { CircuitSocket } from './circuit-socket.ts';

/** All circuits of a server, and the caps on them. */
export class Circuits {
  readonly #world: CircuitWorld;
  readonly #all = new Set<CircuitSocket>();
  readonly #perAddress = new Map<string, number>();
  #closed = false;

  constructor(world: CircuitWorld) {
    this.#world = world;
  }

  /** Takes a new connection, or closes it at once when there are too many. */
  accept(socket: Socket): void {
    const { tally, limits } = this.#world;
    const address = socket.remoteAddress ?? '';
    const ofAddress = this.#perAddress.get(address) ?? 0;
    const full = this.#all.size >= limits.circuits || ofAddress >= limits.circuitsPerAddress;
    if (this.#closed || full) {
      tally.refusedCircuits++;
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    tally.accepted++;
    this.#count(address, 1);
    const circuit = new CircuitSocket(socket, this.#world, (closed) => {
      this.#all.delete(closed);
      this.#count(address, -1);
      tally.circuits = this.#all.size;
    });
    this.#all.add(circuit);
    tally.circuits = this.#all.size;
  }

  /** Drops the clients that have taken nothing for too long. */
  inspect(): void {
    const now = this.#world.clock.monotonic();
    for (const circuit of this.#all) circuit.inspect(now);
  }

  /** Ends all circuits, and those still to come. */
  destroy(): void {
    this.#closed = true;
    for (const circuit of this.#all) circuit.destroy();
  }

  #count(address: string, change: number): void {
    const count = (this.#perAddress.get(address) ?? 0) + change;
    if (count > 0) this.#perAddress.set(address, count);
    else this.#perAddress.delete(address);
  }
}
