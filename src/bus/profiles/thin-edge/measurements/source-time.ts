import { isoTime } from '../../../../kernel/index.ts';

/** RFC 3339 of EPICS times; those of one second come one after another, so its text is kept. */
export class SourceTime {
  #second = -1;
  #text = '';

  // hot path
  /** `2026-11-21T03:43:56.123Z`; nine digits where the time has more than milliseconds. */
  text(seconds: number, nanoseconds: number): string {
    if (seconds !== this.#second) {
      this.#second = seconds;
      this.#text = isoTime(seconds, 0).slice(0, 20);
    }
    const ms = Math.floor(nanoseconds / 1e6);
    if (ms * 1e6 === nanoseconds) return `${this.#text}${padded(ms, 3)}Z`;
    return `${this.#text}${padded(nanoseconds, 9)}Z`;
  }
}

// hot path
function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
