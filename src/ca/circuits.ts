import type { Socket } from 'node:net';
import { sleep } from '../kernel/index.ts';
import type { CircuitWorld } from './circuit.ts';
import { CircuitSocket } from './circuit-socket.ts';
import type { ChannelReport, ClientReport } from './report.ts';

/** How long clients may take for what was written before the server stopped. */
const FAREWELL_MS = 500;

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

  /** Drops the clients that have taken nothing for too long, and those that are none. */
  inspect(): void {
    const now = this.#world.clock.monotonic();
    for (const circuit of this.#all) circuit.inspect(now);
  }

  /** Each client now. */
  report(): ClientReport[] {
    const now = this.#world.clock.monotonic();
    return [...this.#all].map((circuit) => circuit.report(now));
  }

  /** The channels of each client, in the order of `report`. */
  channels(): ChannelReport[][] {
    return [...this.#all].map((circuit) => circuit.channels());
  }

  /**
   * Ends all circuits, and those still to come. What was written before is given a moment to leave;
   * a client that does not take it is cut off.
   */
  async close(): Promise<void> {
    this.#closed = true;
    for (const circuit of this.#all) circuit.close();
    const deadline = this.#world.clock.monotonic() + FAREWELL_MS;
    while (this.#all.size > 0 && this.#world.clock.monotonic() < deadline) await sleep(5);
    for (const circuit of this.#all) circuit.destroy();
  }

  #count(address: string, change: number): void {
    const count = (this.#perAddress.get(address) ?? 0) + change;
    if (count > 0) this.#perAddress.set(address, count);
    else this.#perAddress.delete(address);
  }
}
