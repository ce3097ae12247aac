import { type Clock, hexExcerpt, type Log, messageOf } from '../kernel/index.ts';

const QUIET_MS = 1000;

/** Logs broken packets of a peer, at most one line per second whatever it sends. */
export class Complaints {
  readonly #peer: string;
  readonly #log: Log;
  readonly #clock: Clock;
  #last = Number.NEGATIVE_INFINITY;

  constructor(peer: string, log: Log, clock: Clock) {
    this.#peer = peer;
    this.#log = log;
    this.#clock = clock;
  }

  /** `count` is how many packets were broken so far. */
  file(packet: Uint8Array, cause: unknown, count: number): void {
    const now = this.#clock.monotonic();
    if (now - this.#last < QUIET_MS) return;
    this.#last = now;
    this.#log.warn(
      { peer: this.#peer, malformed: count, packet: hexExcerpt(packet) },
      `Malformed AMS packet ignored: ${messageOf(cause)}`,
    );
  }
}
