/** A counter of errors: grows by fits, and is reset by operators. Times are milliseconds. */
export class ErrorCounter {
  #last: number | undefined;
  #lastAt = 0;
  #grewAt = Number.NEGATIVE_INFINITY;
  #toldAt = Number.NEGATIVE_INFINITY;
  #untold = 0;
  #perSecond = 0;

  /** The counter now. What it counted before we saw it first is not news. */
  read(total: number, now: number): void {
    const before = this.#last;
    this.#last = total;
    const passed = now - this.#lastAt;
    this.#lastAt = now;
    if (before === undefined || total === before) return;
    // One that is lower was reset in between.
    const grown = total > before ? total - before : total;
    if (grown === 0) return;
    this.#grewAt = now;
    this.#untold += grown;
    this.#perSecond = (1000 * grown) / Math.max(passed, 1000);
  }

  /** When it grew last. */
  get grewAt(): number {
    return this.#grewAt;
  }

  /** Growth per second when it grew last. */
  get perSecond(): number {
    return this.#perSecond;
  }

  /** What has grown since the last time this was asked, at most once per interval; else undefined. */
  takeNews(now: number, interval: number): { grown: number; total: number } | undefined {
    if (this.#untold === 0 || now - this.#toldAt < interval) return undefined;
    const grown = this.#untold;
    this.#untold = 0;
    this.#toldAt = now;
    return { grown, total: this.#last ?? 0 };
  }
}
