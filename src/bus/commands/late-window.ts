/** What a broker kept for us comes without pauses this long, and within this time; milliseconds. */
const LONGEST_PAUSE = 1000;
const LONGEST_REPLAY = 10_000;

/**
 * Tells which messages may have waited in the broker while we were away: those right after a
 * connection, and those right after such ones. Nothing marks them in MQTT 3.1.1.
 */
export class LateWindow {
  #last = Number.NEGATIVE_INFINITY;

  /** `sinceConnected`: of the message; `now`: of a clock that does not step; milliseconds. */
  isLate(sinceConnected: number, now: number): boolean {
    const follows = sinceConnected < LONGEST_REPLAY && now - this.#last < LONGEST_PAUSE;
    const isLate = sinceConnected < LONGEST_PAUSE || follows;
    if (isLate) this.#last = now;
    return isLate;
  }
}
