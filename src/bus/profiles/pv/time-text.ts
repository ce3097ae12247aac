import { EPICS_EPOCH_UNIX_SECONDS } from '../../../kernel/index.ts';

/**
 * EPICS times as RFC 3339, in quotes; `null` of a record that never had one. Whole seconds are kept, since most of
 * what leaves together is of one.
 */
export class TimeText {
  #second = -1;
  #text = '';

  // hot path
  of(seconds: number, nanoseconds: number): string {
    if (seconds === 0) return 'null';
    if (seconds !== this.#second) {
      this.#second = seconds;
      const date = new Date((seconds + EPICS_EPOCH_UNIX_SECONDS) * 1000);
      this.#text = `"${date.toISOString().slice(0, 19)}.`;
    }
    return `${this.#text}${fraction(nanoseconds)}Z"`;
  }
}

/** Three digits where they tell all, else nine. */
function fraction(nanoseconds: number): string {
  const milliseconds = nanoseconds / 1e6;
  return Number.isInteger(milliseconds)
    ? String(milliseconds).padStart(3, '0')
    : String(nanoseconds).padStart(9, '0');
}
