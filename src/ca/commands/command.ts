import type { Channel } from '../channel.ts';
import type { Circuit } from '../circuit.ts';
import type { Request } from '../header.ts';

/** How a circuit answers one kind of request. */
export interface Command {
  readonly id: number;
  readonly name: string;
  /**
   * Appends the answer to the circuit's output. A channel in return means that the request must
   * be tried again when the put under way on that channel has ended.
   */
  answer(circuit: Circuit, request: Request): Channel | undefined;
}
