import type { Clock } from '../../kernel/index.ts';
import type { Machine } from './machine.ts';

/** Processor loads since they were last looked at, percent. */
export class Loads {
  readonly #machine: Machine;
  readonly #clock: Clock;
  #at: number;
  #process: number;
  #system: { readonly total: number; readonly idle: number };

  constructor(machine: Machine, clock: Clock) {
    this.#machine = machine;
    this.#clock = clock;
    this.#at = clock.monotonic();
    this.#process = machine.processTime();
    this.#system = machine.systemTime();
  }

  /**
   * Of this IOC in percent of one processor, since it computes on one; of the computer in percent of
   * all its processors.
   */
  take(): { readonly ioc: number; readonly system: number } {
    const now = this.#clock.monotonic();
    const used = this.#machine.processTime();
    const system = this.#machine.systemTime();
    const elapsed = (now - this.#at) / 1000;
    const ioc = elapsed > 0 ? (100 * (used - this.#process)) / elapsed : 0;
    const total = system.total - this.#system.total;
    const busy = total - (system.idle - this.#system.idle);
    this.#at = now;
    this.#process = used;
    this.#system = system;
    return { ioc, system: total > 0 ? (100 * busy) / total : 0 };
  }
}
