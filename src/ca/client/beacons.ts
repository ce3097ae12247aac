import type { Clock } from '../../kernel/index.ts';
import { type Endpoint, endpointText } from './endpoint.ts';

/** Servers whose beacons are remembered. */
const MOST_SERVERS = 4096;
/** Servers that just started beat faster than this, ms. */
const YOUNG_PERIOD_MS = 5000;

interface Heard {
  counter: number;
  at: number;
  /** Usual time between two beacons, ms; 0 until it is known. */
  period: number;
}

/**
 * The beacons of servers, and when they tell of a change on the network: a server that is new, or
 * one that beats faster than usual because it was started again (facts/ca.md section 9).
 */
export class Beacons {
  readonly #clock: Clock;
  readonly #heard = new Map<string, Heard>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a beacon; true if searches may be answered now that were not before. */
  take(server: Endpoint, counter: number): boolean {
    const key = endpointText(server);
    const now = this.#clock.monotonic();
    const known = this.#heard.get(key);
    this.#heard.delete(key);
    if (known === undefined) {
      this.#remember(key, { counter, at: now, period: 0 });
      return false;
    }
    this.#heard.set(key, known);
    const advance = (counter - known.counter) >>> 0;
    known.counter = counter;
    // Repeated, overtaken by another or lost one: the network's doing, not the server's.
    if (advance === 0 || advance === 2 || advance === 3 || advance > 0xffff_ff00) return false;
    const period = now - known.at;
    const usual = known.period;
    known.at = now;
    known.period = usual === 0 ? period : average(usual, period);
    if (usual === 0) return period < YOUNG_PERIOD_MS;
    return period >= 3.25 * usual || period <= 0.8 * usual;
  }

  #remember(key: string, heard: Heard): void {
    const [oldest] = this.#heard.keys();
    if (this.#heard.size >= MOST_SERVERS && oldest !== undefined) this.#heard.delete(oldest);
    this.#heard.set(key, heard);
  }
}

/** A moving average: an odd beacon changes it little. */
function average(usual: number, period: number): number {
  return usual * 0.875 + period * 0.125;
}
